"""A sound file being written: pieces of sound in, one finished file out.

    recording = Recording(path, rate=44100, channels=2, bits=16)
    recording.add(audio.samples)
    recording.finish()                  # or recording.drop(): then nothing is left behind

Samples are written as whole numbers; what a file of as many bits held comes back the same. The file appears under its
name only when it is finished; after an error there is none. Used by one thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError
from nodes.io.container import NewContainer

if TYPE_CHECKING:
    from av import AudioFrame

_FORMATS = {".wav": "wav", ".flac": "flac"}
_ENCODERS = {("wav", 16): "pcm_s16le", ("wav", 24): "pcm_s24le", ("flac", 16): "flac", ("flac", 24): "flac"}
_LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_BLOCK = 4096  # samples that an encoder is given at once; FLAC wants the same number each time
MAX_CHANNELS = len(_LAYOUTS)
MAX_RATE = 192_000


class Recording:
    """One sound file in the making. Everything here raises NodeError where the file cannot be written.

    `clipped` counts samples that were too loud.
    """

    def __init__(self, path: Path, rate: int, channels: int, bits: int) -> None:
        """`bits` is 16 or 24; `channels` 1 to 8; `rate` in samples a second."""
        from av.audio.stream import AudioStream

        if channels > MAX_CHANNELS or rate > MAX_RATE:
            claims = f"{channels} channels at {rate} Hz"
            raise NodeError(f"Sound of {claims} cannot be written.", f"At most {MAX_CHANNELS} and {MAX_RATE} Hz can.")
        form = _FORMATS[path.suffix.lower()]
        self.rate, self.channels, self.clipped = rate, channels, 0
        self._bits, self._written = bits, 0
        self._left = np.zeros((0, channels), np.int32)
        self._out = NewContainer(path, form, {"rf64": "auto"} if form == "wav" else {})
        with self._out.or_nothing():
            stream = self._out.container.add_stream(_ENCODERS[form, bits], rate, layout=_LAYOUTS[channels])
            assert isinstance(stream, AudioStream)
            stream.codec_context.format = self._format
            self._stream = stream

    @property
    def _format(self) -> str:
        return "s16" if self._bits == 16 else "s32"

    def add(self, samples: NDArray[np.float32]) -> None:
        """Append samples, float32 channels x samples; beyond -1 to 1 they are cut off, no number is silence."""
        full = float(1 << (self._bits - 1))
        scaled = np.rint(np.nan_to_num(samples.T.astype(np.float64), nan=0.0, posinf=1.0, neginf=-1.0) * full)
        self.clipped += int(np.count_nonzero((scaled > full) | (scaled < -full)))
        whole = np.clip(scaled, -full, full - 1).astype(np.int32)
        self._left = np.concatenate([self._left, whole])
        ready = len(self._left) - len(self._left) % _BLOCK
        for at in range(0, ready, _BLOCK):
            self._encode(self._frame(self._left[at : at + _BLOCK]))
        self._left = self._left[ready:]

    def finish(self) -> None:
        """Complete the file and give it its name."""
        if len(self._left):
            self._encode(self._frame(self._left))
        self._encode(None)
        self._out.finish()

    def drop(self) -> None:
        """Give up: nothing is left behind."""
        self._out.drop()

    def _frame(self, whole: NDArray[np.int32]) -> AudioFrame:
        from av import AudioFrame

        form = whole.astype(np.int16) if self._bits == 16 else whole << 8
        packed = np.ascontiguousarray(form).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format=self._format, layout=_LAYOUTS[self.channels])
        frame.sample_rate = self.rate
        frame.pts = self._written
        self._written += len(whole)
        return frame

    def _encode(self, frame: AudioFrame | None) -> None:
        with self._out.or_nothing():
            self._out.mux(self._stream.encode(frame))


def require_format(path: Path) -> None:
    """Raises NodeError unless the ending of `path` is one that can be written."""
    if path.suffix.lower() not in _FORMATS:
        raise NodeError(f"{path.name} does not end like a sound file.", f"End it with {' or '.join(_FORMATS)}.")
