"""What becomes of streams, memories and kept values when a graph is edited: one example each, call by call."""

from __future__ import annotations

from nodeflow.engine import status
from nodeflow.engine.packets import Failed
from nodeflow.graph import Node
from nodeflow.node import Nothing
from nodeflow.values import Items, Number
from tests.engine.events import Made
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.running_parts import frames, offer, running, two_streams, value
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import DOES_NOT_OPEN, ZOO, Opened


def test_streams_that_are_joined_go_on_counting_and_their_counts_add_up() -> None:
    graph = two_streams()
    with running(graph) as run:
        offer(run, "a", 3)
        offer(run, "b", 1)
        run.conductor.edit(graph.connect("b.number -> x.b"))
        offer(run, "a")
        offer(run, "b")
        joined = frames(run, "a")[-1]
        assert (value(joined, "x"), joined.tick.index) == (3 + 1, 3)
        now = status.snapshot(run.conductor)
        assert (now.offered, now.admitted, now.finished, now.waiting) == (1, 1, 1, 0)


def test_the_value_of_a_refused_change_is_not_taken_for_that_of_the_change() -> None:
    graph = build({"one": "t.constant", "x": "t.shift", "out": "t.collect"}, "one.number -> x.number")
    graph = graph.connect("x.number -> out.number")
    with running(graph) as run:
        run.drain()
        run.conductor.edit(graph.set_param("x", "offset", DOES_NOT_OPEN))
        run.drain()
        run.conductor.edit(graph.set_params("x", {"offset": DOES_NOT_OPEN, "factor": 2}))
        run.drain()
    assert [kept.value for kept in Collect.kept["out"]] == [7, 14]


def test_a_failure_leaves_what_is_held() -> None:
    graph = build(
        {"a": "t.live", "bad": "t.fail_on", "keep": "flow.hold", "b": "t.live", "x": "t.either", "out": "t.collect"},
        "a.number -> bad.number",
        "bad.number -> keep.value",
        "keep.value -> x.b",
        "b.number -> x.a",
        "x.number -> out.number",
    )
    with running(graph) as run:
        offer(run, "a", 3)  # 0 fails, 1 and 2 do not
        offer(run, "b")
        offer(run, "a")  # 3 fails
        offer(run, "b")
        assert [value(frame, "bad") for frame in frames(run, "a")][1:3] == [1, 2]
        assert isinstance(value(frames(run, "a")[3], "bad"), Failed)
        assert [value(frame, "x") for frame in frames(run, "b")] == [0 + 2, 1 + 2]


def test_what_is_remembered_is_forgotten_when_another_kind_is_to_be() -> None:
    graph = build(
        {"a": "t.count", "many": "t.spread", "before": "flow.previous", "out": "t.collect"},
        "a.number -> many.number",
        "many.numbers -> before.value",
        "before.value -> out.number",
    )
    with running(graph) as run:
        offer(run, "a", 2)
        other = graph.disconnect("many.numbers -> before.value").connect("a.number -> before.value")
        run.conductor.edit(other)
        offer(run, "a", 2)
        assert [value(frame, "before") for frame in frames(run, "a")] == [
            Nothing("this is the first frame"),
            Items((Number(0), Number(1), Number(2))),
            Nothing("this is the first frame"),
            2,
        ]


def test_what_is_remembered_is_forgotten_when_items_come_where_lists_came_unsaid() -> None:
    graph = build(
        {"a": "t.count", "many": "t.spread", "each": "t.square", "before": "flow.previous", "out": "t.collect"},
        *("a.number -> many.number", "many.numbers -> each.number", "each.number -> before.value"),
        "before.value -> out.number",
    )
    with running(graph) as run:
        offer(run, "a", 2)
        run.conductor.edit(graph.disconnect("many.numbers -> each.number").connect("a.number -> each.number"))
        offer(run, "a", 2)
        first = Nothing("this is the first frame")
        assert [value(frame, "before") for frame in frames(run, "a")] == [
            *(first, Items((Number(0), Number(1), Number(4)))),
            *(first, 4),
        ]


def test_a_source_that_is_started_anew_goes_on_counting() -> None:
    graph = build({"a": "t.count", "out": "t.collect"}, "a.number -> out.number")
    with running(graph) as run:
        offer(run, "a", 2)
        run.conductor.edit(graph.set_param("a", "first", 50))
        offer(run, "a", 2)
    assert [tuple(kept) for kept in Collect.kept["out"]] == [(0, 0), (1, 1), (2, 50), (3, 51)]


