"""Where a source's frames wait to be admitted: the only place where frames are dropped.

A gate holds one frame. On an "every" source the reader waits until it was taken, so nothing is lost; on a "live" one
the newest frame takes the place of the older, which is counted as dropped. Always:
offered == taken + dropped + (1 if one is waiting).

Used under the session's lock; a reader that must wait does so in `Reader`, not here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nodeflow.graph.schema import Clock as ClockKind
from nodeflow.node import Stream


class Arrival(NamedTuple):
    """What a source gave: its packets, when (seconds, the session's clock), and its own time if it told."""

    packets: tuple[Any, ...]
    captured: float
    time: float | None


class Gate:
    """One source's waiting place."""

    def __init__(self, policy: ClockKind | None) -> None:
        self.policy: ClockKind = policy or "every"
        self.stream = Stream()
        self.waiting: Arrival | None = None
        self.offered = 0
        self.dropped = 0
        self.ended = False

    def opened(self, stream: Stream) -> None:
        """The source is open and told what it is."""
        self.stream = stream
        self.policy = stream.clock or self.policy

    @property
    def full(self) -> bool:
        """Whether the reader of a source that loses nothing has to wait."""
        return self.policy == "every" and self.waiting is not None

    def offer(self, arrival: Arrival) -> None:
        assert not self.full, "a frame was offered to a gate that must not lose the one it holds"
        self.offered += 1
        self.dropped += self.waiting is not None
        self.waiting = arrival

    def count_anew(self) -> None:
        """Another stream begins here: only what waits still counts."""
        self.offered, self.dropped = int(self.waiting is not None), 0

    def withdraw(self) -> None:
        """Take back the frame that waits: its source has been told to go elsewhere."""
        if self.waiting is not None:
            self.waiting = None
            self.offered -= 1

    def take(self) -> Arrival:
        assert self.waiting is not None, "nothing waits at this gate"
        arrival, self.waiting = self.waiting, None
        return arrival
