"""Sound files as a source."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nodeflow.node import Context, NodeError, Params, Stream, Timed, choice, file, node, number, toggle
from nodeflow.values import Audio
from nodes.io.playback import Playback
from nodes.io.track import MAX_RATE, Track

SOUND_FILES = (
    *("*.wav", "*.flac", "*.mp3", "*.ogg", "*.opus", "*.m4a", "*.aac", "*.aiff", "*.wma"),
    *("*.mp4", "*.mov", "*.mkv", "*.webm"),
)
CHANNELS = {"as in the file": 0, "mono": 1, "stereo": 2}


@node("io.sound", category="Input", title="Sound file", resource="io", words="audio music wav mp3 load open play")
class SoundFile:
    """Play a sound file, or the sound of a video, in pieces of some length or as a whole.

    Pieces follow one another without a gap; none is lost.
    """

    class Setup(Params):
        file: str = file("", *SOUND_FILES, doc="The file; sample:conversation is one to try things on")
        chunk: float = number(
            0.5, 0.0, 600.0, step=0.1, unit="s", doc="Length of each piece; 0 gives all of it at once"
        )
        channels: str = choice("as in the file", *CHANNELS, doc="Mixed to one, or to left and right", essential=False)
        rate: int = number(0, 0, MAX_RATE, unit="Hz", doc="Samples a second; 0 keeps the file's", essential=False)
        loop: bool = toggle(False, doc="Begin again at the end, for ever")
        start: float = number(0.0, 0.0, unit="s", doc="Skip what comes before", essential=False)
        end: float = number(0.0, 0.0, unit="s", doc="Stop here; 0 plays to the end", essential=False)
        tail: float = number(
            0.0, 0.0, 60.0, unit="s", doc="Silence behind the end: what waits for a pause finishes", essential=False
        )
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
            raise NodeError("No sound file is chosen.", "Choose one, or write sample:conversation.")
        if 0 < setup.end <= setup.start:
            raise NodeError(f"The end ({setup.end:g} s) is not after the start ({setup.start:g} s).", "Move one.")
        paced = ctx.interactive if setup.pace == "auto" else setup.pace == "real time"
        pieces = Pieces(Track(ctx.path(setup.file), setup.rate, CHANNELS[setup.channels]), setup.chunk, setup.tail)
        self._playback = Playback(pieces, ctx, setup.start, setup.end or None, setup.loop, paced)
        return self._playback.stream()

    def seek(self, seconds: float) -> None:
        self._playback = self._playback.sought(seconds)

    def run(self) -> Iterator[Audio | Timed]:
        yield from self._playback


@dataclass(frozen=True, slots=True)
class Pieces:
    """A track as a reel: its frames are pieces of `chunk` seconds, or all of it where that is 0. `tail` seconds of
    silence follow the end."""

    track: Track
    chunk: float
    tail: float = 0.0

    @property
    def path(self) -> Path:
        return self.track.path

    @property
    def rate(self) -> float | None:
        return 1 / self.chunk if self.chunk else None

    @property
    def seconds(self) -> float | None:
        return self.track.seconds

    def count(self, start: float = 0.0, end: float | None = None) -> int | None:
        if not self.chunk:
            return 1
        long = self.length(start, end)
        return None if long is None else max(0, math.ceil(long / self.chunk - 1e-6))

    def length(self, start: float = 0.0, end: float | None = None) -> float | None:
        if self.seconds is None:
            return None
        return max(0.0, min(end or self.seconds, self.seconds) - max(start, 0.0) + self.tail)

    def play(self, start: float = 0.0, end: float | None = None) -> Iterator[Timed]:
        return self.track.play(self.chunk, start, end, self.tail)

    def until(self, frame: Timed) -> float:
        return frame.time + float(frame.value.seconds)