def test_frames_behind_a_still_one_that_an_edit_cuts_short_have_their_turn() -> None:
    nodes = {"cam": "t.live", "one": "t.constant", "slow": "t.stall", "both": "t.add", "x": "t.double"}
    still = ("one.number -> slow.number", "slow.number -> both.b")
    graph = build(
        {**nodes, "out": "t.collect", "end": "t.collect"},
        *(*still, "cam.number -> both.a", "both.number -> end.number", "cam.number -> x.number"),
        "x.number -> out.number",
    )
    with running(graph) as run:
        run.drain()
        run.come_back()
        offer(run, "cam", 2)
        edited = graph.disconnect("cam.number -> x.number").connect("slow.number -> x.number")
        run.conductor.edit(edited.set_param("one", "value", 1.0))
        run.drain()
        assert run.is_stuck
        offer(run, "cam")
        assert frames(run, "cam")[-1].left, "it goes on as it was before, and `x` has a still frame to serve first"
        run.conductor.edit(edited.set_param("one", "value", 2.0))
        run.drain()
        assert not any(frame.left for frame in frames(run, "cam"))
        run.all_come_back()


def test_a_node_that_comes_over_to_another_stream_sees_the_numbers_of_its_frames_go_on() -> None:
    graph = two_streams()
    with running(graph) as run:
        offer(run, "a", 3)
        offer(run, "b", 1)
        run.conductor.edit(graph.disconnect("a.number -> x.a").connect("b.number -> x.a"))
        offer(run, "b", 2)
        now = status.snapshot(run.conductor)
        assert (now.offered, now.admitted, now.finished) == (3, 3, 3)
        assert [(frame.tick.index, value(frame, "x")) for frame in frames(run, "b")[1:]] == [(3, 1), (4, 2)]


def test_so_it_does_where_nothing_streamed_into_it_in_between() -> None:
    streams = {"a": "t.count", "b": "t.count", "one": "t.constant", "x": "t.double", "out": "t.collect"}
    graph = build(streams, "x.number -> out.number")
    with running(graph.connect("a.number -> x.number")) as run:
        offer(run, "a", 3)
        run.conductor.edit(graph.connect("one.number -> x.number"))
        run.conductor.edit(graph.connect("b.number -> x.number"))
        offer(run, "b", 2)
        assert [frame.tick.index for frame in frames(run, "b")] == [3, 4]


STILL = build(
    {"one": "t.constant", "slow": "t.double", "next": "t.add", "out": "t.collect"},
    "one.number -> slow.number",
    "slow.number -> next.a",
    "one.number -> next.b",
    "next.number -> out.number",
)


def begin_slow(run: Virtual) -> None:
    """Begin the call of `slow`, and let it take its time."""
    run.finish_one()
    with run.conductor.lock:
        run.begin_calls()


def test_of_quick_edits_of_still_nodes_only_the_last_is_computed() -> None:
    with running(STILL) as run:
        begin_slow(run)
        made = len(run.log)
        for plus in (1.0, 2.0, 3.0):
            run.conductor.edit(STILL.set_param("next", "plus", plus))
            assert not [event for event in run.log[made:] if isinstance(event, Made)], "an edit waited for a call"
        run.drain()
        calls = [event.node for event in run.log if isinstance(event, Made)]
    assert calls == ["one", "slow", "next", "out"]  # what had begun was not done twice, what had not was called off
    assert [kept.value for kept in Collect.kept["out"]] == [14 + 7 + 3]


def test_while_one_call_runs_the_newest_edit_of_its_node_wins() -> None:
    graph = STILL.set_param("one", "value", 1.0)
    with running(graph) as run:
        with run.conductor.lock:
            run.begin_calls()
        for value in (2.0, 3.0, 4.0):
            graph = graph.set_param("one", "value", value)
            run.conductor.edit(graph)
        run.drain()
        calls = [event.node for event in run.log if isinstance(event, Made)]
        assert calls == ["one", "one", "slow", "next", "out"]
        run.conductor.edit(graph.set_param("one", "value", 1.0))  # the call that was overtaken is not lost either
        run.drain()
        assert [event.node for event in run.log if isinstance(event, Made)][5:] == ["slow", "next", "out"]
    assert [kept.value for kept in Collect.kept["out"]] == [12, 3]


def test_a_run_that_is_stopped_computes_no_edit_that_waits() -> None:
    with running(STILL) as run:
        begin_slow(run)
        run.conductor.edit(STILL.set_param("next", "plus", 1.0))
        run.conductor.end("stopped")
        assert [event.node for event in run.log if isinstance(event, Made)] == ["one", "slow"]
    assert Collect.kept["out"] == []


