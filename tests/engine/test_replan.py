"""The quick plan after a turned knob is the plan that would have been made from scratch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.keys import content_keys
from nodeflow.engine.planning import make_plan
from nodeflow.engine.replan import replan
from nodeflow.graph import Graph, Node
from tests.engine.graph_parts import ALL, build, graphs

KNOBS = {"t.fail_on": ("every", 4), "t.constant": ("value", 3.0), "t.add": ("plus", 2.0), "t.sum": ("factor", 5.0)}


@given(graphs(), st.data())
def test_turned_knobs(graph: Graph, data: st.DataObject) -> None:
    watched = tuple(graph.nodes)
    plan = make_plan(graph, ALL, watched)
    keys = content_keys(plan, Path())
    edited = graph
    for name in data.draw(st.sets(st.sampled_from(sorted(graph.nodes)))):
        if graph.nodes[name].type in KNOBS:
            edited = edited.set_param(name, *KNOBS[graph.nodes[name].type])
    quick = replan(plan, graph, edited, ALL)
    assert quick is not None
    whole = make_plan(edited, ALL, watched, plan.revision + 1)
    # Conversions on wires are functions, and equal to themselves only.
    assert [replace(node, inputs=()) for node in quick.nodes] == [replace(node, inputs=()) for node in whole.nodes]
    assert content_keys(quick, Path(), plan, keys) == content_keys(whole, Path())


def test_anything_more_than_knobs_is_planned_anew() -> None:
    graph = build(
        {"count": "t.count", "twice": "t.double", "pick": "flow.switch", "fail": "t.fail_on"},
        "count.number -> twice.number",
        "twice.number -> pick.a",
        "count.number -> fail.number",
    )
    plan = make_plan(graph, ALL, tuple(graph.nodes))
    others = [
        graph.add(Node("t.constant"))[0],
        graph.remove(["fail"]),
        graph.disconnect("twice.number -> pick.a"),
        graph.set_param("pick", "use", "b"),
        graph.set_param("fail", "every", "three"),
        graph.set_param("fail", "evry", 3),
    ]
    assert [replan(plan, graph, other, ALL) for other in others] == [None] * len(others)


def test_an_edit_that_may_have_mended_something_is_planned_anew() -> None:
    sound = build({"count": "t.count", "fail": "t.fail_on"}, "count.number -> fail.number")
    broken = sound.set_param("fail", "every", "three")
    plan = make_plan(broken, ALL, tuple(broken.nodes))
    assert replan(plan, broken, sound, ALL) is None
    assert replan(plan, broken, broken.set_param("count", "first", 3), ALL) is not None


def test_a_moved_node_changes_nothing() -> None:
    graph = build({"count": "t.count", "twice": "t.double"}, "count.number -> twice.number")
    plan = make_plan(graph, ALL, ("twice",))
    quick = replan(plan, graph, graph.move({"twice": (10, 10)}), ALL)
    assert quick is not None
    assert all(one is other for one, other in zip(quick.nodes, plan.nodes, strict=True))


def test_only_the_turned_node_is_made_anew() -> None:
    graph = build({"count": "t.count", "before": "flow.previous"}, "count.number -> before.value")
    plan = make_plan(graph, ALL, ("before",))
    edited = graph.set_params("count", {"first": 5})
    quick = replan(plan, graph, edited, ALL)
    assert quick is not None
    source = plan.index["count"]
    assert quick.nodes[source].settings.identity != plan.nodes[source].settings.identity
    others = [place for place in range(len(plan.nodes)) if place != source]
    assert all(quick.nodes[place] is plan.nodes[place] for place in others)
