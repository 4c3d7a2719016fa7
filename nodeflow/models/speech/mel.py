"""Sound as Whisper sees it: the logarithm of how loud each of 80 bands is, every 10 ms of half a minute.

The bands are triangles, evenly spaced by Slaney's form of the mel scale ("Auditory Toolbox", 1998), each with the same
area. What is more than 80 dB below the loudest is cut off.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.sound.fourier import hann, spectra, windows

Floats = NDArray[np.float32]

RATE = 16_000
SECONDS = 30
BANDS = 80
_WINDOW, _HOP = 400, 160
_HANN = hann(_WINDOW)
_LINEAR, _STEP, _BEND = 200 / 3, np.log(6.4) / 27, 1000.0  # Hz a mel below the bend, logarithm a mel above, Hz


def log_mel(samples: Floats) -> Floats:
    """80 x 3000, about -1 to 1.5; `samples` at 16 kHz, of which half a minute is heard; less is filled with silence."""
    padded = np.zeros(SECONDS * RATE, np.float32)
    padded[: len(samples)] = samples[: SECONDS * RATE]
    spectrum = spectra(windows(np.pad(padded, _WINDOW // 2, mode="reflect"), _HANN, _HOP)[:-1])
    power = spectrum.real**2 + spectrum.imag**2
    loudness = np.log10(np.maximum(bands() @ power.T, np.float32(1e-10)))
    return np.asarray((np.maximum(loudness, loudness.max() - 8) + 4) / 4, np.float32)


@cache
def bands() -> Floats:
    """How much each of 201 frequencies counts in each band, 80 x 201."""
    hertz = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)
    corners = _hertz(np.linspace(0, _mel(RATE / 2), BANDS + 2))
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    triangles = np.maximum(0, np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)))
    return np.asarray(triangles * 2 / (high - low), np.float32)


def _mel(hertz: float) -> float:
    bend = _BEND / _LINEAR
    return float(hertz / _LINEAR if hertz < _BEND else bend + np.log(hertz / _BEND) / _STEP)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    bend = _BEND / _LINEAR
    return np.where(mel < bend, mel * _LINEAR, _BEND * np.exp(_STEP * (np.maximum(mel, bend) - bend)))
