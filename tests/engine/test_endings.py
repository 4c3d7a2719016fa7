"""How a run ends at awkward moments: every node is closed, and the next run begins from nothing."""

from __future__ import annotations

from unittest import mock

import pytest

from nodeflow.engine import status
from nodeflow.engine.revision import Revision
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, node
from nodeflow.values import Number
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, running
from tests.engine.virtual import STALLS, virtual
from tests.engine.zoo import ZOO, Opened


@node(STALLS, category="Test", resource="one")
class InTurns(Opened):
    """Takes any time (see `virtual`), and its calls take turns with others."""

    def open(self) -> None:  # type: ignore[override]
        self._life = [1, 0]
        Opened.lives.append(self._life)

    def run(self, number: Number) -> Number:
        self.seen()
        return number


@pytest.fixture(autouse=True)
def clean() -> None:
    Opened.lives.clear()
    Collect.kept.clear()


def five_that_stall(first: str) -> Graph:
    stalls, ends = [f"stall_{i}" for i in range(5)], [f"end_{i}" for i in range(5)]
    graph = build({"one": first, **dict.fromkeys(stalls, STALLS), **dict.fromkeys(ends, "t.collect")})
    graph = graph.connect(*(f"one.number -> {stall}.number" for stall in stalls))
    return graph.connect(*(f"{stall}.number -> {end}.number" for stall, end in zip(stalls, ends, strict=True)))


@pytest.mark.parametrize("first", ["t.constant", "t.count"])
def test_more_calls_hang_one_behind_the_other_than_are_waited_for(first: str) -> None:
    known = Registry({**ZOO.types, **Registry.of(InTurns).types})
    with virtual(known, lambda count: 0) as run:
        run.conductor.begin(five_that_stall(first))
        if first == "t.count":
            run.offer("one")
        run.conductor.stop()
        assert run.traffic.is_quiet()
        assert run.conductor.state == "stopped"
        run.all_come_back()
        assert Opened.lives == [[1, 1]] * 5, "a node was not closed, or was called after that"
        assert first != "t.count" or not len(run.conductor.cache), "who could want what a stream gave too late?"
        Collect.kept.clear()
        run.conductor.begin(build({"one": "t.constant", "out": "t.collect"}, "one.number -> out.number"))
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [7], "what hung kept the next run from its work"


def test_a_stop_at_the_moment_at_which_a_run_has_opened_its_nodes_closes_them() -> None:
    graph = build(
        {"a": "t.count", "b": "t.shift", "out": "t.collect"}, "a.number -> b.number", "b.number -> out.number"
    )
    with virtual(ZOO, lambda count: 0) as run:
        take_over = run.traffic.take_over

        def and_stop(revision: Revision) -> None:
            take_over(revision)
            run.conductor.announce_stop()

        with mock.patch.object(run.traffic, "take_over", and_stop):
            run.conductor.begin(graph)
        run.conductor.stop()
        stopped = run.conductor.state
        assert Opened.lives == [[1, 1]]
        run.conductor.begin(graph)
        assert (stopped, run.conductor.state) == ("stopped", "running")


@pytest.mark.parametrize("hangs", [False, True])
def test_a_node_that_was_replaced_and_has_frames_yet_to_serve_is_closed_too(hangs: bool) -> None:
    graph = build({"a": "t.count", "b": STALLS, "out": "t.collect"}, "a.number -> b.number", "b.number -> out.number")
    with virtual(ZOO, lambda count: 0 if hangs else count - 1) as run:
        run.conductor.begin(graph)
        for _ in range(2):
            run.offer("a")
        run.conductor.edit(graph.set_param("b", "offset", 100))
        assert Opened.lives == [[1, 0], [1, 0]]
        with run.conductor.lock:
            run.conductor.announce_stop()
        run.conductor.stop()
        assert len(Collect.kept["out"]) == (0 if hangs else 2)
        run.all_come_back()
        assert Opened.lives == [[1, 1], [1, 1]]


def test_a_run_is_not_over_before_what_was_taken_away_has_served_its_frames() -> None:
    stays = build({"a": Node("t.count", params={"frames": 1}), "out": "t.collect"}, "a.number -> out.number")
    goes = {"b": Node("t.count"), "c": Node(STALLS), "end": Node("t.collect")}
    both = Graph({**stays.nodes, **goes}, stays.links).connect("b.number -> c.number", "c.number -> end.number")
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(both)
        run.offer("b")
        run.drain()
        run.conductor.edit(stays)
        run.offer("a")
        run.offer("a")
        run.drain()
        assert run.conductor.outcome() is None
        run.all_come_back()
        run.drain()
        run.conductor.close_left()
        assert run.conductor.outcome() == ("finished", "")


def test_a_run_is_not_over_before_its_last_frame_has_ended() -> None:
    graph = build({"a": Node("t.count", params={"frames": 1}), "b": STALLS, "out": "t.collect"}, "a.number -> b.number")
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph.connect("b.number -> out.number"))
        while run.offer("a"):
            run.drain()
        assert run.conductor.outcome() is None
        run.all_come_back()
        run.drain()
        assert run.conductor.outcome() == ("finished", "")


def test_a_run_is_not_over_before_its_still_nodes_have_answered() -> None:
    graph = build({"none": Node("t.count", params={"frames": 0}), "a": "t.collect", "one": "t.constant", "b": STALLS})
    graph = Graph({**graph.nodes, "end": Node("t.collect")}).connect(
        "none.number -> a.number", "one.number -> b.number"
    )
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph.connect("b.number -> end.number"))
        assert not run.offer("none")
        run.drain()
        assert run.conductor.outcome() is None
        run.all_come_back()
        run.drain()
        assert run.conductor.outcome() == ("finished", "")


def test_a_call_that_comes_back_after_the_end_changes_nothing_of_what_was() -> None:
    graph = build({"one": "t.constant", "a": STALLS, "out": "t.collect"}, "one.number -> a.number")
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph.connect("a.number -> out.number"))
        run.conductor.stop()
        ended = status.snapshot(run.conductor)
        assert (ended.state, ended.admitted, ended.finished) == ("stopped", 1, 1)
        run.all_come_back()
        after = status.snapshot(run.conductor)
        assert (after.state, after.admitted, after.finished) == ("stopped", 1, 1)


def test_a_start_that_a_stop_follows_at_once_lets_no_frame_set_out() -> None:
    graph = build({"a": "t.count", "out": "t.collect"}, "a.number -> out.number")
    with running(graph) as run:
        run.conductor.pause()
        run.offer("a")
        with run.conductor.lock:
            run.conductor.announce_stop()
        run.conductor.resume()
        run.drain()
        assert frames(run, "a") == []
        run.conductor.stop()
        assert run.conductor.state == "stopped"