def test_a_sink_like_another_does_its_own_work() -> None:
    graph = STILL.set_param("out", "name", "twin")
    with running(graph) as run:
        run.drain()
        twin, name = graph.add(graph["out"])
        run.conductor.edit(twin.connect(f"next.number -> {name}.number"))
        run.drain()
    assert [kept.value for kept in Collect.kept["twin"]] == [21, 21]


def test_a_loop_that_nobody_looks_at_any_more_does_not_keep_itself_running() -> None:
    graph = build(
        {"a": "t.count", "sum": "t.either", "before": "flow.previous", "out": "t.collect"},
        *("a.number -> out.number", "a.number -> sum.a", "before.value -> sum.b", "sum.number -> before.value"),
    )
    with running(graph) as run:
        run.watch(["before"], graph)
        assert run.conductor.revision.plan.index.keys() == {"a", "sum", "before", "out"}
        run.watch([], graph)
        assert run.conductor.revision.plan.index.keys() == {"a", "out"}


def test_a_call_that_began_before_an_edit_is_not_called_off_by_a_later_one() -> None:
    """Also where its node, which is parallel, serves a stream by then."""
    graph = build(
        {"one": "t.constant", "a": "t.count", "x": "t.square", "other": "t.double", "out": "t.collect"},
        *("one.number -> x.number", "x.number -> out.number", "one.number -> other.number"),
    )
    with running(graph) as run:
        begin_slow(run)
        streaming = graph.disconnect("one.number -> x.number").connect("a.number -> x.number")
        run.conductor.edit(streaming)
        run.offer("a")
        with run.conductor.lock:
            run.begin_calls()
        run.conductor.edit(streaming.set_param("a", "frames", 3))
        run.drain()
        assert [event.node for event in run.log if isinstance(event, Made)].count("x") == 2


def test_a_still_node_is_replaced_while_a_call_of_the_one_before_goes_on() -> None:
    graph = build({"one": "t.constant", "slow": "t.shift", "out": "t.collect"}, "one.number -> slow.number")
    graph = graph.connect("slow.number -> out.number")
    with running(graph) as run:
        begin_slow(run)
        old = run.conductor.revision.stages[run.conductor.revision.plan.index["slow"]]
        run.conductor.edit(graph.set_param("slow", "offset", 100))
        with run.conductor.lock:
            run.begin_calls()
        assert [call.node.id for call in run.hand] == ["slow", "slow"], "the new one waits for the old"
        assert old.open, "it was closed under its call"
        run.drain()
        run.conductor.close_left()
        assert not old.open
        assert [event.node for event in run.log if isinstance(event, Made)] == ["one", "slow", "slow", "out"]
        run.conductor.edit(graph)  # what the old one gave is known
        run.drain()
        assert [event.node for event in run.log if isinstance(event, Made)][4:] == ["out"]
    assert [kept.value for kept in Collect.kept["out"]] == [107, 7]


def test_a_node_is_closed_when_its_last_frame_has_left_it_and_no_edit_waits_for_that() -> None:
    graph = build({"a": "t.count", "x": "t.stall", "y": "t.level", "out": "t.collect"}, "a.number -> x.number")
    graph = graph.connect("x.number -> y.number", "y.number -> out.number")
    with running(graph) as run:
        run.offer("a")
        with run.conductor.lock:
            run.begin_calls()
        old = run.conductor.revision.stages[run.conductor.revision.plan.index["y"]]
        run.conductor.edit(graph.set_param("y", "offset", 100))
        assert old.open
        run.drain()
        run.all_come_back()
        run.drain()
        run.conductor.close_left()
        assert not old.open
        assert [kept.value for kept in Collect.kept["out"]] == [0 + 1 / 8]


def test_a_refused_change_of_a_node_that_hangs_and_is_retried_stays_refused() -> None:
    graph = build(
        {"a": "t.count", "x": "t.stall", "out": "t.collect"}, "a.number -> x.number", "x.number -> out.number"
    )
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph)
        run.offer("a")
        run.drain()
        run.hang()
        refused = graph.set_param("x", "offset", DOES_NOT_OPEN)
        run.conductor.edit(refused)
        run.retry("x", refused)
        plan = run.conductor.revision.plan
        assert plan.nodes[plan.index["x"]].settings.values["offset"] == 0
        run.all_come_back()


def test_counts_add_up_where_a_frame_waits_while_its_stream_is_joined_to_another() -> None:
    graph = two_streams()
    with running(graph) as run:
        run.conductor.pause()
        run.offer("b")
        run.conductor.edit(graph.connect("b.number -> x.b"))
        now = status.snapshot(run.conductor)
        assert (now.offered, now.admitted, now.dropped, now.waiting) == (1, 0, 0, 1)


