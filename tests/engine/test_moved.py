"""What is put into a subgraph while it runs, and taken out again, goes on as if nothing had been done."""

from __future__ import annotations

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from nodeflow.engine import status
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node, enclose, expanded
from tests.engine.graph_parts import build, graphs
from tests.engine.parts import REGISTRY
from tests.engine.running_parts import offer, running, two_streams
from tests.engine.session_parts import clean as clean
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import DOES_NOT_OPEN, Opened


def _stages(run: Virtual) -> dict[str, Stage]:
    return {stage.id: stage for stage in run.conductor.revision.stages}


def _calls(run: Virtual) -> dict[Stage, int]:
    """How many calls of each node went well. An edit tries again what failed last."""
    return {stage: stage.meter.runs - stage.meter.failed for stage in run.conductor.revision.stages}


def _given(run: Virtual) -> dict[str, object]:
    """What each node gave last, and how many of its calls went well."""
    calls = _calls(run)
    return {name: (calls[stage], stage.given if stage.meter.runs else ()) for name, stage in _stages(run).items()}


def _offer(run: Virtual, times: int) -> None:
    for _ in range(times):
        for stage, _gate in list(run.conductor._readers.gates.items()):
            run.offer(stage.id)
        run.drain()


_SUMS = ("a.number -> sum.number", "sum.number -> out.number")
_WIRES = ("a.number -> x.number", "x.number -> out.number")


def _ended(graph: Graph) -> Graph:
    """With a sink behind each end, so that all of it runs."""
    for name in [name for name in graph.nodes if not graph.links_from(name)]:
        output = REGISTRY.types[graph[name].type].schema.outputs[0].name
        graph, sink = graph.add(Node("t.collect"))
        graph = graph.connect(f"{name}.{output} -> {sink}.number")
    return graph


@over(graphs().map(_ended), st.data())
@settings(max_examples=60, deadline=None)
def test_packed_and_unpacked_while_it_runs_every_node_goes_on(graph: Graph, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), min_size=1), label="packed")
    paused = data.draw(st.booleans(), label="paused")
    with virtual(REGISTRY, lambda count: 0) as left_alone:
        left_alone.conductor.begin(graph)
        left_alone.drain()
        _offer(left_alone, 5)
        expected = _given(left_alone)
    with virtual(REGISTRY, lambda count: 0) as run:
        run.conductor.begin(graph)
        run.drain()
        _offer(run, 2)
        if paused:
            run.conductor.pause()
        before, calls = _stages(run), _calls(run)
        packed, use = enclose(graph, chosen)
        outer = data.draw(st.sets(st.sampled_from(sorted(packed.nodes)), min_size=1), label="packed again")
        twice, outer_use = enclose(packed, outer)
        inside = {name: f"{use}/{name}" if name in chosen else name for name in graph.nodes}
        deep = {
            name: f"{outer_use}/{flat}" if flat.partition("/")[0] in outer else flat for name, flat in inside.items()
        }
        unpacked, new = expanded(packed, use)
        outside = {name: new.nodes.get(name, name) for name in graph.nodes}
        for drawn, names in ((packed, inside), (twice, deep), (packed, inside), (unpacked, outside), (graph, {})):
            run.conductor.edit(drawn)
            run.drain()
            assert _stages(run) == {names.get(name, name): stage for name, stage in before.items()}
            assert _calls(run) == calls, "nothing was called again"
        if paused:
            run.conductor.resume()
        _offer(run, 3)
        assert _given(run) == expected


def test_an_equal_node_that_something_else_feeds_is_another() -> None:
    graph = two_streams()
    with running(graph) as run:
        offer(run, "a", 2)
        packed, use = enclose(graph, ["x"])
        before = _stages(run)
        run.conductor.edit(packed.disconnect(f"a.number -> {use}.a").connect(f"b.number -> {use}.a"))
        run.drain()
        after = _stages(run)
        assert after[f"{use}/x"] is not before["x"]
        assert after["b"] is before["b"]


def test_of_two_that_are_alike_each_goes_on_where_it_is() -> None:
    once, inner = enclose(build({"a": "t.count", "x": "t.sum", "out": "t.collect"}, *_WIRES), ["x"])
    graph = once.add(once[inner])[0].connect("a.number -> subgraph_2.number").add(Node("t.collect"))[0]
    graph = graph.connect("subgraph_2.number -> collect.number")
    with running(graph) as run:
        offer(run, "a", 2)
        before = _stages(run)
        packed, use = enclose(graph, [inner, "subgraph_2"])
        run.conductor.edit(packed)
        assert {name.removeprefix(f"{use}/"): stage for name, stage in _stages(run).items()} == before


