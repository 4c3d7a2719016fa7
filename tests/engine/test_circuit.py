"""The scheduler call by call: any graph, any order in which calls end, the same frames come out."""

from __future__ import annotations

from typing import Any

from hypothesis import given as over
from hypothesis import strategies as st

from nodeflow.engine.packets import Failed
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing
from nodeflow.values import Number
from tests.engine.graph_parts import graphs
from tests.engine.parts import REGISTRY, Bench, given, plan_of


def _expected(graph: Graph, value: float, totals: dict[str, float]) -> dict[str, Any]:
    """What one frame gives, worked out node by node: the plainest way there is."""
    found: dict[str, Any] = {}
    for name in graph.in_order:
        kind = graph.nodes[name].type
        inputs = {link.target.port: found[link.source.node] for link in graph.links_into(name)}
        ports = [port.name for port in REGISTRY.types[kind].schema.inputs]
        stuck = next((inputs[p] for p in ports if isinstance(inputs.get(p), Failed)), None)
        if kind != "t.either":
            stuck = next((inputs[p] for p in ports if isinstance(inputs[p], Failed | Nothing)), None)
        if stuck is not None:
            found[name] = stuck
        elif kind == "t.count":
            found[name] = value
        elif kind == "t.constant":
            found[name] = 7.0
        elif kind == "t.double":
            found[name] = inputs["number"] * 2
        elif kind == "t.odd_only":
            found[name] = inputs["number"] if inputs["number"] % 2 else Nothing("even")
        elif kind == "t.fail_on":
            n = inputs["number"]
            found[name] = Failed(name, f"{n:g} is a multiple of 3") if n % 3 == 0 else n
        elif kind == "t.add":
            found[name] = inputs["a"] + inputs["b"]
        elif kind == "t.either":
            found[name] = sum(v for v in inputs.values() if not isinstance(v, Nothing))
        elif kind == "t.sum":
            totals[name] = totals.get(name, 0.0) + inputs["number"]
            found[name] = totals[name]
    return found


@over(graphs(), st.integers(1, 4), st.data())
def test_pipelined_in_any_order_equals_one_frame_after_another(graph: Graph, k: int, data: st.DataObject) -> None:
    plan = plan_of(graph, tuple(graph.nodes))
    bench = Bench(plan, choose=lambda count: data.draw(st.integers(0, count - 1)))
    (clock,) = bench.revision.clocks
    frames = []
    for value in range(8):
        while clock.in_flight >= k:
            assert bench.finish_one(), "frames are in flight and nothing can run"
        frames.append(bench.admit(clock, value))
    bench.drain()
    assert clock.in_flight == 0
    streaming = [node.id for node in plan.nodes if node.clock == 0]
    totals: dict[str, float] = {}
    # A sum that hangs on the constant alone is still: it ran once, before any frame.
    for value, frame in enumerate(frames):
        expected = _expected(graph, value, totals)
        still = {name for name in graph.nodes if name not in streaming}
        assert {n: given(frame, n) for n in streaming if not _below_still_sum(graph, n, still)} == {
            n: expected[n] for n in streaming if not _below_still_sum(graph, n, still)
        }
    for name in graph.nodes:
        ticks = [tick for node, tick in bench.calls if node == name]
        assert ticks == sorted(ticks), f"{name} saw frames out of order"


def _below_still_sum(graph: Graph, name: str, still: set[str]) -> bool:
    """A running sum of a still value counts once here and once a frame in the plain model: leave it out."""
    return any(n in still and graph.nodes[n].type == "t.sum" for n in graph.upstream([name]))


def test_a_failure_stays_on_its_branch() -> None:
    graph, source = Graph().add(Node("t.count"))
    graph, bad = graph.add(Node("t.fail_on"))
    graph, after = graph.add(Node("t.double"))
    graph, other = graph.add(Node("t.double"))
    graph = graph.connect(
        f"{source}.number -> {bad}.number", f"{bad}.number -> {after}.number", f"{source}.number -> {other}.number"
    )
    bench = Bench(plan_of(graph, (after, other)))
    frames = [bench.admit(bench.revision.clocks[0], value) for value in range(4)]
    bench.drain()
    assert [given(frame, other) for frame in frames] == [0, 2, 4, 6]
    assert [given(frame, after) for frame in frames][1:3] == [2, 4]
    assert given(frames[3], after) == Failed(bad, "3 is a multiple of 3")


