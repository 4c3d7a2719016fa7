"""How often the window is drawn: as fast as the screen while the person does something, at the pace of video while a
graph runs, and ever more seldom when nothing happens.

    pace = Pace()
    wait = pace.after(now, busy=True, seen=False, running=False, frame=Cost(0.004, 0.003))   # until the next frame

A run comes before its pictures. What a frame costs shows while nothing runs: little with a GPU, much without one, where
the processors fill every pixel. Beside a run, frames take a small share of the processors, and less the busier those
are, unless the person is at it. Pure; times are in seconds.
"""

from __future__ import annotations

import os
from collections import deque
from typing import Final, NamedTuple

BUSY: Final = 1 / 60
_RUNNING, _STILL, _ASLEEP, _GONE = 1 / 30, 1 / 20, 1 / 5, 1 / 2
"""From one frame to the next: while the person does something, while a graph runs, right after, later, long after."""
_ATTENTION, _SOON, _LATE = 0.5, 10.0, 60.0
_SHARE: Final = 0.05
"""How much of all processors drawing may take beside a run, and ..."""
_SLOWEST: Final = 0.1
"""... how long its pictures wait at most."""


class Cost(NamedTuple):
    """What a frame took, by the clock and of all processors together."""

    clock: float
    processors: float


class Pace:
    """See the module's head."""

    def __init__(self, processors: int | None = None, now: float = 0.0) -> None:
        self._processors = processors or os.cpu_count() or 1
        self._touched = self._due = now
        self._still: deque[Cost] = deque(maxlen=10)
        """The last frames that were drawn while nothing ran."""

    def touch(self, now: float) -> None:
        """The person does something."""
        self._touched = now

    def quiet(self, now: float) -> float:
        """For how long the person has done nothing."""
        return now - self._touched

    def after(self, now: float, *, busy: bool, seen: bool, running: bool, frame: Cost) -> float:
        """How long to wait after a frame that cost `frame`, in which the person was `busy`. `seen`: something goes on
        that can be seen; `running`: and it is a run."""
        if busy:
            self.touch(now)
        if not running:
            self._still.append(frame)
        period = self._period(self.quiet(now), seen, running, frame)
        self._due = max(self._due, now - period)
        wait = min(max(self._due - now, 0.0), period)
        self._due += period
        return wait

    def woken(self, now: float) -> None:
        """The wait ended before its time."""
        self._due = min(self._due, now)

    def _period(self, quiet: float, seen: bool, running: bool, frame: Cost) -> float:
        if quiet < _ATTENTION:
            return BUSY
        if running:
            return min(max(_RUNNING, self._beside_a_run(frame)), _SLOWEST)
        if seen:
            return _RUNNING
        return _STILL if quiet < _SOON else _ASLEEP if quiet < _LATE else _GONE

    def _beside_a_run(self, frame: Cost) -> float:
        """What else goes on at the time only adds to what a frame seems to cost, so the least is the nearest."""
        clock = min((cost.clock for cost in self._still), default=frame.clock)
        cost = min((cost.processors for cost in self._still), default=frame.processors)
        crowded = max(frame.clock / clock, 1.0) if clock > 0.0 else 1.0
        return crowded * cost / (_SHARE * self._processors)
