"""A video file being written: pictures in, one finished file out.

    movie = Movie(path, size=(1920, 1080), rate=29.97, codec="h264", crf=20)
    movie.add(image.array, time=0.0)
    movie.finish()                      # or movie.drop(): then nothing is left behind

Every picture is shown at its own time, so a stream with a varying rate keeps its timing. Colours are tagged. The file
appears under its name only when it is finished; after an error there is none. Used by one thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError
from nodes.io.container import NewContainer
from nodes.io.soundtrack import Soundtrack, playable
from nodes.io.track import Track

if TYPE_CHECKING:
    from fractions import Fraction

    from av import VideoFrame

_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
_ENCODERS = {"h264": "libx264", "hevc": "libx265", "mpeg4": "mpeg4"}
_FINEST = 60_000  # ticks a second of the time stamps, about; MPEG-4 allows no more than 65,535
_BT601 = 6  # the matrix that OpenCV converts with, and that decoders which ignore the tag assume
_BT709 = 1
_LIMITED = 1


class Movie:
    """One video file in the making. Everything here raises NodeError where the file cannot be written.

    `codec` is the one in use: "mpeg4" where the wanted one is not built in. `padded` is the picture's size made even,
    as video wants it; the last row and column are repeated.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: float,
        codec: str,
        crf: int,
        sound: Track | None = None,
        sound_start: float = 0.0,
    ) -> None:
        """`rate` is nominal, in frames a second; `codec` is h264, hevc or mpeg4; `crf` 0 (lossless) .. 51 (worst).
        `sound` is heard beside the pictures, from so many seconds of it on."""
        import av
        from av.video.stream import VideoStream

        self.codec = codec if _ENCODERS[codec] in av.codecs_available else "mpeg4"
        self.size = size
        self.padded = (size[0] + size[0] % 2, size[1] + size[1] % 2)
        self._rate, self._tick = _timing(rate)
        self._last = -1
        self._out = NewContainer(path, _FORMATS[path.suffix.lower()], {"movflags": "+faststart"})
        with self._out.or_nothing():
            stream = self._out.container.add_stream(_ENCODERS[self.codec], self._rate, _options(self.codec, crf))
            assert isinstance(stream, VideoStream)
            stream.width, stream.height = self.padded
            stream.pix_fmt = "yuv420p"
            context = stream.codec_context
            context.time_base = self._tick
            context.thread_count = 2
            context.colorspace, context.color_primaries, context.color_trc = _BT601, _BT709, _BT709
            context.color_range = _LIMITED
            self._stream = stream
            self._sound = Soundtrack(self._out.container, playable(sound), sound_start) if sound else None

    def add(self, rgb: NDArray[np.uint8], time: float) -> None:
        """Append a picture of the movie's size, uint8 HxWx3, shown from `time` on, in seconds.

        Times that stand still or go back are moved on by the least step.
        """
        import cv2
        from av import VideoFrame

        # OpenCV converts five times faster than swscale; both sizes are even, as I420 wants them.
        yuv = cv2.cvtColor(self._evened(rgb), cv2.COLOR_RGB2YUV_I420)
        # Where PyAV takes the array itself, nothing is copied under Python's lock: 30 ms for the first picture.
        take = VideoFrame.from_ndarray if self.padded[1] % 4 else VideoFrame.from_numpy_buffer
        picture = take(np.asarray(yuv, np.uint8), format="yuv420p")
        self._last = max(self._last + 1, round(time / self._tick))
        picture.pts = self._last
        picture.time_base = self._tick
        picture.duration = round(1 / (self._rate * self._tick))
        self._encode(picture)
        if self._sound is not None:
            self._out.mux(self._sound.until(float(self._last * self._tick)))

    def finish(self) -> None:
        """Complete the file and give it its name."""
        self._encode(None)
        if self._sound is not None:
            self._out.mux(self._sound.end(float(self._last * self._tick + 1 / self._rate)))
        self._out.finish()

    def drop(self) -> None:
        """Give up: nothing is left behind."""
        self._out.drop()

    def _evened(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        (width, height), (even_width, even_height) = self.size, self.padded
        if self.size == self.padded:
            return rgb
        return np.pad(rgb, ((0, even_height - height), (0, even_width - width), (0, 0)), mode="edge")

    def _encode(self, picture: VideoFrame | None) -> None:
        with self._out.or_nothing():
            self._out.mux(self._stream.encode(picture))


def require_format(path: Path) -> None:
    """Raises NodeError unless the ending of `path` is one that can be written."""
    if path.suffix.lower() not in _FORMATS:
        raise NodeError(f"{path.name} does not end like a video file.", f"End it with {', '.join(_FORMATS)}.")


def _timing(rate: float) -> tuple[Fraction, Fraction]:
    """The rate as a fraction, and a fine tick of which one frame lasts a whole number."""
    from fractions import Fraction

    exact = Fraction(min(max(rate, 1.0), 1000.0)).limit_denominator(1001)
    if exact.numerator > _FINEST:
        exact = Fraction(round(exact))
    return exact, Fraction(1, exact.numerator * (_FINEST // exact.numerator))


def _options(codec: str, crf: int) -> dict[str, str]:
    if codec == "mpeg4":
        # Its quantizer runs from 1 to 31: 2 looks about like CRF 18, and twice as coarse every 6 steps.
        scale = str(min(31, max(1, round(2 * 2 ** ((crf - 18) / 6)))))
        return {"qmin": scale, "qmax": scale}
    quiet = {"x265-params": "log-level=error"} if codec == "hevc" else {}
    return {"crf": str(crf), "preset": "superfast", **quiet}
