"""Nodes that are bad company: pure Python that never waits, so that it lets go of the interpreter only when told to."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nodeflow.node import node
from nodeflow.values import Number


@node("bench.beat", category="Benchmark", clock="live")
def beat() -> Iterator[Number]:
    """Numbers, a hundred a second at most."""
    at = 0
    while True:
        at += 1
        yield Number(at)
        time.sleep(0.01)


@node("bench.hog", category="Benchmark")
def hog(number: Number, seconds: float = 0.3) -> Number:
    """Count for so long."""
    end = time.perf_counter() + seconds
    counted = number.value
    while time.perf_counter() < end:
        for _ in range(1000):
            counted += 1
    return Number(counted)
