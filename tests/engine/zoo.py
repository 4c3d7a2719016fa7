"""Graphs of every kind for the engine to run: a few small nodes wired at random, and edits of them.

A link is made only where `check` has nothing against it, so whatever comes out is sound: diamonds, fan-out, lists,
streams that meet or are held, loops through the previous frame. Nodes with a state stand below a source: what a still
one remembers would depend on how often it was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from nodeflow.graph import Endpoint, Graph, Link, Node, check
from nodeflow.node import NodeError, Nothing, Params, Registry, node, number
from nodeflow.values import Boolean, Number
from nodes.flow.flow import hold, previous, switch
from tests.engine.parts import REGISTRY

DOES_NOT_OPEN = 13


@node("t.live", category="Test", clock="live")
def live(first: int = 0) -> Iterator[Number]:
    """Numbers in order, from a source that does not wait."""
    for i in range(40):
        yield Number(first + i)


@node("t.tape", category="Test")
class Tape:
    """Numbers in order that can be wound to another."""

    def __init__(self) -> None:
        self.at = 0

    def seek(self, seconds: float) -> None:
        self.at = int(seconds)

    def run(self) -> Iterator[Number]:
        for i in range(self.at, 30):
            yield Number(i)


@node("t.square", category="Test", parallel=True)
def square(number: Number) -> Number:
    return Number(number.value**2 % 1000)


@node("t.squares", category="Test")
class Squares:
    """Takes a list in one call."""

    def run(self, number: Number) -> Number:
        return Number(number.value**2 % 1000)

    def run_batch(self, numbers: list[Number]) -> list[Number]:
        return [Number(each.value**2 % 1000) for each in numbers]


@node("t.is_odd", category="Test")
def is_odd(number: Number) -> Boolean | Nothing:
    """A kind that is converted on the wire."""
    return Boolean(number.value % 2 == 1) if number.value % 5 else Nothing("a multiple of five")


@node("t.bit", category="Test")
def bit(number: Number) -> Number:
    """A choice between two, seldom a wrong one."""
    if number.value % 7 == 6:
        raise ValueError("no choice")
    return Number(2 if number.value % 7 == 5 else number.value // 2 % 2)


@node("t.spread", category="Test")
def spread(number: Number, items: int = 3) -> list[Number]:
    first = number.value
    return [Number(first + i) for i in range(items)]


@node("t.total", category="Test")
def total(numbers: list[Number]) -> Number:
    return Number(sum(each.value for each in numbers if isinstance(each, Number | Boolean)))


class Opened:
    """Counts, over all nodes, how often each was opened and closed."""

    lives: list[list[int]] = []
    tried = 0

    def open(self, setup: Any) -> None:
        Opened.tried += 1
        if setup.offset == DOES_NOT_OPEN:
            raise NodeError("it does not open")
        self.offset = setup.offset
        self._life = [1, 0]
        Opened.lives.append(self._life)

    def close(self) -> None:
        self._life[1] += 1

    def seen(self) -> None:
        """A call has come to it."""
        if self._life != [1, 0]:
            raise RuntimeError("it was called after it was closed")


@node("t.shift", category="Test", pure=True)
class Shift(Opened):
    """Has to be opened anew for another offset."""

    class Setup(Params):
        offset: int = number(0)

    class Live(Params):
        factor: int = number(1)

    def run(self, number: Number, live: Live) -> Number:
        self.seen()
        return Number((number.value + self.offset) * live.factor)


@node("t.stall", category="Test", time_limit=5.0)
class Stall(Opened):
    """Takes any time (see `virtual`)."""

    class Setup(Params):
        offset: int = number(0)

    def run(self, number: Number) -> Number:
        self.seen()
        return Number(number.value + self.offset)


@node("t.level", category="Test")
class Level(Opened):
    """The same, and counts its calls."""

    class Setup(Params):
        offset: int = number(0)

    def open(self, setup: Setup) -> None:
        super().open(setup)
        self.calls = 0

    def run(self, number: Number) -> Number:
        self.seen()
        self.calls += 1
        return Number(number.value + self.offset + self.calls / 8)


OWN = Registry.of(live, Tape, square, Squares, is_odd, bit, spread, total, Shift, Stall, Level, hold, previous, switch)
ZOO = Registry({**REGISTRY.types, **OWN.types})
STATEFUL = ("t.sum", "t.level")

_SOURCES = (
    *(("t.count",), ("t.live",), ("t.live", "t.count"), ("t.live", "t.live"), ()),
    *(("t.count", "t.count"), ("t.count", "t.count"), ("t.tape",), ("t.tape", "t.count"), ("t.tape", "t.live")),
)
"""Beside a constant: one stream, two in lockstep, two that can only meet where one is held, none."""

_INNER = (
    *("t.double", "t.add", "t.add", "t.either", "t.either", "t.odd_only", "t.is_odd", "t.fail_on", "t.sum"),
    *("t.square", "t.squares", "t.spread", "t.spread", "t.total", "t.shift", *("t.stall",) * 4, "t.level"),
    *("flow.hold", "flow.previous", "flow.switch", "flow.switch", "flow.switch"),
)
_KNOBS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "t.constant": ("value", (1.0, 2.0, 3.0)),
    "t.add": ("plus", (0.0, 1.0)),
    "t.fail_on": ("every", (1, 2, 3, 4)),
    "t.sum": ("factor", (1.0, 2.0)),
    "t.spread": ("items", (0, 1, 3)),
    "t.shift": ("offset", (0, 100, DOES_NOT_OPEN)),
    "t.stall": ("offset", (0, 100, DOES_NOT_OPEN)),
    "t.level": ("offset", (0, 100, DOES_NOT_OPEN)),
    "t.count": ("first", (0, 50)),
    "t.live": ("first", (0, 50)),
    "flow.switch": ("use", ("a", "b")),
}
DRIVEN = {"t.add": "plus", "t.sum": "factor", "t.shift": "factor"}
"""Parameters that a wire decides now and then."""


def camera_and_style() -> Graph:
    """A live stream that gets the value of a still node which takes long."""
    kinds = ("t.live", "t.constant", "t.stall", "t.add", "t.level")
    graph = Graph({kind.removeprefix("t."): _set(Node(kind), Random(0)) for kind in kinds})
    return graph.add(Node("t.collect"))[0].connect(
        *("constant.number -> stall.number", "live.number -> add.a", "stall.number -> add.b"),
        *("add.number -> level.number", "level.number -> collect.number"),
    )


def grown(rng: Random, start: Graph | None = None) -> Graph:
    """A sound graph of up to a dozen nodes, beside those that it starts from."""
    graph = start or Graph()
    for kind in () if start else (*rng.choice(_SOURCES), "t.constant"):
        graph, _ = graph.add(_set(Node(kind, params={"frames": 12} if kind == "t.count" else {}), rng))
    for _ in range(rng.randint(1, 9)):
        graph = _with_node(graph, rng.choice(_INNER), rng)
    for name, made in graph.nodes.items():
        if made.type == "flow.previous":
            graph = _linked(graph, name, "value", rng)
    for name, made in graph.nodes.items():
        if made.type in _INNER and not graph.links_from(name) and rng.random() < 0.8:
            output = rng.choice(_schema(graph, name).outputs).name
            graph, sink = graph.add(Node("t.collect"))
            graph = graph.set_param(sink, "name", sink).connect(f"{name}.{output} -> {sink}.number")
    return graph


def edited(graph: Graph, rng: Random) -> Graph:
    """The graph after one edit: a knob turned, a link moved or taken away."""
    name = rng.choice(sorted(graph.nodes))
    kind = graph.nodes[name].type
    inputs = [*(port.name for port in ZOO.types[kind].schema.inputs), *filter(None, [DRIVEN.get(kind)])]
    if inputs and (kind not in _KNOBS or rng.random() < 0.4):
        other = _linked(graph, name, rng.choice(inputs), rng)
    else:
        other = graph.set_params(name, dict(_set(graph.nodes[name], rng).params))
    return other if _is_sound(other) else graph


def _with_node(graph: Graph, kind: str, rng: Random) -> Graph:
    graph, name = graph.add(_set(Node(kind), rng))
    for port in ZOO.types[kind].schema.inputs:
        if port.name == "choice" and rng.random() < 0.7:
            graph = _chosen_by_a_wire(graph, name, rng)
        elif not port.optional or rng.random() < 0.7:
            graph = _linked(graph, name, port.name, rng)
    if kind in DRIVEN and rng.random() < 0.4:
        graph = _linked(graph, name, DRIVEN[kind], rng)
    return graph if _is_sound(graph) else graph.remove([name])


def _chosen_by_a_wire(graph: Graph, switch: str, rng: Random) -> Graph:
    """With something wired to a switch that mostly says which: choices at random would be wrong ones."""
    graph, kind = graph.connect(), rng.choice(("t.is_odd", "t.bit"))
    graph, giver = graph.add(Node(kind))
    graph = _linked(graph, giver, "number", rng)
    other = graph.connect(f"{giver}.{_schema(graph, giver).outputs[0].name} -> {switch}.choice")
    return other if _is_sound(other) else graph.remove([giver])


def _linked(graph: Graph, name: str, port: str, rng: Random) -> Graph:
    """With another link into a port, mostly from one of the last nodes, or with none."""
    free = graph.disconnect(*(link for link in graph.links_into(name) if link.target.port == port))
    outputs = [Endpoint(giver, out.name) for giver in graph.nodes for out in _schema(graph, giver).outputs]
    for _ in range(4):
        output = rng.choice(outputs[-4:] if rng.random() < 0.6 else outputs)
        other = free.connect(Link(output, Endpoint(name, port)))
        if _is_sound(other, name):
            return other
    return free


def _is_sound(graph: Graph, unfinished: str = "") -> bool:
    faults = [problem for problem in check(graph, ZOO.catalog) if problem.severity == "error"]
    if any(fault.code != "missing-input" or fault.node != unfinished for fault in faults):
        return False
    streaming = graph.downstream([name for name in graph.nodes if _schema(graph, name).clock])
    stateful = {name for name, each in graph.nodes.items() if each.type in STATEFUL}
    return stateful <= {*streaming, unfinished}


def _set(made: Node, rng: Random) -> Node:
    """With one of the values that its knob may have."""
    if made.type not in _KNOBS:
        return made
    knob, values = _KNOBS[made.type]
    return Node(made.type, params={**made.params, knob: rng.choice(values)})


def _schema(graph: Graph, name: str) -> Any:
    return ZOO.types[graph.nodes[name].type].schema
