"""YAMNet: which of 521 sounds are heard, a second at a time, every half second.

It sees a second as 96 moments of 64 bands, whose loudness is the sum of what the spectrum has in triangles that are
evenly spaced on the mel scale of HTK. Use one instance per thread.
"""

from __future__ import annotations

import csv
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.assets import asset_text
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.sound import Events
from nodeflow.models.sound.fourier import hann, spectra, windows
from nodeflow.models.sound.resample import mono
from nodeflow.values import Audio

Floats = NDArray[np.float32]

RATE = 16_000
SOUNDS = 521
_WINDOW, _HOP, _TRANSFORM = 400, 160, 512
_HANN = hann(_WINDOW)
_BANDS, _LOWEST, _HIGHEST = 64, 125.0, 7500.0  # Hz
_MOMENTS, _STEP = 96, 48
_QUIET = 0.001  # added, since silence has no logarithm
_AT_ONCE = 64  # seconds


def open_events(parts: Parts) -> YamNet:
    return YamNet(parts.networks["sounds"], read_names(parts.assets["names"]))


class YamNet:
    """An `EventModel`."""

    shortest = (_MOMENTS * _HOP + _WINDOW - _HOP) / RATE

    def __init__(self, network: OnnxModel, names: tuple[str, ...]) -> None:
        self.provider = network.provider
        self.device = network.device
        self.names = names
        self._network = network

    def __call__(self, audio: Audio) -> Events:
        """How likely each sound is in each second. Raises BadModel."""
        seen = patches(mono(audio, RATE))
        parts = [self._network.run({"sight": seen[at : at + _AT_ONCE]})[0] for at in range(0, len(seen), _AT_ONCE)]
        likely = np.asarray(np.concatenate(parts), np.float32)
        if likely.shape[1] != len(self.names):
            raise BadModel(
                f"the network tells {likely.shape[1]} sounds apart and names {len(self.names)}; fetch it again"
            )
        starts = np.arange(len(seen)) * _STEP * _HOP / RATE
        return Events(starts.astype(np.float32), _MOMENTS * _HOP / RATE, likely)

    def close(self) -> None:
        """Let the session go."""
        del self._network


def patches(samples: Floats) -> Floats:
    """What the network sees, N x 96 x 64; silence fills up what is left of the last second."""
    least, step = _MOMENTS * _HOP + _WINDOW - _HOP, _STEP * _HOP
    more = max(0, -(-(len(samples) - least) // step))
    padded = np.zeros(least + more * step, np.float32)
    padded[: len(samples)] = samples
    framed = windows(padded, _HANN, _HOP, _TRANSFORM)
    seen = np.log(np.abs(spectra(framed)) @ bands() + np.float32(_QUIET))
    return np.stack([seen[at * _STEP : at * _STEP + _MOMENTS] for at in range(more + 1)])


@cache
def bands() -> Floats:
    """How much each of 257 frequencies counts in each band, 257 x 64; that of 0 Hz not at all."""
    mel = _mel(np.linspace(0, RATE / 2, _TRANSFORM // 2 + 1))[:, None]
    corners = np.linspace(float(_mel(np.array(_LOWEST))), float(_mel(np.array(_HIGHEST))), _BANDS + 2)
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    weights = np.maximum(0, np.minimum((mel - low) / (middle - low), (high - mel) / (high - middle)))
    weights[0] = 0
    return np.asarray(weights, np.float32)


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log(1 + hertz / 700))


def read_names(path: Path) -> tuple[str, ...]:
    """The sounds' names: the third column of a table with a head. Raises BadModel."""
    table = StringIO(asset_text(path), newline="")
    try:
        names = tuple(row[2] for row in list(csv.reader(table))[1:])
    except (IndexError, csv.Error) as fault:
        raise BadModel(f"{path.name} is no list of sounds ({fault}); fetch it again") from fault
    if len(names) != SOUNDS:
        raise BadModel(f"{path.name} names {len(names)} sounds, not {SOUNDS}; fetch it again")
    return names
