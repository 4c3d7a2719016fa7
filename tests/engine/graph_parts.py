"""Graphs for tests that go call by call: written down in a line or two, or made at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hypothesis import strategies as st

from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, Link, Node, check
from nodeflow.node import Registry, node
from nodeflow.values import Number
from nodes.flow.flow import hold, previous, switch
from tests.engine.parts import REGISTRY, Bench


@node("t.spread", category="Test")
def spread(number: Number, items: int = 3) -> list[Number]:
    """As many numbers as asked, counted up from the first."""
    return [Number(number.value + i) for i in range(items)]


@node("t.total", category="Test")
def total(numbers: list[Number]) -> Number:
    return Number(sum(n.value for n in numbers))


@node("t.squares", category="Test")
class Squares:
    """Takes a list in one call."""

    calls = 0

    def run(self, number: Number) -> Number:
        raise AssertionError("a list was there, and it was not taken whole")

    def run_batch(self, numbers: list[Number]) -> list[Number]:
        Squares.calls += 1
        return [Number(n.value**2) for n in numbers]


@node("t.live", category="Test", clock="live")
def live() -> Iterator[Number]:
    yield Number(0)


ALL = Registry({**REGISTRY.types, **Registry.of(hold, previous, switch, spread, total, Squares, live).types})


def bench_of(graph: Graph, *watched: str, choose: Callable[[int], int] | None = None) -> Bench:
    """A bench on which a sound graph runs."""
    problems = [p for p in check(graph, ALL.catalog) if p.severity == "error"]
    assert not problems, problems
    plan = make_plan(graph, ALL, watched)
    return Bench(plan, choose) if choose else Bench(plan)


def build(nodes: Mapping[str, str | Node], *links: str | Link) -> Graph:
    """A graph of these nodes, or nodes of these types, by id."""
    made = {name: kind if isinstance(kind, Node) else Node(kind) for name, kind in nodes.items()}
    return Graph(nodes=made).connect(*links)


def any_order(data: st.DataObject) -> Callable[[int], int]:
    """Has hypothesis choose which call ends next."""
    return lambda count: data.draw(st.integers(0, count - 1))


UNARY = ("t.double", "t.odd_only", "t.fail_on", "t.sum")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A DAG on one source (and now and then a constant) with diamonds, fan-out, failures and empty values."""
    graph, source = Graph().add(Node("t.count"))
    graph, still = graph.add(Node("t.constant"))
    names = [source, still]
    for _ in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from((*UNARY, "t.add", "t.either")))
        graph, name = graph.add(Node(kind))
        ports = ("a", "b") if kind in ("t.add", "t.either") else ("number",)
        for port in ports:
            above = draw(st.sampled_from(names))
            graph = graph.connect(f"{above}.{_output(graph, above)} -> {name}.{port}")
        names.append(name)
    return graph


def _output(graph: Graph, name: str) -> str:
    return REGISTRY.types[graph.nodes[name].type].schema.outputs[0].name
