"""A choice that comes over a wire: what a frame does not choose is not computed for it. One example each; the property
in `test_invariants` has them in every combination."""

from __future__ import annotations

from random import Random

import pytest

from nodeflow.engine import Glance
from nodeflow.engine.packets import NOT_CHOSEN, Failed, Frame
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, Node
from nodeflow.node import DefinitionError, Nothing, Registry, node
from nodeflow.values import Boolean, Items, Number
from tests.engine.graph_parts import build
from tests.engine.parts import Bench, Collect, given
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import ZOO

SWITCH = build(
    {"count": "t.count", "odd": "t.is_odd", "one": "t.double", "two": "t.sum", "pick": "flow.switch"},
    "count.number -> odd.number",
    "odd.boolean -> pick.choice",
    "count.number -> one.number",
    "count.number -> two.number",
    "one.number -> pick.a",
    "two.number -> pick.b",
)
"""Doubles what is even, adds up what is odd; a multiple of five says nothing."""

ELSEWHERE = build({**SWITCH.nodes, "more": "t.double"}, *SWITCH.links, "one.number -> more.number")
"""The same, and what it doubles is used besides."""


def bench_of(graph: Graph, *watched: str, seed: int = 0) -> Bench:
    return Bench(make_plan(graph, ZOO, watched), Random(seed).randrange)


def frames_of(bench: Bench, *values: float) -> list[Frame]:
    """All of them are under way at once."""
    clock = bench.revision.clocks[0]
    frames = [bench.admit(clock, *(value,) * len(clock.plan.sources)) for value in values]
    bench.drain()
    assert all(frame.left == 0 for frame in frames)
    return frames


@pytest.mark.parametrize("seed", range(20))
def test_each_frame_computes_what_it_chooses(seed: int) -> None:
    bench = bench_of(SWITCH, "pick", seed=seed)
    frames = frames_of(bench, 1, 2, 3, 4)
    assert [given(frame, "pick") for frame in frames] == [1, 4, 1 + 3, 8]  # the sum has seen the odd ones only
    assert [given(frame, "one") for frame in frames] == [NOT_CHOSEN, 4, NOT_CHOSEN, 8]
    made = [name for name, _ in bench.calls]
    assert (made.count("one"), made.count("two")) == (2, 2)


def test_where_the_wire_says_nothing_the_parameter_does() -> None:
    assert [given(frame, "pick") for frame in frames_of(bench_of(SWITCH, "pick"), 5)] == [10]
    other = SWITCH.set_param("pick", "use", "b")
    assert [given(frame, "pick") for frame in frames_of(bench_of(other, "pick"), 5)] == [5]


def test_a_choice_that_failed_computes_neither() -> None:
    graph = SWITCH.connect()
    graph, _ = graph.add(Node("t.fail_on", params={"every": 1}))
    graph = graph.disconnect("count.number -> odd.number").connect("count.number -> fail_on.number")
    bench = bench_of(graph.connect("fail_on.number -> odd.number"), "pick")
    (frame,) = frames_of(bench, 1)
    assert isinstance(given(frame, "pick"), Failed)
    assert given(frame, "pick").node == "fail_on"
    assert not {"one", "two"} & {name for name, _ in bench.calls}


@node("t.nonsense", category="Test")
def nonsense(number: Number) -> Boolean:
    return Boolean("neither")  # type: ignore[arg-type]


def test_a_choice_that_cannot_be_converted_computes_neither() -> None:
    registry = Registry({**ZOO.types, **Registry.of(nonsense).types})
    graph = SWITCH.with_nodes({"odd": Node("t.nonsense")})
    bench = Bench(make_plan(graph, registry, {"pick"}))
    (frame,) = frames_of(bench, 1)
    assert isinstance(given(frame, "pick"), Failed)
    assert given(frame, "pick").node == "odd"
    assert not {"one", "two"} & {name for name, _ in bench.calls}


@pytest.mark.parametrize("seed", range(20))
def test_a_choice_within_a_branch_is_not_made_for_frames_that_do_not_choose_the_branch(seed: int) -> None:
    inner = ("count.number -> one_more.number", "count.number -> other.number", "count.number -> bit.number")
    nodes = {**SWITCH.nodes, "one": Node("flow.switch"), "bit": Node("t.bit")}
    graph = build(
        {**nodes, "one_more": "t.double", "other": "t.square"},
        *(link for link in SWITCH.links if "one." not in str(link)),
        *inner,
        *("one_more.number -> one.a", "other.number -> one.b", "bit.number -> one.choice", "one.value -> pick.a"),
    )
    bench = bench_of(graph, "pick", seed=seed)
    frames = frames_of(bench, 1, 2, 3, 4)
    assert [given(frame, "pick") for frame in frames] == [1, 4, 1 + 3, 8]
    assert [given(frame, "one") for frame in frames] == [NOT_CHOSEN, 4, NOT_CHOSEN, 8]
    called = [(name, index) for name, index in bench.calls if name in ("one_more", "other")]
    assert set(called) == {("other", 1), ("one_more", 3)}


