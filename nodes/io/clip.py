"""A video file, decoded frame by frame.

    clip = Clip(path)                        # opens it, decodes one frame, closes it: what is wrong is said here
    for timed in clip.play(start=1.0): ...   # opens it again; may be done any number of times

Frames come in the order in which they are shown, upright, as RGB, none left out and none twice; their times are
seconds from the first frame. A file is hostile until it has been read: its size is bounded, it may name no other file
and no address, and whatever the decoder says of it becomes a `NodeError` that names the file.

Each pass over a clip is used by one thread; several passes may run at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError, Timed
from nodeflow.values import Image
from nodes.io.container import open_container

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

MAX_PIXELS = 16384 * 8192
"""The largest picture that is decoded: 16K video, 400 MB as RGB."""

_SAME_TIME = 0.001
"""Times closer than this, in seconds, are one: some containers only count milliseconds."""

_PLAYABLE = "Choose another file, or convert this one to MP4 (H.264)."
_REPAIR = "Copy or download the file again; the original may be whole."


class Clip:
    """A video file that holds at least one frame. Raises NodeError if this one does not.

    `rate` in frames a second, or None; `frames` and `seconds` as the file says, or None; `size` is that of the
    upright picture.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as (container, stream):
            first = next(self._decoded(container, stream), None)
            if first is None:
                raise NodeError(f"{path.name} holds no frames.", _REPAIR)
            rate = stream.average_rate or stream.guessed_rate
            self.rate = float(rate) if rate else None
            self.frames: int | None = stream.frames or None
            self._origin = first.time or 0.0
            self.seconds = _seconds(container, stream)
            height, width = _upright(first.rotation, np.empty((first.height, first.width, 0), np.uint8)).shape[:2]
            self.size = (width, height)

    def count(self, start: float = 0.0, end: float | None = None) -> int | None:
        """How many frames `play` gives between `start` and `end`, or None if the file does not say."""
        if start <= 0 and end is None:
            return self.frames
        if self.rate is None or self.seconds is None:
            return None
        return max(0, round((min(end or self.seconds, self.seconds) - max(start, 0.0)) * self.rate))

    def length(self, start: float = 0.0, end: float | None = None) -> float | None:
        """How many seconds these frames take, or None if the file does not say."""
        count = self.count(start, end)
        return count / self.rate if count and self.rate else None

    def play(self, start: float = 0.0, end: float | None = None) -> Iterator[Timed]:
        """The frames with start <= time < end, each an `Image` with its time in seconds.

        Raises NodeError at the spot where the file is damaged, after all frames before it were given.
        """
        from av.video.reformatter import VideoReformatter

        reformatter = VideoReformatter()
        step = 1 / (self.rate or 30)
        time = -step
        for frame in self._from(start):
            time = time + step if frame.time is None else frame.time - self._origin
            if end is not None and time > end - _SAME_TIME:
                return
            if time > start - _SAME_TIME:
                rgb = np.asarray(reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray(), np.uint8)
                yield Timed(Image(_upright(frame.rotation, rgb)), max(time, 0.0))

    def until(self, frame: Timed) -> float:
        """When the frame behind this one is due."""
        return frame.time + 1 / (self.rate or 30)

    def _from(self, start: float) -> Iterator[VideoFrame]:
        """The frames from some point at or before `start` on: from a key frame, or else from the beginning."""
        from av import FFmpegError

        if start > 0:
            with self._opened() as (container, stream):
                try:
                    container.seek(int((start + self._origin) / float(stream.time_base or 1)), stream=stream)
                except FFmpegError:
                    pass  # it then still stands at the beginning
                frames = self._decoded(container, stream)
                first = next(frames, None)
                # Some containers land behind the point they were asked for.
                if first is not None and first.time is not None and first.time - self._origin < start + _SAME_TIME:
                    yield first
                    yield from frames
                    return
        with self._opened() as (container, stream):
            yield from self._decoded(container, stream)

    @contextmanager
    def _opened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        import av

        try:
            container = open_container(self.path)
        except (av.FFmpegError, OSError) as fault:
            raise NodeError(
                f"{self.path.name} is not a video that can be read ({_reason(fault)}).", _PLAYABLE
            ) from fault
        with container:
            if not container.streams.video:
                raise NodeError(f"{self.path.name} holds no picture.", "Choose a file with video in it.")
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise NodeError(f"{self.path.name} uses a codec that is not known here.", _PLAYABLE)
            if stream.width * stream.height > MAX_PIXELS:
                size = f"{stream.width}x{stream.height}"
                raise NodeError(f"{self.path.name} claims to be {size}, which is too large.", _PLAYABLE)
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = 2  # more gains little and takes the models' cores
            stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
            yield container, stream

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """The frames from where the container stands. Raises NodeError where they cannot be decoded."""
        from av import FFmpegError

        time: float | None = None
        try:
            for frame in container.decode(stream):
                time = frame.time
                yield frame
        except FFmpegError as fault:
            where = "from its first frame on" if time is None else f"after {time - self._origin:.2f} s"
            raise NodeError(f"{self.path.name} is damaged {where} ({_reason(fault)}).", _REPAIR) from fault


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _upright(rotation: int, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn a picture by the angle its file asks for: degrees, counterclockwise."""
    quarters = round(rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, quarters)) if quarters else picture


def _reason(fault: Any) -> str:
    return str(getattr(fault, "strerror", None) or fault).lower()
