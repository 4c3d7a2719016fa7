"""What ran when, on which thread: a ring of spans, told as a Chrome trace (opens in Perfetto and chrome://tracing).

Format: "Trace Event Format" of the Chromium project; complete events ("X") for calls, nestable async events ("b"/"e")
for the way of a frame from its capture to its end. Times in microseconds since the trace began.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

Span = tuple[str, int, float, float, float, int]
"""Node, frame, when the call was ready, began and ended (seconds), and the thread it ran on."""


class Trace:
    """The last spans, `size` of them at most. Adding is one append: it is done for every call."""

    def __init__(self, size: int = 20_000) -> None:
        self.calls: deque[Span] = deque(maxlen=size)
        self.frames: deque[tuple[int, int, float, float]] = deque(maxlen=size)
        self._zero = time.perf_counter()

    def chrome(self, thread_names: dict[int, str]) -> dict[str, Any]:
        """The spans as the JSON that trace viewers read."""
        events: list[dict[str, Any]] = [
            {"ph": "M", "name": "thread_name", "pid": 1, "tid": thread, "args": {"name": name}}
            for thread, name in thread_names.items()
        ]
        for node, frame, ready, began, ended, thread in list(self.calls):
            events.append(
                {
                    "ph": "X",
                    "name": node,
                    "cat": "node",
                    "pid": 1,
                    "tid": thread,
                    "ts": self._us(began),
                    "dur": round((ended - began) * 1e6, 1),
                    "args": {"frame": frame, "waited_us": round((began - ready) * 1e6, 1)},
                }
            )
        for clock, frame, captured, ended in list(self.frames):
            common = {"name": f"frame {frame}", "cat": "frame", "pid": 1, "tid": 0, "id": f"{clock}.{frame}"}
            events.append({"ph": "b", "ts": self._us(captured), **common})
            events.append({"ph": "e", "ts": self._us(ended), **common})
        return {"traceEvents": events, "displayTimeUnit": "ms"}

    def _us(self, when: float) -> float:
        return round((when - self._zero) * 1e6, 1)