@pytest.mark.parametrize("seed", range(5))
def test_a_branch_that_fails_is_a_failure_of_the_frames_that_choose_it_alone(seed: int) -> None:
    graph = SWITCH.with_nodes({"one": Node("t.fail_on", params={"every": 2})})
    bench = bench_of(graph, "pick", seed=seed)
    frames = frames_of(bench, 1, 2, 3, 4)
    failed = [isinstance(given(frame, "pick"), Failed) for frame in frames]
    assert failed == [False, True, False, True]
    assert given(frames[1], "pick").node == "one"
    assert [given(frame, "pick") for frame in frames[::2]] == [1, 1 + 3]


def test_a_node_that_failed_still_says_so_on_frames_that_do_not_need_it() -> None:
    bench = bench_of(SWITCH.with_nodes({"one": Node("t.fail_on", params={"every": 2})}), "pick")
    stage = next(stage for stage in bench.revision.stages if stage.id == "one")
    stage.last = Failed("one", "on the frame before")
    frames_of(bench, 3)
    assert isinstance(stage.last, Failed)


def test_a_choice_that_there_is_not_is_said_on_the_node() -> None:
    graph = SWITCH.disconnect("odd.boolean -> pick.choice").connect("count.number -> pick.choice")
    with virtual(ZOO, Random(0).randrange) as run:
        shown(run, graph, "pick", 3)
        status = run.conductor.revision.stages[run.conductor.revision.plan.index["pick"]]
        assert isinstance(status.last, Failed)
        assert status.last.message == "the choice is 2, and there is nothing to choose for that"
        assert status.last.hint == "Give 0 for a, 1 for b."
        assert status.meter.failed == 1


def shown(run: Virtual, graph: Graph, watched: str, count: int) -> None:
    run.conductor.watch({watched: Glance(watched)})
    run.conductor.begin(graph)
    for _ in range(count):
        run.offer("count")
        run.drain()


def test_a_list_of_choices_gives_a_list_and_computes_what_any_of_them_chooses() -> None:
    many: dict[str, str | Node] = {"many": Node("t.spread", params={"items": 2}), "bits": "t.bit"}
    graph = build({**SWITCH.nodes, **many}, *SWITCH.links)
    graph = graph.disconnect("odd.boolean -> pick.choice").connect(
        "count.number -> many.number", "many.numbers -> bits.number", "bits.number -> pick.choice"
    )
    first, second = frames_of(bench_of(graph, "pick"), 0, 1)
    assert (given(first, "pick"), given(first, "two")) == (Items((Number(0), Number(0))), NOT_CHOSEN)
    assert given(second, "pick") == Items((Number(2), Number(1)))


def test_what_is_shared_runs_once_if_anybody_needs_it() -> None:
    graph = build(
        {**SWITCH.nodes, "both": "t.double", "a": "t.double", "b": "t.sum"},
        *("count.number -> odd.number", "odd.boolean -> pick.choice", "count.number -> both.number"),
        *("both.number -> a.number", "both.number -> b.number", "a.number -> pick.a", "b.number -> pick.b"),
    )
    bench = bench_of(graph, "pick")
    assert [given(frame, "pick") for frame in frames_of(bench, 1, 2)] == [2, 8]
    assert [name for name, _ in bench.calls].count("both") == 2


def test_a_branch_that_also_goes_elsewhere_always_runs() -> None:
    frames = frames_of(bench_of(ELSEWHERE, "pick", "more"), 1, 2)
    assert [given(frame, "one") for frame in frames] == [2, 4]


def test_a_switch_does_not_wait_for_the_branch_that_it_does_not_choose() -> None:
    bench = bench_of(ELSEWHERE, "pick", "more")
    frame = bench.admit(bench.revision.clocks[0], 1)
    answered: list[str] = []
    while frame.packets[bench.revision.plan.index["pick"]] is None:
        bench.take_all()
        call = next(call for call in bench._in_hand if call.node.id != "one")
        bench._in_hand.remove(call)
        answered.append(call.node.id)
        bench.circuit.finish(call, call.run())
    assert answered == ["odd", "two", "pick"]


