"""Playing a file as a source: again and again, and in real time, if that is wanted.

    stream = Playback(clip, ctx, loop=True, paced=True)
    yield from stream

Times go on growing from one lap to the next, by the same for each lap, so that a frame's place in its lap can be told
from its time. The session's stop is noticed between two frames and while waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from nodeflow.node import Context, NodeError, Stream, Timed

_PATIENCE = 0.25
"""How late, in seconds, a frame may be before the timetable moves instead of later frames hurrying."""


class Reel(Protocol):
    """A file that can be played: a clip, or the pieces of a sound."""

    @property
    def path(self) -> Path: ...
    @property
    def rate(self) -> float | None:
        """Frames a second, where they come evenly."""
        ...

    @property
    def seconds(self) -> float | None:
        """How long it is, as the file says."""
        ...

    def count(self, start: float = 0.0, end: float | None = None) -> int | None:
        """How many frames `play` gives, or None if the file does not say."""
        ...

    def length(self, start: float = 0.0, end: float | None = None) -> float | None:
        """How many seconds `play` takes, or None if the file does not say."""
        ...

    def play(self, start: float = 0.0, end: float | None = None) -> Iterator[Timed]: ...

    def until(self, frame: Timed) -> float:
        """The time at which a frame ends, in seconds of the file."""
        ...


@dataclass(frozen=True, slots=True)
class Playback:
    """What is played, and how. `end` is None for the end of the file; `at` is where the first lap begins, if not at
    `start`."""

    reel: Reel
    ctx: Context
    start: float = 0.0
    end: float | None = None
    loop: bool = False
    paced: bool = False
    at: float | None = None

    def sought(self, seconds: float) -> Playback:
        """The same from another time of the file; never before its start."""
        return replace(self, at=max(self.start, seconds))

    def stream(self, note: str = "") -> Stream:
        """What the source says of itself."""
        frames = None if self.loop else self.reel.count(self.start, self.end)
        lap = self.reel.length(self.start, self.end) if self.loop else None
        return Stream(rate=self.reel.rate, frames=frames, clock="every", note=note, start=self.start, lap=lap)

    def __iter__(self) -> Iterator[Timed]:
        pace = Pace(self.ctx.wait) if self.paced else None
        offset, lap = 0.0, self.reel.length(self.start, self.end) or 0.0
        begin = self.start if self.at is None else self.at
        while True:
            last: float | None = None
            for frame in self._frames(begin):
                if self.ctx.stopping or (pace and pace.wait_until(frame.time + offset)):
                    return
                last = self.reel.until(frame)
                yield Timed(frame.value, frame.time + offset)
            if last is None and begin == self.start:
                raise self._nothing_there()
            if not self.loop:
                return
            offset += max((begin if last is None else last) - self.start, lap)
            begin = self.start

    def _frames(self, begin: float) -> Iterator[Timed]:
        """One lap; damage ends it with a remark on the node, unless not one frame is good."""
        given = 0
        try:
            for frame in self.reel.play(begin, self.end):
                given += 1
                yield frame
        except NodeError as fault:
            if not given:
                raise
            self.ctx.note(f"{fault.message} Its first {given} frames were played.")

    def _nothing_there(self) -> NodeError:
        length = f" is {self.reel.seconds:.2f} s long and" if self.reel.seconds else ""
        until = "" if self.end is None else f" and before {self.end:g} s"
        message = f"{self.reel.path.name}{length} has nothing from {self.start:g} s on{until}."
        return NodeError(message, "Choose an earlier start or a later end.")


class Pace:
    """Lets frames pass when they are due, by a clock that starts with the first one.

    A consumer that falls behind for long, or a pause, moves the timetable: what was missed is not rushed through.
    """

    def __init__(self, wait: Callable[[float], bool], now: Callable[[], float] = time.monotonic) -> None:
        self._wait = wait
        self._now = now
        self._zero: float | None = None

    def wait_until(self, due: float) -> bool:
        """Wait for the moment `due`, in seconds of the clip. True if the session is stopping."""
        now = self._now()
        if self._zero is None or now - (self._zero + due) > _PATIENCE:
            self._zero = now - due
        early = self._zero + due - now
        return early > 0 and self._wait(early)
