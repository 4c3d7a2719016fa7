"""Hold latest, previous frame, switch, lists: exact, frame by frame, in any order in which calls end."""

from __future__ import annotations

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from nodeflow.engine.clocks import STILL
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Node, check
from nodeflow.node import Nothing, Registry, node
from nodeflow.values import Items, Number
from tests.engine.graph_parts import ALL, Squares, any_order, bench_of, build
from tests.engine.parts import REGISTRY, Bench, given


@over(st.integers(1, 4), st.data())
def test_a_loop_through_the_previous_frame_adds_up(k: int, data: st.DataObject) -> None:
    graph = build(
        {
            "count": "t.count",
            "zero": Node("t.constant", params={"value": 0.0}),
            "add": "t.add",
            "before": "flow.previous",
        },
        "count.number -> add.a",
        "before.value -> add.b",
        "add.number -> before.value",
        "zero.number -> before.first",
    )
    bench = bench_of(graph, "add", choose=any_order(data))
    clock = bench.revision.clocks[0]
    frames = []
    for value in range(7):
        while clock.in_flight >= k:
            assert bench.finish_one()
        frames.append(bench.admit(clock, value))
    bench.drain()
    assert [given(frame, "add") for frame in frames] == [0, 1, 3, 6, 10, 15, 21]


@over(st.integers(1, 4), st.data())
def test_the_previous_frame_without_a_loop_is_a_delay_of_one(k: int, data: st.DataObject) -> None:
    graph = build({"count": "t.count", "before": "flow.previous"}, "count.number -> before.value")
    bench = bench_of(graph, "before", choose=any_order(data))
    clock = bench.revision.clocks[0]
    frames = []
    for value in range(6):
        while clock.in_flight >= k:
            assert bench.finish_one()
        frames.append(bench.admit(clock, value))
    bench.drain()
    assert [given(frame, "before") for frame in frames] == [Nothing("this is the first frame"), 0, 1, 2, 3, 4]


def test_a_frame_that_failed_leaves_the_value_before_it() -> None:
    graph = build(
        {"count": "t.count", "bad": "t.fail_on", "before": "flow.previous"},
        "count.number -> bad.number",
        "bad.number -> before.value",
    )
    bench = bench_of(graph, "before")
    frames = [bench.admit(bench.revision.clocks[0], value) for value in (1, 2, 3, 4)]
    bench.drain()
    assert [given(frame, "before") for frame in frames][1:] == [1, 2, 2]


def test_streams_that_meet_over_the_previous_frame_are_refused_too() -> None:
    nodes = {"camera": "t.live", "file": "t.count", "before": "flow.previous", "both": "t.add", "twice": "t.double"}
    into_it = build(nodes, "camera.number -> before.first", "file.number -> before.value")
    behind_it = build(
        nodes, "file.number -> before.value", "before.value -> twice.number", "twice.number -> both.a"
    ).connect("camera.number -> both.b")
    for graph, port in ((into_it, ("before", "value")), (behind_it, ("both", "a"))):
        faults = [problem for problem in check(graph, ALL.catalog) if problem.code == "two-clocks"]
        assert [(fault.node, fault.port) for fault in faults] == [port]


def test_every_other_loop_is_refused() -> None:
    graph = build({"one": "t.double", "two": "t.double"}, "one.number -> two.number", "two.number -> one.number")
    assert "cycle" in {problem.code for problem in check(graph, ALL.catalog)}


def test_a_held_value_joins_another_clock_and_nobody_waits_for_it() -> None:
    graph = build(
        {"slow": "t.count", "fast": "t.count", "keep": "flow.hold", "both": "t.either"},
        "slow.number -> keep.value",
        "fast.number -> both.a",
        "keep.value -> both.b",
    )
    bench = bench_of(graph, "both")
    plan = bench.revision.plan
    slow, fast = (
        next(c for c in bench.revision.clocks if plan.nodes[c.plan.sources[0]].id == n) for n in ("slow", "fast")
    )
    first = bench.admit(fast, 1)
    bench.drain()
    bench.admit(slow, 100)
    second = bench.admit(fast, 2)  # sets out before the slow one is there
    bench.drain()
    third = bench.admit(fast, 3)
    bench.drain()
    assert [given(frame, "both") for frame in (first, second, third)] == [1, 2, 103]
    assert all(frame.left == 0 for frame in (first, second, third))


def test_what_hangs_on_a_held_value_alone_beats_with_what_is_held() -> None:
    graph = build(
        {"count": "t.count", "keep": "flow.hold", "after": "t.double"},
        "count.number -> keep.value",
        "keep.value -> after.number",
    )
    plan = make_plan(graph, ALL, ("after",))
    assert {node.clock for node in plan.nodes} == {0}


def test_a_branch_that_is_not_chosen_is_not_computed() -> None:
    graph = build(
        {"count": "t.count", "one": "t.double", "two": "t.sum", "pick": "flow.switch", "out": "t.collect"},
        "count.number -> one.number",
        "count.number -> two.number",
        "one.number -> pick.a",
        "two.number -> pick.b",
        "pick.value -> out.number",
    )
    assert {n.id for n in make_plan(graph, ALL).nodes} == {"count", "one", "pick", "out"}
    other = graph.set_param("pick", "use", "b")
    assert {n.id for n in make_plan(other, ALL).nodes} == {"count", "two", "pick", "out"}


