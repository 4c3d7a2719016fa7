"""Small nodes that the engine's tests are built from, and a way to run a plan call by call in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.gate import Gate
from nodeflow.engine.keys import content_keys
from nodeflow.engine.packets import Failed, Frame
from nodeflow.engine.plan import Plan
from nodeflow.engine.planning import make_plan
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing, Params, Registry, Tick, node, number
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import Number


@node("t.count", category="Test")
def count(first: int = 0, frames: int = 5) -> Iterator[Number]:
    """Numbers in order."""
    for i in range(frames):
        yield Number(first + i)


@node("t.add", category="Test")
def add(a: Number, b: Number, plus: float = 0.0) -> Number:
    return Number(a.value + b.value + plus)


@node("t.double", category="Test")
def double(number: Number) -> Number:
    return Number(number.value * 2)


@node("t.constant", category="Test")
def constant(value: float = 7.0) -> Number:
    return Number(value)


@node("t.odd_only", category="Test")
def odd_only(number: Number) -> Number | Nothing:
    return Number(number.value) if number.value % 2 else Nothing("even")


@node("t.fail_on", category="Test")
def fail_on(number: Number, every: int = 3) -> Number:
    if number.value % every == 0:
        raise ValueError(f"{number.value:g} is a multiple of {every}")
    return Number(number.value)


@node("t.either", category="Test")
def either(a: Number | None = None, b: Number | None = None) -> Number:
    return Number((a.value if a else 0) + (b.value if b else 0))


@node("t.sum", category="Test")
class Running:
    """The sum so far: stateful."""

    class Live(Params):
        factor: float = number(1.0)

    def __init__(self) -> None:
        self.total = 0.0

    def run(self, number: Number, live: Live) -> Number:
        self.total += number.value * live.factor
        return Number(self.total)


class Collected(NamedTuple):
    frame: int
    value: float


@node("t.collect", category="Test")
class Collect:
    """Keeps what it is given, by its `name` parameter, in `Collect.kept`."""

    kept: dict[str, list[Collected]] = {}
    closed: dict[str, int] = {}

    class Setup(Params):
        name: str = "out"

    def open(self, setup: Setup) -> None:
        self.name = setup.name
        Collect.kept.setdefault(self.name, [])

    def run(self, number: Number, tick: Tick) -> None:
        Collect.kept[self.name].append(Collected(tick.index, number.value))

    def close(self) -> None:
        Collect.closed[self.name] = Collect.closed.get(self.name, 0) + 1


REGISTRY = Registry.of(count, add, double, constant, odd_only, fail_on, either, Running, Collect)


def plan_of(graph: Graph, watched: tuple[str, ...] = ()) -> Plan:
    return make_plan(graph, REGISTRY, watched)


def chain_of(known: Registry, *types: str, **params: dict[str, Any]) -> Graph:
    """A chain of nodes: the first output of each that fits into the next one's first input. Ids are the last words of
    their types; `params` go by them."""
    graph, above = Graph(), ""
    for kind in types:
        graph, made = graph.add(Node(kind, params=params.get(kind.rpartition(".")[2], {})))
        if above:
            target = known.types[kind].schema.inputs[0]
            outputs = known.types[graph.nodes[above].type].schema.outputs
            source = next((port for port in outputs if port.kind == target.kind), outputs[0])
            graph = graph.connect(f"{above}.{source.name} -> {made}.{target.name}")
        above = made
    return graph


class Bench:
    """Drives a circuit without threads: `choose` picks which of the calls in hand ends next."""

    def __init__(self, plan: Plan, choose: Callable[[int], int] = lambda count: 0) -> None:
        self.done: list[Frame] = []
        self.calls: list[tuple[str, int]] = []
        self.circuit = Circuit(self.done.append)
        stages: list[Stage] = []
        for planned in plan.nodes:
            stages.append(Stage(planned) if planned.part_of is None else stages[planned.part_of])
        for stage, planned in zip(stages, plan.nodes, strict=True):
            if not planned.is_source and planned.schema.type != "t.collect":
                stage.instance.open(NodeContext(), planned.settings.values)
        clocks = tuple(Clock(c, tuple(Gate("every") for _ in c.sources)) for c in plan.clocks)
        self.revision = Revision(plan, tuple(stages), clocks, content_keys(plan, Path()))
        self._choose = choose
        self._in_hand: list[Call] = []
        if plan.still.members:
            frame = self.circuit.admit(self.revision, self.revision.still, {}, Tick(0, 0.0), 0.0)
            self.drain()
            self.revision.still_packets = frame.packets

    def admit(self, clock: Clock, *values: float) -> Frame:
        given = {index: (Number(value),) for index, value in zip(clock.plan.sources, values, strict=True)}
        clock.number += 1
        return self.circuit.admit(self.revision, clock, given, Tick(clock.number - 1, 0.0), 0.0)

    def take_all(self) -> None:
        while (call := self.circuit.take()) is not None:
            self._in_hand.append(call)

    def finish_one(self) -> bool:
        self.take_all()
        if not self._in_hand:
            return False
        call = self._in_hand.pop(self._choose(len(self._in_hand)))
        self.calls.append((call.node.id, call.frame.tick.index))
        packets: tuple[Any, ...]
        try:
            packets = call.run()
        except ValueError as fault:
            packets = (Failed(call.node.id, str(fault)),) * len(call.node.schema.outputs)
        self.circuit.finish(call, packets)
        return True

    def drain(self) -> None:
        while self.finish_one():
            pass


def given(frame: Frame, name: str) -> Any:
    """What node `name` gave on a frame: a number, or the packet that says why not."""
    planned = next(node for node in frame.revision.plan.nodes if node.id == name)
    packets = frame.packets[planned.place]
    assert packets is not None
    return packets[0].value if isinstance(packets[0], Number) else packets[0]
