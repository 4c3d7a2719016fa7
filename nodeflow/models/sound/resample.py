"""Sound as models want it: one channel, at one rate.

    heard = mono(audio, 16000)               # a sound by itself, float32 N

    stream = MonoStream(16000)               # pieces of a longer one: nothing is cut or doubled where they meet
    for audio in pieces: samples = stream.push(audio)
    rest = stream.end()

Channels are mixed by their mean. Resampling is FFmpeg's, whose filter looks a few samples ahead: `push` gives slightly
less than has come in, and `end` the rest; of a sound of a few samples nothing may be left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Audio

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler

Floats = NDArray[np.float32]


def mono(audio: Audio, rate: int) -> Floats:
    """A whole sound as one channel at `rate`."""
    stream = MonoStream(rate)
    return np.concatenate([stream.push(audio), stream.end()])


class MonoStream:
    """Pieces of sound, one behind the other, as one channel at `rate`. A piece of another rate begins a new sound."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._given = 0
        self._resampler: AudioResampler | None = None

    def push(self, audio: Audio) -> Floats:
        """What `audio` adds."""
        mixed = np.asarray(audio.samples.mean(axis=0), np.float32)
        if self._given != audio.rate:
            self._given, self._resampler = audio.rate, None
        if audio.rate == self.rate or not len(mixed):
            return mixed
        from av import AudioFrame, AudioResampler

        if self._resampler is None:
            self._resampler = AudioResampler(format="fltp", layout="mono", rate=self.rate)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(mixed[None]), format="fltp", layout="mono")
        frame.sample_rate = audio.rate
        return _joined(self._resampler.resample(frame))

    def end(self) -> Floats:
        """What was held back. The next piece begins a new sound."""
        resampler, self._resampler = self._resampler, None
        return np.zeros(0, np.float32) if resampler is None else _joined(resampler.resample(None))


def _joined(frames: list[AudioFrame]) -> Floats:
    parts = [np.asarray(frame.to_ndarray()[0], np.float32) for frame in frames]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
