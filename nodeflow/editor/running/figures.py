"""How a run does, in the numbers that people compare: what each node costs, and how the frames fare. Pure.

They are the numbers of `nodeflow run --report`, as they stand while the graph runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nodeflow.editor.numbers import milliseconds
from nodeflow.engine.messages import NodeStatus, Snapshot
from nodeflow.sizes import size_text


@dataclass(frozen=True, slots=True)
class Cost:
    """What one node costs. `share` (0..1) is its part of the time of all nodes, `bar` its time against the slowest."""

    node: str
    status: NodeStatus
    share: float
    bar: float


def costs(snapshot: Snapshot) -> list[Cost]:
    """Every node of the run, the slowest first. Times that read the same leave nodes in the order of their names."""
    times = {node: status.ms if status.runs else 0.0 for node, status in snapshot.nodes.items()}
    whole, slowest = sum(times.values()) or 1.0, max(times.values(), default=0.0) or 1.0
    ranked = sorted(times, key=lambda node: (-round(times[node], 1), node))
    return [Cost(node, snapshot.nodes[node], times[node] / whole, times[node] / slowest) for node in ranked]


COLUMNS: Final = {"a call": 66.0, "share": 64.0, "waits": 70.0, "runs": 72.0, "failed": 60.0, "on": 130.0}
"""The numbers of a node, from left to right, and how wide each is, in logical pixels."""
_DISPENSABLE: Final = ("on", "waits", "runs", "share", "failed")
"""What is left out first where there is little room."""


def column_ends(room: float) -> dict[str, float]:
    """The columns that so much room is enough for, and how far before its right end each ends."""
    shown = dict(COLUMNS)
    for name in _DISPENSABLE:
        if sum(shown.values()) > room:
            del shown[name]
    ends, right = {}, 0.0
    for name in reversed(shown):
        ends[name] = right
        right += shown[name]
    return ends


def flow(snapshot: Snapshot) -> list[tuple[str, str]]:
    """How the frames fare: a name and a number each. What is kept in memory comes last, where there is any."""
    pairs = [
        ("fps", f"{snapshot.fps:.1f}" if snapshot.state == "running" else "\u2013"),
        ("latency", milliseconds(snapshot.latency_ms)),
        ("admitted", str(snapshot.admitted)),
        ("finished", str(snapshot.finished)),
        ("dropped", str(snapshot.dropped)),
        ("waiting", str(snapshot.waiting)),
        ("in flight", str(snapshot.in_flight)),
    ]
    kept = (("cache", snapshot.cache_host), ("on the GPU", snapshot.cache_device))
    return pairs + [(name, size_text(count)) for name, count in kept if count]
