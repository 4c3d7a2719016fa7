"""Still nodes that are given up and come back: what they give too late is not lost."""

from __future__ import annotations

from nodeflow.engine import NodeStatus, Session, Start, status
from nodeflow.engine.packets import Failed
from nodeflow.graph import Graph
from nodeflow.node import Registry, node
from nodeflow.values import Number
from tests.engine.events import Made
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, value
from tests.engine.session_parts import ALL, Log, chain, until
from tests.engine.session_parts import clean as clean
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import ZOO


def late(graph: Graph, run: Virtual) -> None:
    """Begin a graph whose node "x" stalls, and give its call up."""
    Collect.kept.clear()
    run.conductor.begin(graph)
    run.drain()
    run.hang()
    run.drain()
    assert run.traffic.is_quiet()


def slow_still() -> Graph:
    graph = build({"one": "t.constant", "x": "t.stall", "y": "t.double", "out": "t.collect"}, "one.number -> x.number")
    return graph.connect("x.number -> y.number", "y.number -> out.number")


def test_what_a_still_node_gives_too_late_is_taken_without_another_call() -> None:
    with virtual(ZOO, lambda count: 0) as run:
        late(slow_still(), run)
        assert Collect.kept["out"] == []
        run.all_come_back()
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [14]
        assert "x" not in {event.node for event in run.log if isinstance(event, Made)}
        now = status.snapshot(run.conductor)
        assert now.nodes["x"].state == "cached"
        assert now.nodes["out"].message == ""
        assert (now.admitted, now.finished, now.in_flight) == (1, 1, 0)


def test_a_still_node_that_comes_back_is_called_again_where_its_inputs_have_changed_meanwhile() -> None:
    graph = slow_still()
    with virtual(ZOO, lambda count: 0) as run:
        late(graph, run)
        run.conductor.edit(graph.set_param("one", "value", 100.0))
        run.drain()
        assert Collect.kept["out"] == []
        run._choose = lambda count: count - 1  # the next call is back at once
        run.all_come_back()
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [200]
        run.conductor.edit(graph)
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [200, 14], "what came late was kept"
        assert len([event for event in run.log if isinstance(event, Made) and event.node == "x"]) == 1


def test_what_came_late_serves_a_stream_that_is_paused() -> None:
    graph = build({"a": "t.count", "one": "t.constant", "x": "t.stall", "add": "t.add"}, "one.number -> x.number")
    graph = graph.connect("a.number -> add.a", "x.number -> add.b")
    with virtual(ZOO, lambda count: 0) as run:
        run.watch(["add"], graph)
        late(graph, run)
        run.offer("a")
        run.drain()
        run.conductor.pause()
        assert isinstance(value(frames(run, "a")[-1], "add"), Failed)
        run.all_come_back()
        run.drain()
        assert value(frames(run, "a")[-1], "add") == 0 + 7


def test_a_session_takes_what_comes_late_without_being_asked() -> None:
    graph = chain("t.constant", "t.hang", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().nodes.get("hang", NodeStatus()).state == "hung")
        Log.gate.set()
        until(lambda: Collect.kept["out"])
        assert [kept.value for kept in Collect.kept["out"]] == [7]
        assert session.snapshot().nodes["hang"].runs == 0


def test_a_late_failure_is_no_reason_to_call_again() -> None:
    graph = slow_still().set_param("one", "value", -1.0)
    with virtual(ZOO, lambda count: 0) as run:
        late(graph, run)
        (call,) = run._given_up
        call.inputs = (Number("nonsense"),)  # type: ignore[arg-type]
        run.all_come_back()
        run.drain()
        assert run.traffic.is_quiet()
        assert not [event for event in run.log if isinstance(event, Made) and event.node == "x"]
        stages = {stage.id: stage for stage in run.conductor.revision.stages}
        assert isinstance(stages["x"].last, Failed)
        assert "TypeError" in stages["x"].last.message


def test_a_sink_that_hangs_has_done_its_work_when_it_comes_back_and_not_before() -> None:
    @node("t.stall", category="Test", time_limit=5.0)
    def written(number: Number) -> None:
        Written.values.append(number.value)

    class Written:
        values: list[float] = []

    zoo = Registry({**ZOO.types, **Registry.of(written).types})
    graph = build({"one": "t.constant", "out": "t.stall"}, "one.number -> out.number")
    with virtual(zoo, lambda count: 0) as run:
        late(graph, run)
        (stage,) = [stage for stage in run.conductor.revision.stages if stage.id == "out"]
        assert stage.done is None
        run.all_come_back()
        run.conductor.edit(graph.move({"one": (5.0, 5.0)}))
        run.drain()
        assert (Written.values, run.is_out) == ([7], False), "what was written was written again"
        run.conductor.edit(graph.set_param("one", "value", 8.0))
        run.drain()
        run.hang()
        run.conductor.edit(graph.set_param("one", "value", 9.0))
        run.drain()
        run._choose = lambda count: count - 1
        run.all_come_back()
        run.drain()
        assert Written.values == [7, 8, 9]


def test_what_a_node_gives_too_late_that_was_replaced_is_kept_for_who_comes_back_to_it() -> None:
    graph = slow_still()
    with virtual(ZOO, lambda count: 0) as run:
        late(graph, run)
        run._choose = lambda count: count - 1
        run.conductor.edit(graph.set_param("x", "offset", 100))
        run.drain()
        run.all_come_back()
        run.conductor.edit(graph)
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [214, 14]
        assert len([event for event in run.log if isinstance(event, Made) and event.node == "x"]) == 1
