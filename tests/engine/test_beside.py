"""Streams beside still nodes that take long: a stream waits for those alone that it gets values from, and a live one
goes on with what they gave before."""

from __future__ import annotations

from nodeflow.engine import status
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, offer, running, value
from tests.engine.virtual import STALLS, Virtual


def beside() -> Graph:
    """A still node that takes long; a stream without still nodes, one with another, and one with what that gives."""
    still = {"two": "t.constant", "quick": "t.double", "slow": STALLS, "still": "t.collect"}
    free = {"a": "t.count", "free": "t.collect"}
    soon = {"b": "t.count", "sum": "t.add", "soon": "t.collect"}
    late = {"c": "t.count", "other": "t.add", "late": "t.collect"}
    graph = build(
        {**still, **free, **soon, **late},
        *("two.number -> quick.number", "quick.number -> slow.number", "slow.number -> still.number"),
        *("a.number -> free.number", "b.number -> sum.a", "quick.number -> sum.b", "sum.number -> soon.number"),
        *("c.number -> other.a", "slow.number -> other.b", "other.number -> late.number"),
    )
    for name in ("still", "free", "soon", "late"):
        graph = graph.set_param(name, "name", name)
    return graph


def test_a_stream_waits_for_those_still_nodes_that_it_gets_values_from() -> None:
    with running(beside()) as run:
        for stream in "abc":
            run.offer(stream)
        assert [len(frames(run, stream)) for stream in "abc"] == [1, 0, 0]
        run.drain()
        assert run.is_stuck
        assert [len(frames(run, stream)) for stream in "abc"] == [1, 1, 0]
        run.come_back()
        run.drain()
        assert [len(frames(run, stream)) for stream in "abc"] == [1, 1, 1]
        given = {name: [each.value for each in kept] for name, kept in Collect.kept.items()}
        assert given == {"free": [0], "soon": [14], "late": [14], "still": [14]}


def test_an_edit_of_still_nodes_that_take_long_holds_up_no_other_stream_be_it_paused() -> None:
    graph = beside()
    with running(graph) as run:
        run.drain()
        run.come_back()
        run.drain()
        for stream in "abc":
            run.offer(stream)
        run.drain()
        run.conductor.pause()
        run.conductor.edit(graph.set_param("two", "value", 1.0))
        run.drain()
        assert run.is_stuck
        assert status.snapshot(run.conductor).state == "paused"
        assert [value(frames(run, stream)[-1], name) for stream, name in (("b", "sum"), ("c", "other"))] == [2, 14]
        run.conductor.step()
        for stream in "abc":
            run.offer(stream)
        run.drain()
        assert [len(frames(run, stream)) for stream in "abc"] == [2, 3, 1]
        run.come_back()
        run.drain()
        assert value(frames(run, "c")[1], "other") == 2
        assert [len(frames(run, stream)) for stream in "abc"] == [2, 3, 3]


def styled(source: str) -> Graph:
    """A stream that gets what a still node gives which takes long."""
    return build(
        {"a": source, "one": "t.constant", "slow": STALLS, "x": "t.add", "y": "t.shift", "out": "t.collect"},
        *("one.number -> slow.number", "a.number -> x.a", "slow.number -> x.b", "x.number -> y.number"),
        "y.number -> out.number",
    )


def begin(run: Virtual) -> None:
    """Let the still node give its first value, and one frame pass."""
    run.drain()
    run.come_back()
    run.drain()
    offer(run, "a")


def serving(run: Virtual, name: str) -> Stage:
    revision = run.conductor.revision
    return revision.stages[revision.plan.index[name]]


