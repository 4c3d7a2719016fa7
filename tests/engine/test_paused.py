"""What steps and edits do while a run is paused: one example each, call by call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Annotated

from nodeflow.engine import status
from nodeflow.engine.packets import Failed
from nodeflow.node import Registry, Widget, node
from nodeflow.values import Number
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, offer, running, two_streams, value
from tests.engine.virtual import virtual
from tests.engine.zoo import ZOO


def test_a_step_is_one_frame_of_each_stream() -> None:
    with running(two_streams()) as run:
        run.conductor.pause()
        for stream in "abab":
            run.offer(stream)
        run.conductor.step()
        run.drain()
        assert [len(frames(run, stream)) for stream in "ab"] == [1, 1]


def test_a_seek_shows_one_frame_of_each_stream_that_can_be_wound_and_leaves_the_others_where_they_are() -> None:
    nodes = {"a": "t.tape", "b": "t.tape", "c": "t.count", "x": "t.collect", "y": "t.collect", "z": "t.collect"}
    graph = build(nodes, "a.number -> x.number", "b.number -> y.number", "c.number -> z.number")
    with running(graph) as run:
        run.conductor.pause()
        for stream in "abc":
            run.offer(stream)
        run.conductor.seek(20.0)  # what waits at the gates of the two was read before
        for stream in "abc" * 2:
            run.offer(stream)
        run.drain()
        assert [[value(frame, stream) for frame in frames(run, stream)] for stream in "abc"] == [[20], [20], []]
        now = status.snapshot(run.conductor)
        assert now.offered == now.admitted + now.dropped + now.waiting == 2 + 3
        for _ in range(3):
            run.conductor.step()
        for stream in "abc":
            run.offer(stream)
        run.drain()
        run.conductor.resume()  # steps that were not taken are not owed any more
        run.conductor.pause()
        for stream in "abc" * 2:
            run.offer(stream)
        run.drain()
        shown = [[value(frame, stream) for frame in frames(run, stream)] for stream in "abc"]
        assert shown == [[20, 21, 22], [20, 21, 22], [0, 1]]


def test_where_it_is_sought_again_before_a_frame_has_come_one_frame_is_shown() -> None:
    graph = build({"a": "t.tape", "out": "t.collect"}, "a.number -> out.number")
    with running(graph) as run:
        run.conductor.pause()
        for seconds in (20.0, 15.0, 10.0):  # as a bar is dragged
            run.conductor.seek(seconds)
        for _ in range(3):
            run.offer("a")
            run.drain()
        assert [value(frame, "a") for frame in frames(run, "a")] == [10]


def test_a_seek_while_it_runs_owes_no_frame_to_a_pause_that_follows() -> None:
    graph = build({"a": "t.tape", "out": "t.collect"}, "a.number -> out.number")
    with running(graph) as run:
        offer(run, "a")
        run.conductor.seek(20.0)
        offer(run, "a")
        run.conductor.pause()
        offer(run, "a")
        assert [value(frame, "a") for frame in frames(run, "a")] == [0, 20]


def test_what_is_held_is_as_old_as_its_capture_however_long_it_waited_to_set_out() -> None:
    graph = build({"a": "t.live", "keep": "flow.hold", "b": "t.live", "out": "t.collect"}, "a.number -> keep.value")
    graph = graph.connect("b.number -> out.number")
    with running(graph) as run:
        run.watch(["keep"], graph)
        run.conductor.pause()
        for stream in "abb":
            run.offer(stream)
        run.conductor.step()
        run.drain()
        kept = frames(run, "a")[0]
        held = run.conductor.revision.stages[run.conductor.revision.plan.index["keep"]].held
        assert held is not None
        assert held[1] == kept.captured < kept.admitted


def test_a_frame_that_was_on_its_way_when_it_was_paused_and_edited_is_shown_as_edited() -> None:
    graph = build({"a": "t.count", "x": "t.add", "one": "t.constant", "out": "t.collect"}, "a.number -> x.a")
    graph = graph.connect("one.number -> x.b", "x.number -> out.number")
    with running(graph) as run:
        run.drain()
        run.offer("a")
        run.conductor.pause()
        run.conductor.edit(graph.set_param("x", "plus", 0.5))
        run.drain()
        assert [value(frame, "x") for frame in frames(run, "a")] == [7, 7.5]
        assert [kept.value for kept in Collect.kept["out"]] == [7]


def test_a_frame_that_was_on_its_way_when_it_was_edited_and_paused_is_shown_as_edited() -> None:
    graph = build({"a": "t.count", "x": "t.either", "out": "t.collect"}, "a.number -> x.a", "x.number -> out.number")
    with running(graph) as run:
        offer(run, "a", 3)
        run.offer("a")
        run.conductor.edit(graph.connect("a.number -> x.b"))
        run.conductor.pause()
        run.drain()
        assert [value(frame, "x") for frame in frames(run, "a")] == [0, 1, 2, 3, 6]


def test_while_paused_a_frame_finds_again_what_it_found_before() -> None:
    graph = build(
        {"a": "t.count", "one": "t.constant", "sum": "t.add", "before": "flow.previous", "out": "t.collect"},
        "a.number -> sum.a",
        "before.value -> sum.b",
        "sum.number -> before.value",
        "one.number -> before.first",
        "sum.number -> out.number",
    )
    with running(graph) as run:
        offer(run, "a", 3)
        run.conductor.pause()
        run.conductor.edit(graph.set_param("sum", "plus", 100.0))
        run.drain()
        run.conductor.resume()
        offer(run, "a")
        assert [value(frame, "sum") for frame in frames(run, "a")] == [7, 8, 10, 110, 110 + 3 + 100]


def test_while_paused_a_frame_finds_again_what_was_held_for_it() -> None:
    graph = build(
        {"a": "t.live", "keep": "flow.hold", "b": "t.live", "x": "t.add", "out": "t.collect"},
        *("a.number -> keep.value", "keep.value -> x.b", "b.number -> x.a", "x.number -> out.number"),
    )
    with running(graph) as run:
        offer(run, "a")
        offer(run, "a")  # 1 is held
        offer(run, "b")
        offer(run, "a")  # 2 is, but the frame of b set out before
        run.conductor.pause()
        run.conductor.edit(graph.set_param("x", "plus", 0.5))
        run.drain()
        assert [value(frame, "x") for frame in frames(run, "b")] == [0 + 1, 0 + 1 + 0.5]


def test_a_frame_that_runs_again_finds_the_frame_before_it_however_often() -> None:
    graph = build(
        {"a": "t.count", "one": "t.constant", "sum": "t.add", "before": "flow.previous", "out": "t.collect"},
        *("a.number -> sum.a", "before.value -> sum.b", "sum.number -> before.value"),
        *("one.number -> before.first", "sum.number -> out.number"),
    )
    with running(graph) as run:
        offer(run, "a", 3)
        run.conductor.pause()
        for first in (100.0, 200.0, 300.0):  # only the first frame would notice
            run.conductor.edit(graph.set_param("one", "value", first))
            run.drain()
        assert [value(frame, "sum") for frame in frames(run, "a")] == [7, 8, 10, 10, 10, 10]


def test_while_paused_what_failed_is_tried_again_with_every_edit() -> None:
    graph = build({"a": "t.count", "x": "t.stall", "y": "t.add", "one": "t.constant"}, "a.number -> x.number")
    graph = graph.connect("x.number -> y.a", "one.number -> y.b")
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph)
        run.watch(["y"], graph)
        run.offer("a")
        run.drain()
        run.hang()
        run.conductor.pause()
        assert isinstance(value(frames(run, "a")[-1], "y"), Failed)
        run.all_come_back()
        run.conductor.edit(graph.set_param("y", "plus", 1.0))
        run.drain()
        run.all_come_back()
        run.drain()
        assert value(frames(run, "a")[-1], "y") == 0 + 7 + 1


def test_what_a_step_was_asked_for_before_a_run_went_on_is_not_admitted_at_the_next_pause() -> None:
    with running(two_streams()) as run:
        run.conductor.pause()
        run.conductor.step()
        run.conductor.resume()
        run.conductor.pause()
        offer(run, "a")
        assert frames(run, "a") == []


def test_where_an_older_frame_ends_last_the_newest_is_the_one_that_is_shown() -> None:
    graph = build({"a": "t.count", "x": "t.square", "out": "t.collect"}, "a.number -> x.number")
    graph = graph.connect("x.number -> out.number").set_param("out", "name", "out")
    last = [0]
    with virtual(ZOO, lambda count: count - 1 if last[0] else 0) as run:
        run.conductor.begin(graph.remove(["out"]))
        run.watch(["x"], graph.remove(["out"]))
        run.offer("a")
        run.offer("a")
        with run.conductor.lock:
            run.begin_calls()
        assert [call.frame.tick.index for call in run.hand] == [0, 1], "it is parallel"
        last[0] = 1
        run.drain()
        clock = run.conductor.revision.clocks[0]
        assert clock.last is not None
        assert clock.last.tick.index == 1
        run.conductor.pause()
        run.conductor.step()  # nothing waits: the shown frame stays
        assert [value(frame, "x") for frame in frames(run, "a")] == [0, 1]


@node("t.reads", category="Test")
def reads(path: Annotated[str, Widget("file")] = "") -> Iterator[Number]:
    """As many numbers as one likes, whatever is in its file."""
    yield from map(Number, count())


def test_a_frame_whose_source_reads_another_file_by_now_is_not_run_again(tmp_path: Path) -> None:
    registry = Registry({**ZOO.types, **Registry.of(reads).types})
    graph = build(
        {"a": "t.reads", "x": "t.fail_on", "out": "t.collect"}, "a.number -> x.number", "x.number -> out.number"
    )
    graph, film = graph.set_param("a", "path", str(tmp_path / "film")), tmp_path / "film"
    film.write_text("one")
    with virtual(registry, lambda count: 0) as run:
        run.conductor.begin(graph)
        offer(run, "a", 2)
        run.conductor.pause()
        film.write_text("another")
        run.conductor.edit(graph.set_param("x", "every", 7))
        run.drain()
        assert run.traffic.is_quiet()
        run.conductor.resume()
        offer(run, "a")
        assert [frame.tick.index for frame in frames(run, "a")] == [0, 1, 2]
