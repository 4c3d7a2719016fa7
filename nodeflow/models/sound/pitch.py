"""CREPE: a network that gives, for 64 ms of sound, how likely each of 360 pitches is, 20 cents apart.

The pitch is the mean of the likeliest and its neighbours, weighted by their likelihood. After Kim et al., "CREPE: A
Convolutional Representation for Pitch Estimation", ICASSP 2018. Use one instance per thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.sound import Curve
from nodeflow.models.sound.resample import mono
from nodeflow.values import Audio

Floats = NDArray[np.float32]

RATE = 16_000
WINDOW, HOP = 1024, 160
PITCHES = 360
_NEAR = 4
_AT_ONCE = 256  # windows
_CENTS = (1997.3794084376191 + 20 * np.arange(PITCHES)).astype(np.float32)
"""Of each pitch, above 10 Hz."""


def open_pitch(parts: Parts) -> Crepe:
    return Crepe(parts.networks["pitch"])


class Crepe:
    """A `PitchModel`."""

    def __init__(self, network: OnnxModel) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network

    def __call__(self, audio: Audio) -> Curve:
        """The pitch every 10 ms. Raises BadModel."""
        samples = mono(audio, RATE)
        if len(samples) < WINDOW:
            return Curve(*(np.zeros(0, np.float32) for _ in range(3)))
        windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
        likely = np.concatenate([self._heard(windows[at : at + _AT_ONCE]) for at in range(0, len(windows), _AT_ONCE)])
        time = ((np.arange(len(windows)) * HOP + WINDOW / 2) / RATE).astype(np.float32)
        return Curve(time, hertz(likely), likely.max(axis=1))

    def _heard(self, windows: Floats) -> Floats:
        level = windows - windows.mean(axis=1, keepdims=True)
        level /= np.maximum(windows.std(axis=1, ddof=1, keepdims=True), np.float32(1e-10))
        (likely,) = self._network.run({"sound": level})
        if likely.shape != (len(windows), PITCHES):
            raise BadModel(
                f"{self._network.path.name} gives {likely.shape[1:]} numbers, not {PITCHES}; correct the card"
            )
        return np.asarray(likely, np.float32)

    def close(self) -> None:
        """Let the session go."""
        del self._network


def hertz(likely: Floats) -> Floats:
    """The pitch of each row of likelihoods, N x 360."""
    best = likely.argmax(axis=1)
    near = np.abs(np.arange(PITCHES) - best[:, None]) <= _NEAR
    weight = np.where(near, likely, 0)
    cents = (weight @ _CENTS) / np.maximum(weight.sum(axis=1), 1e-9)
    return np.asarray(10 * 2 ** (cents / 1200), np.float32)