def test_a_stream_begins_anew_beside_one_that_goes_on_and_grows() -> None:
    graph = build({"b": "t.count", "a": "t.count", "out": "t.collect", "end": "t.collect"}, "a.number -> out.number")
    graph = graph.connect("b.number -> end.number")
    with running(graph) as run:
        offer(run, "a", 2)
        offer(run, "b", 2)
        grown = graph.set_param("a", "first", 50)
        for _ in range(4):
            grown, name = grown.add(Node("t.collect"))
            grown = grown.connect(f"b.number -> {name}.number")
        run.conductor.edit(grown)
        offer(run, "a")
        offer(run, "b")
        assert [frames(run, stream)[-1].tick.index for stream in "ab"] == [2, 2]


def test_a_sink_that_had_nothing_to_do_has_not_done_its_work() -> None:
    graph = build(
        {"one": "t.constant", "x": "t.stall", "out": "t.collect", "other": "t.double"}, "one.number -> x.number"
    )
    graph = graph.connect("x.number -> out.number", "one.number -> other.number")
    with running(graph) as run:
        run.drain()
        run.hang()
        run.all_come_back()
        run.watch(["other"], graph)  # any edit
        run.drain()
        run.all_come_back()
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [7]


def test_a_change_that_was_refused_is_not_tried_again_by_another_edit() -> None:
    graph = build({"a": "t.count", "x": "t.shift", "y": "t.add", "one": "t.constant"}, "a.number -> x.number")
    graph = graph.connect("x.number -> y.a", "one.number -> y.b")
    with running(graph) as run:
        run.watch(["y"], graph)
        graph = graph.set_param("x", "offset", DOES_NOT_OPEN)
        run.conductor.edit(graph)
        tried = Opened.tried
        for plus in (1.0, 2.0, 3.0):
            run.conductor.edit(graph.set_param("y", "plus", plus))
        assert Opened.tried == tried
        run.retry("x", graph)
        assert Opened.tried == tried + 1, "it is when somebody asks for it"


def test_retry_ends_a_rest() -> None:
    graph = build({"a": "t.live", "bad": "t.fail_on"}, "a.number -> bad.number").set_param("bad", "every", 1)
    with running(graph) as run:
        run.watch(["bad"], graph)
        offer(run, "a", 8)
        made = [event for event in run.log if isinstance(event, Made)]
        assert len(made) == 5, "it rests after five failures"
        run.retry("bad", graph)
        offer(run, "a", 8)
        assert len([event for event in run.log if isinstance(event, Made)]) == 10, "it has five more before it rests"


def test_a_call_of_a_replaced_node_that_ends_late_changes_nothing_of_what_sinks_have_done() -> None:
    graph = build(
        {"one": "t.constant", "sum": "t.add", "out": "t.collect", "slow": "t.shift", "end": "t.collect"},
        *("one.number -> sum.a", "one.number -> sum.b", "sum.number -> out.number"),
        *("one.number -> slow.number", "slow.number -> end.number"),
    ).set_param("end", "name", "end")
    Collect.kept.clear()
    with virtual(ZOO, lambda count: count - 1) as run:
        run.conductor.begin(graph)
        while "slow" not in {call.node.id for call in run.hand} or len(run.hand) > 1:
            run.finish_one()
            with run.conductor.lock:
                run.begin_calls()
        run.conductor.edit(graph.set_param("slow", "offset", 100).set_param("sum", "plus", 1.0))
        run.drain()  # the late one comes last
        run.conductor.edit(graph.set_param("slow", "offset", 100))
        run.drain()
    assert [kept.value for kept in Collect.kept["out"]] == [14, 15, 14]


def test_a_sink_that_has_done_its_work_is_not_called_again_where_an_edit_replaces_a_node_that_has_not() -> None:
    graph = build(
        {"one": "t.constant", "out": "t.collect", "slow": "t.stall", "end": "t.collect"},
        *("one.number -> out.number", "one.number -> slow.number", "slow.number -> end.number"),
    ).set_param("end", "name", "end")
    with running(graph) as run:
        run.drain()
        run.conductor.edit(graph.set_param("slow", "offset", 100))
        run.all_come_back()
        run.drain()
        run.all_come_back()
        run.drain()
        assert [[kept.value for kept in Collect.kept[name]] for name in ("out", "end")] == [[7], [107]]


def test_nothing_is_kept_of_the_reader_of_a_source_that_was_edited_away() -> None:
    graph = two_streams()
    with running(graph) as run:
        readers = run.conductor._readers
        run.conductor.edit(graph.remove(["b", "y", "end"]))
        assert [stage.id for stage in readers.gates] == ["a"]
        assert readers._parting == []