def test_a_live_stream_goes_on_as_it_was_until_the_value_that_it_needs_is_there() -> None:
    graph = styled("t.live")
    with running(graph) as run:
        begin(run)
        run.conductor.edit(graph.set_param("one", "value", 100.0).set_param("x", "plus", 0.5))
        offer(run, "a", 2)
        assert run.is_stuck
        run.conductor.edit(graph.set_param("one", "value", 200.0).set_param("x", "plus", 0.25))
        offer(run, "a")
        run.all_come_back()  # of the first edit, which is over
        offer(run, "a")
        run.all_come_back()
        offer(run, "a")
        given = [value(frame, "y") for frame in frames(run, "a")]
        assert given == [7, 8, 9, 10, 11, 5 + 200.25], "each of one revision"
        assert [frame.tick.index for frame in frames(run, "a")] == list(range(6))
        assert status.snapshot(run.conductor).dropped == 0


def test_a_stream_that_loses_nothing_waits_so_that_an_edit_is_felt_from_the_next_frame_on() -> None:
    graph = styled("t.count")
    with running(graph) as run:
        begin(run)
        run.conductor.edit(graph.set_param("one", "value", 100.0))
        offer(run, "a", 2)
        assert len(frames(run, "a")) == 1
        run.all_come_back()
        run.drain()
        assert [value(frame, "y") for frame in frames(run, "a")] == [7, 101]


def test_what_a_stream_needs_until_it_has_come_over_is_closed_then_and_not_before() -> None:
    graph = styled("t.live")
    with running(graph) as run:
        begin(run)
        old = serving(run, "y")
        run.conductor.edit(graph.set_param("one", "value", 100.0).set_param("y", "offset", 1000))
        new = serving(run, "y")
        run.conductor.close_left()
        assert (old.open, old.stop.is_set(), new.open) == (True, False, True)
        offer(run, "a")
        run.conductor.edit(graph.set_param("one", "value", 100.0).set_param("y", "offset", 2000))
        run.conductor.close_left()
        assert (old.open, new.open) == (True, False), "no frame set out on the revision between"
        run.all_come_back()
        offer(run, "a")
        run.conductor.close_left()
        assert not old.open
        assert [value(frame, "y") for frame in frames(run, "a")] == [7, 8, 2 + 100 + 2000]


def test_a_run_that_is_stopped_closes_what_a_stream_has_not_come_over_from() -> None:
    graph = styled("t.live")
    with running(graph) as run:
        begin(run)
        old = serving(run, "y")
        run.conductor.edit(graph.set_param("one", "value", 100.0).set_param("y", "offset", 1000))
        run.conductor.end("stopped")
        assert not old.open
        assert not serving(run, "y").open
        run.all_come_back()


def test_a_live_stream_that_an_edit_makes_anew_waits_and_the_one_before_is_over() -> None:
    graph = styled("t.live")
    with running(graph) as run:
        begin(run)
        run.conductor.edit(graph.set_param("one", "value", 100.0).set_param("a", "first", 50))
        offer(run, "a", 2)
        assert len(frames(run, "a")) == 1
        run.all_come_back()
        run.drain()
        assert [value(frame, "y") for frame in frames(run, "a")] == [7, 51 + 100], "the newest"


def test_what_a_stream_makes_of_a_sink_meanwhile_does_not_undo_its_work_on_a_still_value() -> None:
    graph = build(
        {"a": "t.live", "one": "t.constant", "slow": STALLS, "x": "t.add", "bad": "t.fail_on", "out": "t.collect"},
        *("one.number -> slow.number", "a.number -> x.a", "slow.number -> x.b", "x.number -> bad.number"),
        "bad.number -> out.number",
    ).set_param("bad", "every", 1)
    still = graph.disconnect("bad.number -> out.number").set_param("one", "value", 5.0)
    still, other = still.add(Node("t.collect", params={"name": "other"}))
    still = still.connect("one.number -> out.number", f"bad.number -> {other}.number")
    with running(graph) as run:
        run.drain()
        run.come_back()
        offer(run, "a")
        run.conductor.edit(still)
        run.drain()
        assert [each.value for each in Collect.kept["out"]] == [5]
        offer(run, "a")  # in the revision before, in which the sink gets a failure
        run.come_back()
        run.drain()
        run.conductor.edit(still.set_param("x", "plus", 1.0))
        run.drain()
        assert [each.value for each in Collect.kept["out"]] == [5]