@pytest.mark.parametrize("items", [0, 1, 4])
def test_a_node_for_one_item_maps_over_a_list(items: int) -> None:
    graph = build(
        {"count": "t.count", "many": Node("t.spread", params={"items": items}), "twice": "t.double", "all": "t.total"},
        "count.number -> many.number",
        "many.numbers -> twice.number",
        "twice.number -> all.numbers",
    )
    bench = bench_of(graph, "all", "twice")
    frame = bench.admit(bench.revision.clocks[0], 10)
    bench.drain()
    assert given(frame, "all") == sum(2 * (10 + i) for i in range(items))
    assert given(frame, "twice") == Items(Number(2 * (10 + i)) for i in range(items))


@pytest.mark.parametrize(("items", "each"), [(0, 2), (2, 0), (3, 2)])
def test_what_is_given_as_a_list_for_each_item_of_a_list_becomes_one_list(items: int, each: int) -> None:
    nodes = {"many": Node("t.spread", params={"items": items}), "more": Node("t.spread", params={"items": each})}
    graph = build(
        {"count": "t.count", **nodes, "twice": "t.squares", "all": "t.total"},
        *("count.number -> many.number", "many.numbers -> more.number"),
        *("more.numbers -> twice.number", "twice.number -> all.numbers"),
    )
    Squares.calls = 0
    bench = bench_of(graph, "more", "twice", "all")
    frame = bench.admit(bench.revision.clocks[0], 10)
    bench.drain()
    numbers = [10 + i + j for i in range(items) for j in range(each)]
    assert given(frame, "more") == Items(map(Number, numbers))
    assert given(frame, "twice") == Items(Number(number**2) for number in numbers)
    assert given(frame, "all") == sum(number**2 for number in numbers)
    assert Squares.calls == bool(numbers), "one call for the whole list, and none for an empty one"


def test_the_previous_frame_of_a_list_is_a_list() -> None:
    graph = build(
        {"count": "t.count", "many": "t.spread", "before": "flow.previous", "all": "t.total"},
        *("count.number -> many.number", "many.numbers -> before.value", "before.value -> all.numbers"),
    )
    bench = bench_of(graph, "all", "before")
    frames = [bench.admit(bench.revision.clocks[0], value) for value in (1, 5)]
    bench.drain()
    assert given(frames[1], "before") == Items((Number(1), Number(2), Number(3)))
    assert [given(frame, "all") for frame in frames] == [Nothing("this is the first frame"), 6]


def test_missing_items_keep_their_places() -> None:
    graph = build(
        {"count": "t.count", "many": "t.spread", "odd": "t.odd_only", "twice": "t.double"},
        "count.number -> many.number",
        "many.numbers -> odd.number",
        "odd.number -> twice.number",
    )
    bench = bench_of(graph, "twice")
    frame = bench.admit(bench.revision.clocks[0], 1)
    bench.drain()
    assert given(frame, "twice") == Items((Number(2), Nothing("no value"), Number(6)))


def test_what_is_no_list_is_given_to_each_item() -> None:
    graph = build(
        {"count": "t.count", "many": "t.spread", "add": "t.add"},
        "count.number -> many.number",
        "many.numbers -> add.a",
        "count.number -> add.b",
    )
    bench = bench_of(graph, "add")
    frame = bench.admit(bench.revision.clocks[0], 1)
    bench.drain()
    assert given(frame, "add") == Items((Number(2), Number(3), Number(4)))


def test_one_item_is_a_list_where_a_list_is_due() -> None:
    graph = build({"count": "t.count", "all": "t.total"}, "count.number -> all.numbers")
    bench = bench_of(graph, "all")
    frame = bench.admit(bench.revision.clocks[0], 5)
    bench.drain()
    assert given(frame, "all") == 5


def test_a_batch_node_takes_the_list_in_one_call() -> None:
    Squares.calls = 0
    graph = build(
        {"count": "t.count", "many": "t.spread", "square": "t.squares"},
        "count.number -> many.number",
        "many.numbers -> square.number",
    )
    bench = bench_of(graph, "square")
    frame = bench.admit(bench.revision.clocks[0], 1)
    bench.drain()
    assert given(frame, "square") == Items((Number(1), Number(4), Number(9)))
    assert Squares.calls == 1


def test_a_graph_without_sources_is_still() -> None:
    graph = build({"one": "t.constant", "two": "t.double"}, "one.number -> two.number")
    assert {n.clock for n in make_plan(graph, ALL, ("two",)).nodes} == {STILL}


def test_a_loop_without_a_source_runs_once_and_finds_nothing_before_it() -> None:
    graph = build(
        {"one": "t.constant", "sum": "t.either", "before": "flow.previous", "out": "t.collect"},
        *("one.number -> sum.a", "before.value -> sum.b", "sum.number -> before.value", "sum.number -> out.number"),
    )
    plan = make_plan(graph, ALL)
    assert {node.clock for node in plan.nodes} == {STILL}
    assert plan.clocks == ()


def test_one_input_that_may_stay_empty_takes_nothing_for_empty_and_a_failure_for_a_failure() -> None:
    @node("t.perhaps", category="Test")
    def perhaps(number: Number | None = None) -> Number:
        return Number(-1) if number is None else number

    known = Registry({**REGISTRY.types, **Registry.of(perhaps).types})
    graph = build(
        {"count": "t.count", "odd": "t.odd_only", "bad": "t.fail_on", "x": "t.perhaps", "y": "t.perhaps"},
        *(
            "count.number -> odd.number",
            "odd.number -> x.number",
            "count.number -> bad.number",
            "bad.number -> y.number",
        ),
    )
    bench = Bench(make_plan(graph, known, ("x", "y")))
    frames = [bench.admit(bench.revision.clocks[0], value) for value in (2, 3)]
    bench.drain()
    assert [given(frame, "x") for frame in frames] == [-1, 3]
    assert [str(given(frame, "y")) for frame in frames] == ["2", "bad: 3 is a multiple of 3"]
