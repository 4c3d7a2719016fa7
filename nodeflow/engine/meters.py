"""What is measured while a graph runs: per node and per stream. Each is updated under the circuit's lock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from itertools import islice

_KEPT = 1024
_SMOOTHING = 0.1
_TRIVIAL_MS = 0.1


class Meter:
    """A node's calls: how many, how many failed, and how long they took (milliseconds; smoothed, and the last ones)."""

    __slots__ = ("_last", "failed", "ms", "recent", "runs", "trivial", "waited")

    def __init__(self) -> None:
        self.runs = 0
        self.failed = 0
        self.ms = 0.0
        self.waited = 0.0
        self.trivial = False
        """Whether a call is not worth a thread of its own: one of the last two was short. (One that is long says
        little: any call is long that the system interrupts.)"""
        self._last = math.inf
        self.recent: deque[float] = deque(maxlen=_KEPT)

    def add(self, ms: float, waited: float = 0.0) -> None:
        """Count a call that took `ms` after it had been ready for `waited` milliseconds."""
        self.runs += 1
        self.waited += _SMOOTHING * (waited - self.waited)
        self.ms = ms if self.runs == 1 else self.ms + _SMOOTHING * (ms - self.ms)
        self.trivial = self.runs > 1 and (ms <= _TRIVIAL_MS or self._last <= _TRIVIAL_MS)
        self._last = ms
        self.recent.append(ms)


class Flow:
    """The frames of a stream that were finished: when, and how long after they were captured."""

    __slots__ = ("finished", "first", "last", "latencies", "times")

    def __init__(self) -> None:
        self.finished = 0
        self.first: float | None = None
        self.last = 0.0
        self.latencies: deque[float] = deque(maxlen=_KEPT)
        self.times: deque[float] = deque(maxlen=120)

    def add(self, captured: float, now: float) -> None:
        """Count a frame captured and finished at these times (seconds)."""
        self.finished += 1
        self.first = captured if self.first is None else min(self.first, captured)
        self.last = now
        self.latencies.append((now - captured) * 1e3)
        self.times.append(now)

    def fps(self, now: float, window: float = 2.0) -> float:
        """Frames a second over the last `window` seconds."""
        recent = [time for time in self.times if now - time <= window]
        if len(recent) < 2:
            return 0.0
        return (len(recent) - 1) / max(recent[-1] - recent[0], 1e-9)

    def latency_ms(self) -> float:
        """The median latency of the last frames."""
        return percentile(list(islice(reversed(self.latencies), 30)), 50)

    @property
    def seconds(self) -> float:
        """From the first frame's capture to the last frame's end."""
        return 0.0 if self.first is None else self.last - self.first


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile; 0 if there are no values."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]
