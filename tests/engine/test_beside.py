"""Streams beside still nodes that take long: a stream waits for those alone that it gets values from."""

from __future__ import annotations

from nodeflow.engine import status
from nodeflow.graph import Graph
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, running, value
from tests.engine.virtual import STALLS


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
