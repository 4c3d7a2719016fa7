"""What ran when, on which thread: a ring of spans, told as a Chrome trace (opens in Perfetto and chrome://tracing).

Format: "Trace Event Format" of the Chromium project. Two groups of tracks: the threads, with a slice for each call, and
the frames on their way, from capture to end, in as many lanes as there were at once. Arrows ("flows") lead from call to
call of one frame. Times are in microseconds since the trace began.

Perfetto keeps 32 bits of a thread's number, and would put all threads with larger ones, such as Linux gives, on one
track: so they are numbered here.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

Span = tuple[str, int, float, float, float, int]
"""Node, frame, when the call was ready, began and ended (seconds), and the thread it ran on."""

Way = tuple[int, int, float, float]
"""The clock and number of a frame, when it was captured and when it ended (seconds)."""

Event = dict[str, Any]

_CALLS: Final = 1
_FRAMES: Final = 2


class Trace:
    """The last spans, `size` of them at most. Adding is one append: it is done for every call."""

    def __init__(self, size: int = 20_000) -> None:
        self.calls: deque[Span] = deque(maxlen=size)
        self.frames: deque[Way] = deque(maxlen=size)
        self._zero = time.perf_counter()

    def begin(self) -> None:
        """Forget what was before: a run begins, and counts its frames anew."""
        self.calls.clear()
        self.frames.clear()
        self._zero = time.perf_counter()

    def chrome(self, threads: Mapping[int, str], streams: Mapping[str, int]) -> Event:
        """The spans as the JSON that trace viewers read.

        `threads` are the names of those there are, by their idents; `streams` says to which stream of frames a node
        belongs.
        """
        calls, frames = list(self.calls), list(self.frames)
        idents = dict.fromkeys(span[-1] for span in calls)
        named = sorted((_by_number(threads.get(ident, "a thread that has ended")), ident) for ident in idents)
        tracks = {ident: number for number, (_, ident) in enumerate(named, 1)}
        events = [_name("process", _CALLS, 0, "calls"), _name("process", _FRAMES, 0, "frames in flight")]
        events += [_name("thread", _CALLS, tracks[ident], words) for (_, words), ident in named]
        events += (self._call(span, tracks) for span in calls)
        events += self._ways(frames)
        events += self._flows(calls, tracks, streams)
        return {"traceEvents": events, "displayTimeUnit": "ms"}

    def _call(self, span: Span, tracks: Mapping[int, int]) -> Event:
        node, frame, ready, began, ended, thread = span
        args = {"frame": frame, "waited_us": round((began - ready) * 1e6, 1)}
        return self._slice(node, "node", _CALLS, tracks[thread], began, ended) | {"args": args}

    def _ways(self, frames: Iterable[Way]) -> Iterable[Event]:
        """The frames, each in the first lane that is free when it is captured: slices of one track must not cross."""
        free: list[float] = []
        streams: dict[int, int] = {}
        events = []
        for clock, number, captured, ended in sorted(frames, key=lambda way: way[2]):
            lane = next((lane for lane, since in enumerate(free) if since <= captured), len(free))
            free[lane : lane + 1] = [ended]
            way = self._slice(f"frame {number}", "frame", _FRAMES, lane + 1, captured, ended)
            events.append(way | {"args": {"frame": number, "stream": streams.setdefault(clock, len(streams))}})
        return [*(_name("thread", _FRAMES, lane + 1, f"lane {lane + 1}") for lane in range(len(free))), *events]

    def _flows(self, calls: Iterable[Span], tracks: Mapping[int, int], streams: Mapping[str, int]) -> Iterable[Event]:
        """An arrow from each call of a frame to its next one."""

        def frame_of(span: Span) -> tuple[int, int]:
            return streams[span[0]], span[1]

        known = sorted((span for span in calls if span[0] in streams), key=lambda span: (frame_of(span), span[3]))
        for number, (_, members) in enumerate(groupby(known, frame_of)):
            way = list(members)
            for place, (_, _, _, began, _, thread) in enumerate(way if len(way) > 1 else ()):
                phase = "s" if place == 0 else "f" if place == len(way) - 1 else "t"
                at = {"pid": _CALLS, "tid": tracks[thread], "ts": self._us(began)}
                yield {"ph": phase, "name": "frame", "cat": "flow", "id": number, "bp": "e", **at}

    def _slice(self, name: str, category: str, group: int, track: int, began: float, ended: float) -> Event:
        start = self._us(began)
        times = {"ts": start, "dur": round(self._us(ended) - start, 1)}
        return {"ph": "X", "name": name, "cat": category, "pid": group, "tid": track, **times}

    def _us(self, when: float) -> float:
        return round((when - self._zero) * 1e6, 1)


def _name(of: str, group: int, track: int, name: str) -> Event:
    return {"ph": "M", "name": f"{of}_name", "pid": group, "tid": track, "args": {"name": name}}


def _by_number(name: str) -> tuple[int, str]:
    """Sorts "worker 10" behind "worker 9"."""
    number = name.rpartition(" ")[2]
    return (int(number) if number.isdecimal() else -1, name)
