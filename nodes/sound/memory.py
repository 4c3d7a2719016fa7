"""The last seconds of a sound that comes in pieces.

memory.add(audio)
said = memory.between(1.2, 3.4)      # seconds from the first piece
memory.forget(1.0)                   # what came before is let go
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Audio


class Memory:
    """Pieces of one rate, one behind the other. A piece of another form empties it; its time goes on."""

    def __init__(self) -> None:
        self._pieces: list[NDArray[np.float32]] = []
        self._rate, self._first = 1, 0

    @property
    def end(self) -> float:
        """When the last piece ended."""
        held: int = sum(piece.shape[1] for piece in self._pieces)
        return (self._first + held) / self._rate

    def add(self, audio: Audio) -> None:
        if self._pieces and (audio.rate, len(audio.samples)) != (self._rate, len(self._pieces[0])):
            self._first, self._pieces = round(self.end * audio.rate), []
        elif not self._pieces:
            self._first = round(self.end * audio.rate)
        self._rate = audio.rate
        self._pieces.append(audio.samples)

    def between(self, start: float, end: float) -> Audio:
        """What was heard between two times, as far as it is still there."""
        whole = np.concatenate(self._pieces, axis=1) if self._pieces else np.zeros((1, 0), np.float32)
        first, last = (max(0, round(time * self._rate) - self._first) for time in (start, end))
        return Audio(whole[:, first:last].copy(), self._rate)

    def forget(self, before: float) -> None:
        """Let go of pieces that ended before a time."""
        limit = before * self._rate
        while len(self._pieces) > 1 and self._first + self._pieces[0].shape[1] <= limit:
            self._first += self._pieces.pop(0).shape[1]
