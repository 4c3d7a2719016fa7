"""Graphs of nodes that do next to nothing: what is left is what the engine costs.

`chain(n)` is a source, n - 2 nodes that add a number one after the other, and a sink; `wide(n)` is a source, n - 2
nodes that show its value, and a sink. The sink notes the time of every frame, so a run is measured from its first
frame's end to its last's, without planning and opening. Figures count all n nodes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from queue import Empty, SimpleQueue
from statistics import median
from typing import NamedTuple

from benchmarks.figures import Results, rounds, turns
from nodeflow.engine import Edit, Session, Start, Step
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, Link, Node
from nodeflow.node import Registry, node
from nodeflow.values import Number

SIZES = (10, 100, 1_000, 10_000)
PLANNED = (1_000, 10_000)
EDITED = 1_000
CALLS = 8_000
"""Node calls in one run of a small graph; large ones run for `FEWEST` frames."""
FEWEST = 5
FEWEST_EDITS = 3
PATIENCE = 1.0
"""Seconds to wait for an answer to an edit; an engine that gives one at all gives it in milliseconds."""


class Stamp(NamedTuple):
    """When a frame came to its end, in seconds: by the clock, and in processor time of the whole process."""

    wall: float
    cpu: float


@node("bench.count", category="Benchmark")
def count() -> Iterator[Number]:
    """Numbers for ever."""
    number = 0
    while True:
        yield Number(number)
        number += 1


@node("bench.constant", category="Benchmark")
def constant(value: float = 0.0) -> Number:
    return Number(value)


@node("bench.add", category="Benchmark")
def add(number: Number, plus: float = 1.0) -> Number:
    return Number(number.value + plus)


@node("bench.show", category="Benchmark", sink=True)
def show(number: Number) -> Number:
    return number


class Bench:
    """A registry of the trivial nodes, and where its sink puts the stamps."""

    def __init__(self) -> None:
        self.stamps: SimpleQueue[Stamp] = SimpleQueue()
        put = self.stamps.put

        # It has an output: while paused, a node without one is passed over, since it would write the same frame twice.
        @node("bench.stamp", category="Benchmark", sink=True, pure=False)
        def stamp(number: Number) -> Number:
            put(Stamp(time.perf_counter(), time.process_time()))
            return number

        self.registry = Registry.of(count, constant, add, show, stamp)

    def next(self) -> Stamp | None:
        """The next frame's stamp, or None if none comes."""
        try:
            return self.stamps.get(timeout=PATIENCE)
        except Empty:
            return None


def chain(nodes: int, source: str = "bench.count") -> Graph:
    """`nodes` nodes in a row."""
    adds = [f"add_{i}" for i in range(nodes - 2)]
    row = ["source", *adds, "stamp"]
    outputs = {"source": "number", **dict.fromkeys(adds, "number")}
    types = {"source": Node(source), **{name: Node("bench.add") for name in adds}, "stamp": Node("bench.stamp")}
    return Graph(types, tuple(_link(a, outputs[a], b) for a, b in pairwise(row)))


def wide(nodes: int) -> Graph:
    """`nodes` nodes side by side behind one source."""
    shows = [f"show_{i}" for i in range(nodes - 2)]
    types = {
        "source": Node("bench.count"),
        **{name: Node("bench.show") for name in shows},
        "stamp": Node("bench.stamp"),
    }
    return Graph(types, tuple(_link("source", "number", name) for name in (*shows, "stamp")))


SHAPES: dict[str, Callable[[int], Graph]] = {"chain": chain, "wide": wide}


