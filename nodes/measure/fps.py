"""How fast values come by."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from nodeflow.node import Params, node, slider
from nodeflow.values import Number


@node("measure.fps", category="Measure", title="FPS", words="speed rate frames per second performance")
class Fps:
    """Frames a second that pass here. Wire it into Draw text to see it on the picture."""

    class Live(Params):
        window: float = slider(1.0, 0.2, 10.0, unit="s", doc="Averaged over this long")

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def run(self, value: Any, live: Live) -> Number:  # noqa: ARG002 - that it came is what counts
        now = time.perf_counter()
        times = self._times
        times.append(now)
        while len(times) > 2 and now - times[0] > live.window:
            times.popleft()
        elapsed = now - times[0]
        return Number(round((len(times) - 1) / elapsed, 1) if elapsed > 0 else 0.0, "fps")
