"""The real program, from its first line, timing its frames: when the first was there, and how far apart they were.

    python -m benchmarks.editor.program GRAPH FRAMES [unattended]

With 0 frames it ends after its first. Otherwise it runs the graph until so many have finished, stops it, and goes on
for a while in which nothing happens. It prints one object of JSON: `first`, on the clock of `time.monotonic`; `cpu`,
the processor time until then; `loaded`, the heavy packages; and `gaps`, the seconds from each frame to the next, with
what the run was doing and the seconds of processor time that the machine's host took meanwhile, in all, where it is a
virtual one that tells; and the run's `report`. The person is taken to be at it all the time, so that the window draws
whenever it can, unless the program is said to be unattended: then the graph is started once it has been open for a
while, and nobody touches it.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from itertools import pairwise
from typing import Any

HEAVY = ("numpy", "torch", "onnxruntime", "onnx", "networkx", "pydantic", "cv2", "av")
_AFTER = 30
"""Frames in which nothing happens."""
_OPEN = 2.0
"""Seconds that a graph is open before its run that is unattended."""


def stolen() -> float:
    """Seconds of processor time that the host of a virtual machine has given to others; 0 where nobody tells."""
    try:
        with open("/proc/stat", encoding="ascii") as lines:
            return int(lines.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0.0


def main() -> int:
    path, wanted, attended = sys.argv[1], int(sys.argv[2]), "unattended" not in sys.argv
    import nodeflow.editor.app as editor

    class Timed(editor.App):
        told: dict[str, object] | None = None
        left = _AFTER
        starts = math.inf
        _session: Any = None

        def _make_engine(self, *given: Any) -> Any:
            self._session = super()._make_engine(*given)
            return self._session

        def frame(self) -> None:
            super().frame()
            now = time.monotonic()
            if attended:
                self._pace.touch(now)
            elif self.workspace.ready and self._session is None:
                self.starts = min(self.starts, now + _OPEN)
                if now >= self.starts:
                    self.workspace.start_or_pause()
            if self.told is None:
                heavy = [name for name in HEAVY if name in sys.modules]
                self.told = {"first": now, "cpu": time.process_time(), "loaded": heavy}
                self.ends: list[tuple[float, str, float]] = []
            run = self.workspace.run
            state = run.snapshot.state
            self.ends.append((now, "starting" if state == "idle" else state, stolen()))
            if run.started and run.snapshot.finished >= wanted:
                run.stop()
            over = state in ("finished", "stopped", "failed")
            self.left -= over
            self._quitting |= wanted == 0 or self.left == 0

        def _close(self) -> bool:
            gaps = [(end[0] - last[0], end[1], end[2] - last[2]) for last, end in pairwise(self.ends)]
            report = self._session.report() if self._session else None
            print(json.dumps({**(self.told or {}), "gaps": gaps, "report": report}))
            return super()._close()

    editor.App = Timed  # type: ignore[misc]  # by hand: unittest.mock takes a part of the time that is measured
    from nodeflow.__main__ import main as program

    sys.argv = ["nodeflow", "edit", path, *(["--start"] if attended else [])] if wanted else ["nodeflow", path]
    return program()


if __name__ == "__main__":
    sys.exit(main())