def per_node(results: Results, seconds: float) -> None:
    """Microseconds per node and frame, best of as many runs as fit: `per_node_us` by the clock, `per_node_cpu_us` by
    processor time."""
    cases = [(shape, size) for shape in SHAPES for size in SIZES]
    best: dict[str, float] = {}
    for shape, size in turns(cases, seconds):
        wall, cpu = _one_run(SHAPES[shape](size), max(FEWEST, CALLS // size))
        for key, us in ((f"per_node_us.{shape}.{size}", wall), (f"per_node_cpu_us.{shape}.{size}", cpu)):
            best[key] = min(us, best.get(key, us))
    for name in ("per_node_us", "per_node_cpu_us"):
        results.update({key: best[key] for shape, size in cases if (key := f"{name}.{shape}.{size}")})


def _one_run(graph: Graph, frames: int) -> tuple[float, float]:
    bench = Bench()
    gc.collect()  # the garbage of making graphs and plans is not the frames'
    with Session(graph, bench.registry, frames=frames + 1) as session:
        session.send(Start())
        session.wait()
    stamps = [bench.stamps.get_nowait() for _ in range(frames + 1)]
    calls = frames * len(graph.nodes)
    return (stamps[-1].wall - stamps[0].wall) / calls * 1e6, (stamps[-1].cpu - stamps[0].cpu) / calls * 1e6


def edits(results: Results, seconds: float) -> None:
    """Milliseconds from changing a parameter until the sink was called, while paused: best of as many edits as fit, and
    their median beside it. `edit_last_ms` and `edit_first_ms` on one kept frame of a stream, `edit_*_still_ms` on
    a chain without a source."""
    first, last = "add_0", f"add_{EDITED - 3}"
    cases = [
        ("edit_last_ms", EDITED, "bench.count", last),
        ("edit_first_ms", EDITED // 10, "bench.count", first),
        ("edit_first_ms", EDITED, "bench.count", first),
        ("edit_last_still_ms", EDITED, "bench.constant", last),
        ("edit_first_still_ms", EDITED, "bench.constant", first),
    ]
    for name, size, source, target in cases:
        taken = _edit(chain(size, source), target, seconds / len(cases))
        if taken:
            results.update({f"{name}.{size}": min(taken), f"{name}_median.{size}": median(taken)})
        else:
            results.skip(f"{name}.{size}", "an edit while paused is not computed on the kept frame")


def _edit(graph: Graph, target: str, seconds: float) -> list[float]:
    """How long each edit took, in milliseconds; none if they are not answered."""
    bench = Bench()
    taken: list[float] = []
    with Session(graph, bench.registry, interactive=True) as session:
        session.send(Step())
        if bench.next() is None:
            return []
        for number in rounds(seconds, FEWEST_EDITS):
            began = time.perf_counter()
            graph = graph.set_param(target, "plus", 2.0 + number)
            session.send(Edit(graph))
            stamp = bench.next()
            if stamp is None:
                return []
            taken.append((stamp.wall - began) * 1e3)
    return taken


def plans(results: Results, seconds: float) -> None:
    """Milliseconds to check and plan a graph, best of as many as fit: `plan_ms` a chain that was just made (opened,
    or rewired), `plan_wide_ms` a wide one, `replan_ms` the chain again after a parameter was changed."""
    registry = Bench().registry
    best: dict[str, float] = {}

    def plan(name: str, graph: Graph) -> None:
        began = time.perf_counter()
        make_plan(graph, registry)
        ms = (time.perf_counter() - began) * 1e3
        best[name] = min(ms, best.get(name, ms))

    graphs = {(shape, size): build(size) for size in PLANNED for shape, build in SHAPES.items()}
    for case in turns(graphs, seconds):
        shape, size = case
        fresh = replace(graphs[case])  # a new graph has yet to make its tables of links
        if shape == "wide":
            plan(f"plan_wide_ms.{size}", fresh)
        else:
            plan(f"plan_ms.{size}", fresh)
            plan(f"replan_ms.{size}", fresh)
    results.update({key: best[key] for key in sorted(best)})


def _link(source: str, output: str, target: str) -> Link:
    return Link.parse(f"{source}.{output} -> {target}.number")