def test_of_two_that_are_fed_alike_each_is_itself() -> None:
    kinds = {"a": "t.count", "x": "t.sum", "y": "t.sum", "out": "t.collect", "end": "t.collect"}
    wires = ("a.number -> x.number", "a.number -> y.number", "x.number -> out.number", "y.number -> end.number")
    graph = build(kinds, *wires)
    with running(graph) as run:
        before = _stages(run)
        packed, use = enclose(graph, ["y"])
        run.conductor.edit(packed.remove(["x", "out"]))
        assert _stages(run)[f"{use}/y"] is before["y"], "the one that was put in, not the one that was taken away"


def test_two_that_are_taken_out_where_their_names_are_taken_are_two() -> None:
    both = build(
        {"a": "t.count", "sum": "t.sum", "sum_2": "t.sum"}, "a.number -> sum.number", "a.number -> sum_2.number"
    )
    packed, use = enclose(_ended(both), ["sum", "sum_2"])
    for _ in range(2):
        packed, name = packed.add(Node("t.sum"))
        packed, sink = packed.add(Node("t.collect"))
        packed = packed.connect(f"a.number -> {name}.number", f"{name}.number -> {sink}.number")
    with running(packed) as run:
        before = _stages(run)
        run.conductor.edit(expanded(packed, use)[0])
        after = _stages(run)
        assert {after["sum_3"], after["sum_4"]} == {before[f"{use}/sum"], before[f"{use}/sum_2"]}
        assert (after["sum"], after["sum_2"]) == (before["sum"], before["sum_2"])


def test_a_node_whose_change_was_refused_serves_on_inside_a_subgraph_too() -> None:
    graph = build({"a": "t.count", "x": "t.shift", "out": "t.collect"}, *_WIRES)
    with running(graph) as run:
        refused = graph.set_param("x", "offset", DOES_NOT_OPEN)
        run.conductor.edit(refused)
        before, tried = _stages(run), Opened.tried
        packed, use = enclose(refused, ["x"])
        run.conductor.edit(packed)
        assert _stages(run)[f"{use}/x"] is before["x"]
        assert Opened.tried == tried


def test_what_is_taken_out_goes_on_though_its_name_is_taken_outside() -> None:
    packed, use = enclose(build({"a": "t.count", "sum": "t.sum", "out": "t.collect"}, *_SUMS), ["sum"])
    graph = packed.add(Node("t.sum"))[0].add(Node("t.collect"))[0].connect("a.number -> sum.number")
    graph = graph.connect("sum.number -> collect.number")
    with running(graph) as run:
        offer(run, "a", 2)
        before = _stages(run)
        run.conductor.edit(expanded(graph, use)[0])
        after = _stages(run)
        assert after["sum_2"] is before[f"{use}/sum"]
        assert after["sum"] is before["sum"]


def test_a_node_that_comes_as_an_equal_one_goes_is_another() -> None:
    graph = build({"a": "t.count", "sum": "t.sum", "out": "t.collect"}, *_SUMS)
    with running(graph) as run:
        offer(run, "a", 2)
        before = _stages(run)
        wires = (wire.replace("sum.", "sum_2.") for wire in _SUMS)
        swapped = build({"a": "t.count", "sum_2": "t.sum", "out": "t.collect"}, *wires)
        run.conductor.edit(swapped)
        assert _stages(run)["sum_2"] is not before["sum"]


def test_what_failed_is_told_of_by_the_id_of_now_and_a_new_node_of_the_old_name_is_itself() -> None:
    graph = build(
        {"a": "t.count", "fail_on": "t.fail_on", "out": "t.collect"},
        "a.number -> fail_on.number",
        "fail_on.number -> out.number",
    )
    with running(graph) as run:
        offer(run, "a", 1)  # 0 fails
        stage = _stages(run)["fail_on"]
        packed, use = enclose(graph, ["fail_on"])
        run.conductor.edit(packed)
        told = status.snapshot(run.conductor).nodes
        assert (told[f"{use}/fail_on"].state, told["out"].cause) == ("failed", f"{use}/fail_on")
        again, name = packed.add(Node("t.fail_on"))
        again, sink = again.add(Node("t.collect"))
        again = again.connect(f"a.number -> {name}.number", f"{name}.number -> {sink}.number")
        run.conductor.edit(again)
        stages = _stages(run)
        assert stages[f"{use}/{name}"] is stage is not stages[name]
        assert stages[name].name != stage.name
