"""What belongs to a model beyond its networks, written as plainly as numpy allows: the bare side of a comparison.

hibari's network gives spectra, and only their transform back is a voice: whoever runs the bare network has to make it,
too. The formula is that of `nodeflow.models.speech.synthesis`, which `tests/benchmarks` holds to this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

RATE, WINDOW, HOP = 24_000, 1200, 300
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def voice(made: Sequence[NDArray[np.float32]]) -> Floats:
    """The sound of what the network gives for one text: five spectra, 1 x 601 x frames each, and the pitch."""
    voiced, turn, noise, free, phase, pitch = (each[0] for each in made)
    count = len(pitch)
    source = np.fft.rfft(_pieces(_pulses(pitch), count) * HANN / (WINDOW / 4)).T
    spectrum = np.exp(np.minimum(voiced, 7) + 1j * np.pi * np.tanh(turn)) * source
    spectrum += np.exp(np.minimum(noise, 7)) * white(count)
    spectrum += np.exp(np.minimum(free, 7) + 1j * phase)
    return _overlapped(np.fft.irfft(spectrum.T) * HANN)


@cache
def white(count: int) -> NDArray[np.complex128]:
    """White noise of so many frames. Kept: a plain program would draw it anew for each text."""
    draw = np.random.default_rng(0).standard_normal
    return draw((WINDOW // 2 + 1, count)) + 1j * draw((WINDOW // 2 + 1, count))


def _pulses(pitch: Floats) -> Floats:
    """All harmonics of the voice below 11 kHz, equally loud; 0 where the pitch is 40 Hz or less."""
    middles = np.arange(len(pitch)) * HOP + (HOP - 1) / 2
    hertz = np.interp(np.arange(len(pitch) * HOP), middles, pitch)
    audible = np.maximum(hertz, 40)
    angle = 2 * np.pi * (np.cumsum(audible) / RATE % 1)
    most = np.floor(11_000 / audible) + 0.5
    below = 2 * np.sin(angle / 2)
    near = np.abs(below) <= 2e-3
    return np.where(near, most, np.sin(most * angle) / np.where(near, 1, below)) * (hertz > 40) - 0.5 * (hertz > 40)


def _pieces(signal: Floats, count: int) -> Floats:
    padded = np.pad(signal, WINDOW // 2, mode="reflect")
    return np.stack([padded[at * HOP : at * HOP + WINDOW] for at in range(count)])


def _overlapped(pieces: Floats) -> Floats:
    sound, weight = (np.zeros((len(pieces) - 1) * HOP + WINDOW) for _ in range(2))
    for place, piece in enumerate(pieces):
        sound[place * HOP : place * HOP + WINDOW] += piece
        weight[place * HOP : place * HOP + WINDOW] += HANN**2
    return (sound / np.maximum(weight, 1e-11))[WINDOW // 2 : WINDOW // 2 + len(pieces) * HOP]