@over(graphs(), st.integers(1, 4), st.data())
def test_of_the_calls_that_are_ready_the_nearest_to_a_sink_comes_first_then_the_oldest(
    graph: Graph, k: int, data: st.DataObject
) -> None:
    last = tuple(name for name in graph.nodes if not graph.links_from(name))
    bench = Bench(plan_of(graph, last), choose=lambda count: data.draw(st.integers(0, count - 1)))
    for clock in bench.revision.clocks:
        for value in range(k):
            bench.admit(clock, value)
    while True:
        ready = []
        while (call := bench.circuit.take()) is not None:
            ready.append(call)
        order = [(to_a_sink(graph, call.node.id, last), call.frame.tick.index) for call in ready]
        assert order == sorted(order)
        if not ready:
            break
        for call in data.draw(st.permutations(ready)):
            bench.circuit.finish(call, (Number(1),) * call.node.outputs)


def to_a_sink(graph: Graph, name: str, sinks: tuple[str, ...]) -> int:
    """How many wires it is, at least."""
    reached, wires = {name}, 0
    while not reached & set(sinks):
        reached = {link.target.node for each in reached for link in graph.links_from(each)}
        wires += 1
    return wires


def test_the_oldest_frame_nearest_to_the_sink_comes_first() -> None:
    graph, source = Graph().add(Node("t.count"))
    graph, first = graph.add(Node("t.double"))
    graph, second = graph.add(Node("t.double"))
    graph, sink = graph.add(Node("t.collect"))
    graph = graph.connect(
        f"{source}.number -> {first}.number", f"{first}.number -> {second}.number", f"{second}.number -> {sink}.number"
    )
    bench = Bench(plan_of(graph))
    clock = bench.revision.clocks[0]
    bench.admit(clock, 1)
    call = bench.circuit.take()
    assert call is not None
    assert (call.node.id, call.frame.tick.index) == (first, 0)
    bench.circuit.finish(call, (Number(2),))
    bench.admit(clock, 2)
    ahead = bench.circuit.take()
    assert ahead is not None
    assert (ahead.node.id, ahead.frame.tick.index) == (second, 0)


def test_a_chain_of_any_length_needs_no_deep_stack() -> None:
    graph, last = Graph().add(Node("t.count"))
    port = "number"
    nodes = {last: graph.nodes[last]} | {f"n{i}": Node("t.odd_only") for i in range(5000)}
    links = []
    for i in range(5000):
        links.append(f"{last}.{port} -> n{i}.number")
        last = f"n{i}"
    graph = Graph(nodes=nodes).connect(*links)
    bench = Bench(plan_of(graph, (last,)))
    frame = bench.admit(bench.revision.clocks[0], 2)  # even: nothing, all the way down, without one call
    bench.drain()
    assert frame.left == 0
    assert given(frame, last) == Nothing("even")


def test_two_sources_that_meet_share_a_clock_and_others_do_not() -> None:
    graph, a = Graph().add(Node("t.count"))
    graph, b = graph.add(Node("t.count"))
    graph, c = graph.add(Node("t.count"))
    graph, both = graph.add(Node("t.add"))
    graph = graph.connect(f"{a}.number -> {both}.a", f"{b}.number -> {both}.b")
    plan = plan_of(graph, (both, c))
    assert sorted(sorted(plan.nodes[i].id for i in clock.sources) for clock in plan.clocks) == [[a, b], [c]]


def test_nothing_runs_that_nobody_asked_for() -> None:
    graph, source = Graph().add(Node("t.count"))
    graph, idle = graph.add(Node("t.double"))
    graph, sink = graph.add(Node("t.collect"))
    graph = graph.connect(f"{source}.number -> {idle}.number", f"{source}.number -> {sink}.number")
    assert {node.id for node in plan_of(graph).nodes} == {source, sink}
    assert {node.id for node in plan_of(graph, (idle,)).nodes} == {source, idle, sink}


def test_what_is_wrong_and_what_hangs_on_it_is_left_out_and_the_rest_runs() -> None:
    graph, source = Graph().add(Node("t.count"))
    graph, half = graph.add(Node("t.add"))
    graph, below = graph.add(Node("t.double"))
    graph, sink = graph.add(Node("t.collect"))
    graph = graph.connect(
        f"{source}.number -> {half}.a", f"{half}.number -> {below}.number", f"{source}.number -> {sink}.number"
    )
    plan = plan_of(graph, (below,))
    assert {node.id for node in plan.nodes} == {source, sink}
    assert [(p.code, p.node, p.port) for p in plan.problems if p.severity == "error"] == [("missing-input", half, "b")]
