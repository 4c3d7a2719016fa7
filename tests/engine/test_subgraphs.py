"""Subgraphs, muted and bypassed nodes and dots as they run: by flat ids, and to the same values as the flat graph."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from nodeflow.engine import Edit, Glance, Session, Start, Watch
from nodeflow.engine.packets import Failed, Frame
from nodeflow.engine.planning import make_plan
from nodeflow.engine.replan import replan
from nodeflow.graph import Endpoint, Graph, Node, enclose, lowered
from nodeflow.node import Registry
from tests.engine.graph_parts import ALL, build, graphs
from tests.engine.parts import REGISTRY, Bench, Collect, given
from tests.engine.session_parts import PATIENCE, Steady, until

few = settings(max_examples=25, deadline=None)


def outcomes(graph: Graph, prefix: dict[str, str]) -> list[dict[str, object]]:
    """What each node gives on three frames, the ids of some of them cut."""
    flat = lowered(graph, REGISTRY.catalog)
    bench = Bench(make_plan(flat, REGISTRY, tuple(flat.nodes)))
    frames = [bench.admit(bench.revision.clocks[0], value) for value in range(3)] if bench.revision.clocks else []
    bench.drain()

    def told(frame: Frame, node: str) -> object:
        value = given(frame, node)
        return replace(value, node=prefix.get(value.node, value.node)) if isinstance(value, Failed) else value

    return [{prefix.get(node, node): told(frame, node) for node in flat.nodes} for frame in frames]


@over(graphs(), st.data())
@few
def test_inside_a_subgraph_every_node_gives_what_it_gave_outside(graph: Graph, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), min_size=1))
    enclosed, use = enclose(graph, chosen)
    cut = {f"{use}/{node}": node for node in chosen}
    assert outcomes(enclosed, cut) == outcomes(graph, {})


TWICE = build(
    {"number": "graph.input", "double": "t.double", "result": "graph.output"},
    "number.value -> double.number",
    "double.number -> result.value",
)


def drawn(source: str) -> Graph:
    return build(
        {"count": source, "twice": "subgraph.twice", "collect": Node("t.collect", params={"name": "twice"})},
        "count.number -> twice.number",
        "twice.result -> collect.number",
    ).redefine({"twice": TWICE})


DRAWN = drawn("t.count")
ENDLESS = Registry({**REGISTRY.types, **Registry.of(Steady).types})


def test_a_session_names_what_is_inside_by_flat_ids() -> None:
    Collect.kept.clear()
    with Session(DRAWN, REGISTRY) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
        report = session.report()
    assert end.state == "finished"
    assert set(end.nodes) == {"count", "twice/double", "collect"}
    assert report["nodes"]["twice/double"]["runs"] == 5
    assert [kept.value for kept in Collect.kept["twice"]] == [0, 2, 4, 6, 8]


def test_what_is_watched_inside_runs_for_that_alone() -> None:
    with Session(DRAWN.remove(["collect"]), REGISTRY) as session:
        session.send(Watch({"look": Glance("twice/double")}))
        session.send(Start())
        session.wait(PATIENCE)
        assert session.report()["nodes"]["twice/double"]["runs"] == 5


def test_edits_inside_take_effect_and_keep_the_rest() -> None:
    inner = build(
        {"number": "graph.input", "sum": "t.sum", "result": "graph.output"},
        "number.value -> sum.number",
        "sum.number -> result.value",
    ).expose({"factor": Endpoint("sum", "factor")})
    changed = DRAWN.redefine({"twice": inner})
    flat = lowered(changed, ALL.catalog)
    plan = make_plan(flat, ALL)
    turned = lowered(changed.set_param("twice", "factor", 3.0), ALL.catalog)
    quick = replan(plan, flat, turned, ALL)
    assert quick is not None
    assert quick.nodes[quick.index["twice/sum"]].settings.values["factor"] == 3.0
    assert quick.nodes[quick.index["count"]] is plan.nodes[plan.index["count"]]


def test_a_node_that_is_muted_while_it_runs_is_gone_and_comes_back() -> None:
    graph = drawn("t.steady")
    with Session(graph, ENDLESS, interactive=True) as session:
        session.send(Start())
        session.send(Edit(graph.set_mode(["twice"], "muted")))
        until(lambda: session.snapshot().revision == 2)
        assert "twice/double" not in session.snapshot().nodes
        session.send(Edit(graph))
        until(lambda: session.snapshot().revision == 3)
        assert "twice/double" in session.snapshot().nodes
