"""Video files as a source."""

from __future__ import annotations

from collections.abc import Iterator

from nodeflow.node import Context, NodeError, Params, Stream, Timed, choice, file, node, number, toggle
from nodeflow.values import Image
from nodes.io.clip import Clip
from nodes.io.playback import Playback

VIDEO_FILES = ("*.mp4", "*.mov", "*.mkv", "*.webm", "*.avi", "*.m4v", "*.mpg", "*.ts")


@node(
    "io.video",
    category="Input",
    title="Video file",
    resource="io",
    words="clip movie film mp4 mov load open play media",
)
class VideoFile:
    """Play a video file, frame by frame, without losing one."""

    class Setup(Params):
        file: str = file("", *VIDEO_FILES, doc="The video; sample:one_person is a clip to try things on")
        loop: bool = toggle(False, doc="Begin again at the end, for ever")
        start: float = number(0.0, 0.0, unit="s", doc="Skip what comes before", essential=False)
        end: float = number(0.0, 0.0, unit="s", doc="Stop here; 0 plays to the end", essential=False)
        pace: str = choice(
            "auto",
            "auto",
            "real time",
            "as fast as possible",
            doc="auto: in real time while someone watches, as fast as possible otherwise",
            essential=False,
        )

    def open(self, setup: Setup, ctx: Context) -> Stream:
        if not setup.file:
            raise NodeError("No video file is chosen.", "Choose one, or write sample:one_person.")
        if 0 < setup.end <= setup.start:
            raise NodeError(f"The end ({setup.end:g} s) is not after the start ({setup.start:g} s).", "Move one.")
        paced = ctx.interactive if setup.pace == "auto" else setup.pace == "real time"
        clip = Clip(ctx.path(setup.file))
        self._playback = Playback(clip, ctx, setup.start, setup.end or None, setup.loop, paced)
        return self._playback.stream()

    def seek(self, seconds: float) -> None:
        self._playback = self._playback.sought(seconds)

    def run(self) -> Iterator[Image | Timed]:
        yield from self._playback
