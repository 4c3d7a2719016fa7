"""The engine's figures: `python -m benchmarks.engine [--json] [--seconds 40]`.

Each case gets a share of the seconds and makes as many repeats as fit, at least one; `--seconds 0` only shows
that everything runs. What each figure means stands in the case's docstring and in docs/performance.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from benchmarks import live, pose, toy, trivial
from benchmarks.figures import Results, Target, machine, show

SECONDS = 36.0

CASES: tuple[tuple[Callable[[Results, float], None], float], ...] = (
    (live.idle, 0.08),  # first, before a library has threads of its own
    (trivial.per_node, 0.31),
    (trivial.edits, 0.07),
    (trivial.plans, 0.10),
    (toy.toy, 0.14),
    (live.camera_loop, 0.05),
    (pose.pose_vs_loop, 0.25),
)
"""Every case and its share of the time."""

TARGETS = {
    **{f"per_node_us.{shape}.{size}": Target("<=", 10) for shape in trivial.SHAPES for size in trivial.SIZES},
    "edit_last_ms.1000": Target("<=", 2),
    "edit_last_still_ms.1000": Target("<=", 2),
    "plan_ms.1000": Target("<=", 10),
    "plan_ms.10000": Target("<=", 100),
    "plan_wide_ms.1000": Target("<=", 10),
    "plan_wide_ms.10000": Target("<=", 100),
    "toy.lossless_ratio": Target(">=", 0.95),
    "toy.live_throughput_ratio": Target(">=", 0.95),
    "toy.live_latency_ratio": Target("<=", 1.4),
    "pose_vs_loop": Target(">=", 1.0),
    "camera_loop_fps": Target(">=", 60),
    "idle_cpu": Target("<=", 0.01),
}


def measure(seconds: float = SECONDS) -> tuple[Results, dict[str, object]]:
    """Run every case. Returns the figures, and what they were measured on."""
    results, began, before = Results(), time.perf_counter(), machine()
    for case, share in CASES:
        case(results, seconds * share)
    took = round(time.perf_counter() - began, 1)
    return results, {"machine": before, "load_after": machine()["load"], "seconds": took}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description="What the engine costs.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long to measure, about")
    options = parser.parse_args()
    results, about = measure(options.seconds)
    show(results, TARGETS, about, options.json)


if __name__ == "__main__":
    main()
