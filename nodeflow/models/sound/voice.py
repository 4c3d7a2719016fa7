"""Silero VAD: a recurrent network that hears 32 ms at a time, with 4 ms of what came before.

The network's state is given to it with each window and comes back with the answer, so instances share a session and
nothing else. Use one instance per stream and thread.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.sound.resample import MonoStream
from nodeflow.values import Audio

Floats = NDArray[np.float32]

RATE = 16_000
WINDOW, BEFORE = 512, 64
_STATE = (2, 1, 128)
_RATE: NDArray[np.int64] = np.array(RATE, np.int64)


def open_voice(parts: Parts) -> Silero:
    return Silero(parts.networks["voice"])


class Silero:
    """A `VoiceModel`."""

    window = WINDOW / RATE

    def __init__(self, network: OnnxModel) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self.begin()

    def begin(self) -> None:
        """Forget what was heard."""
        self._stream = MonoStream(RATE)
        self._state = np.zeros(_STATE, np.float32)
        self._heard = np.zeros(BEFORE, np.float32)  # what came before the next window, then what waits for it

    def __call__(self, audio: Audio, last: bool = False) -> Floats:
        """How likely somebody speaks in each window that `audio` completes, 0..1. Raises BadModel."""
        parts = [self._heard, self._stream.push(audio)]
        if last:
            parts.append(self._stream.end())
            left = (sum(map(len, parts)) - BEFORE) % WINDOW
            parts.append(np.zeros(WINDOW - left if left else 0, np.float32))
        heard = np.concatenate(parts)
        count = (len(heard) - BEFORE) // WINDOW
        likely = [self._listen(heard[at * WINDOW : at * WINDOW + BEFORE + WINDOW]) for at in range(count)]
        self._heard = heard[count * WINDOW :]
        return np.array(likely, np.float32)

    def _listen(self, window: Floats) -> float:
        feeds: dict[str, NDArray[Any]] = {"input": window[None], "state": self._state, "sr": _RATE}
        likely, self._state = self._network.run(feeds, ["output", "stateN"])
        if self._state.shape != _STATE:
            raise BadModel(f"{self._network.path.name} is not a network of this kind; correct the card")
        return float(likely.item(0))

    def close(self) -> None:
        """Let the session go."""
        del self._network
