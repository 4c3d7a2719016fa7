"""Cameras as a source."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Annotated

from nodeflow.node import Context, Params, Stream, Timed, Widget, choice, file, node, number
from nodeflow.values import Image
from nodes.io.cameras import CameraMissing, Capture
from nodes.io.clip import Clip
from nodes.io.image import IMAGE_FILES
from nodes.io.playback import Playback
from nodes.io.video import VIDEO_FILES


@node("io.camera", category="Input", clock="live", resource="io", words="webcam capture live video")
class Camera:
    """Pictures from a camera, as they come. If it is missing or busy, it is tried again and again."""

    class Setup(Params):
        device: Annotated[
            str, Widget("text", choices=("0", "1", "2", "3"), doc="Its number, or a device, or an address (rtsp://...)")
        ] = "0"
        size: str = choice(
            "auto", "auto", "640x480", "1280x720", "1920x1080", doc="The camera picks the nearest that it can"
        )
        fps: float = number(0.0, 0.0, 240.0, unit="fps", doc="0 leaves it to the camera", essential=False)
        stand_in: str = file(
            "",
            *VIDEO_FILES,
            *IMAGE_FILES,
            doc="A video or picture to show where there is no camera, such as sample:one_person",
            essential=False,
        )

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._ctx = ctx
        self._capture: Capture | None = None
        size = None if setup.size == "auto" else _size(setup.size)
        try:
            self._capture = Capture(setup.device.strip() or "0", size, setup.fps)
        except CameraMissing:
            if not setup.stand_in:
                raise
            return self._play_instead(setup.stand_in, ctx)
        self._pictures: Iterable[Timed] = self._live(self._capture)
        width, height = self._capture.size
        rate = f" at {self._capture.rate:g} fps" if self._capture.rate else ""
        return Stream(rate=self._capture.rate, note=f"{self._capture.name}, {width}x{height}{rate}")

    def run(self) -> Iterator[Image | Timed]:
        yield from self._pictures

    def close(self) -> None:
        if self._capture is not None:
            self._capture.close()

    def _live(self, capture: Capture) -> Iterator[Timed]:
        start: float | None = None
        for image in capture:
            if self._ctx.stopping:
                return
            now = time.monotonic()
            start = now if start is None else start
            yield Timed(image, now - start)

    def _play_instead(self, stand_in: str, ctx: Context) -> Stream:
        """For ever in an editor, once where the run is to end."""
        clip = Clip(ctx.path(stand_in))
        playback = Playback(clip, ctx, loop=ctx.interactive, paced=ctx.interactive)
        self._pictures = playback
        return playback.stream(note=f"No camera found: playing {clip.path.name} instead.")


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)