def test_a_choice_may_hang_on_another_choice_among_the_same() -> None:
    """Whether the second switch uses the sum is known only once the first has a value, maybe that sum."""
    graph = build(
        {**SWITCH.nodes, "bit": "t.bit", "last": "flow.switch"},
        *SWITCH.links,
        "pick.value -> bit.number",
        "bit.number -> last.choice",
        "two.number -> last.b",
        "count.number -> last.a",
    )
    for seed in range(20):
        frames = frames_of(bench_of(graph, "last", seed=seed), 1, 2, 3, 4)
        # pick gives 1, 4, 4, 8; their bits are 0, 0, 0, 0 ...
        assert [given(frame, "last") for frame in frames] == [1, 2, 3, 4]
        frames = frames_of(bench_of(graph, "last", seed=seed), 2, 1, 8, 3)
        assert [given(frame, "pick") for frame in frames] == [4, 1, 16, 4]


def test_thousands_of_switches_in_a_row_need_no_recursion() -> None:
    graph = build({"count": "t.count", "odd": "t.is_odd"}, "count.number -> odd.number")
    nodes, links, above = dict(graph.nodes), list(map(str, graph.links)), "count.number"
    for i in range(2000):
        nodes[f"s{i}"] = Node("flow.switch")
        links += [f"{above} -> s{i}.a", f"{above} -> s{i}.b", f"odd.boolean -> s{i}.choice"]
        above = f"s{i}.value"
    bench = bench_of(Graph(nodes=nodes).connect(*links), "s1999")
    assert [given(frame, "s1999") for frame in frames_of(bench, 3)] == [3]


def test_what_is_kept_for_other_frames_runs_whatever_is_chosen() -> None:
    """A sum that feeds the previous frame adds up every frame; so does what a hold keeps."""
    graph = build(
        {**SWITCH.nodes, "before": "flow.previous", "keep": "flow.hold"},
        *SWITCH.links,
        *("two.number -> before.value", "two.number -> keep.value"),
    )
    frames = frames_of(bench_of(graph, "pick", "before"), 1, 2, 3)
    assert [given(frame, "two") for frame in frames] == [1, 3, 6]
    graph = graph.disconnect("two.number -> pick.b", "two.number -> before.value").connect("keep.value -> pick.b")
    bench = bench_of(graph, "pick")
    frames = frames_of(bench, 1, 2)
    assert [given(frame, "two") for frame in frames] == [1, 3]


def test_what_is_watched_runs_whatever_is_chosen() -> None:
    frames = frames_of(bench_of(SWITCH, "pick", "one"), 1, 2)
    assert [given(frame, "one") for frame in frames] == [2, 4]
    with virtual(ZOO, Random(0).randrange) as run:
        shown(run, SWITCH, "pick", 2)
        index = run.conductor.revision.plan.index
        one = run.conductor.revision.stages[index["one"]]
        assert one.last is NOT_CHOSEN
        runs = one.meter.runs
        run.conductor.watch({name: Glance(name) for name in ("pick", "one")})
        run.conductor.demand(SWITCH)
        for _ in range(2):
            run.offer("count")
            run.drain()
        assert one.meter.runs == runs + 2


def test_a_still_branch_that_is_not_chosen_is_computed_when_it_is() -> None:
    graph = build(
        {"n": "t.constant", "c": Node("t.constant", params={"value": 0.0}), "a": "t.double", "b": "t.square"},
        *("n.number -> a.number", "n.number -> b.number"),
    )
    graph, _ = graph.add(Node("flow.switch"))
    graph, _ = graph.add(Node("t.collect"))
    graph = graph.connect(*("c.number -> switch.choice", "a.number -> switch.a", "b.number -> switch.b"))
    graph = graph.connect("switch.value -> collect.number")
    Collect.kept.clear()
    with virtual(ZOO, Random(0).randrange) as run:
        run.conductor.begin(graph)
        run.drain()
        calls = {"a": 1, "b": 0}
        for value, made in ((1.0, {"a": 1, "b": 1}), (0.0, {"a": 1, "b": 1})):
            stages = {stage.id: stage.meter.runs for stage in run.conductor.revision.stages}
            assert {name: stages[name] for name in "ab"} == calls
            run.conductor.edit(graph.set_param("c", "value", value))
            run.drain()
            calls = made
    assert [kept.value for kept in Collect.kept["out"]] == [14, 49, 14]


def test_graphs_without_a_choice_have_nothing_of_it() -> None:
    plan = make_plan(SWITCH.disconnect("odd.boolean -> pick.choice"), ZOO, ["pick"])
    assert [node.step for node in plan.nodes] == [None] * 3
    assert plan.clocks[0].undecided == ()


def test_a_chooser_is_an_optional_number_of_a_node_that_selects() -> None:
    def broken(a: Number | None = None, choice: Number | None = None) -> Number | Nothing:
        return Nothing()

    with pytest.raises(DefinitionError, match="chooser='choice' must name"):
        node("t.broken", category="Test", chooser="choice")(broken)
