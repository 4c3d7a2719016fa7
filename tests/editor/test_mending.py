"""One press that mends a problem."""

from __future__ import annotations

from hypothesis import given, settings

from nodeflow.editor.mending.mends import mend_of
from nodeflow.graph import Graph, Link, Node, Problem, check, enclose
from nodeflow.testing.graphs import TOY, documents

_MENDABLE = {"dangling-link", "unknown-port", "kind-mismatch", "bad-param", "unknown-param"}


@settings(max_examples=150, deadline=None)
@given(documents())
def test_what_is_offered_mends_that_problem_and_breaks_nothing_else(graph: Graph) -> None:
    before = check(graph, TOY)
    for problem in before:
        mend = mend_of(graph, TOY, problem)
        if mend is not None:
            after = check(mend.do(graph), TOY)
            assert problem not in after
            if problem.code != "nothing-comes":  # a node that is turned on may have problems of its own
                strange = {(p.code, p.node, p.port) for p in after} - {(p.code, p.node, p.port) for p in before}
                assert _MENDABLE.isdisjoint(code for code, _node, _port in strange)


def _mended(graph: Graph, code: str) -> Graph:
    (problem,) = (problem for problem in check(graph, TOY) if problem.code == code)
    mend = mend_of(graph, TOY, problem)
    assert mend is not None
    return mend.do(graph)


def test_a_value_that_cannot_be_gets_its_default_also_inside_a_subgraph() -> None:
    graph, still = Graph().add(Node("toy.still"), (0.0, 0.0))
    graph, pose = graph.add(Node("toy.pose", params={"score": 7, "model": "large"}), (300.0, 0.0))
    graph = graph.connect(f"{still}.image -> {pose}.image")
    assert dict(_mended(graph, "bad-param")[pose].params) == {"model": "large"}
    made, _use = enclose(graph, [pose], "Inner")
    assert check(made, TOY)
    mended = _mended(made, "bad-param")
    (definition,) = mended.definitions.values()
    assert dict(definition[pose].params) == {"model": "large"}


def test_a_wire_to_or_from_nowhere_is_taken_away_and_the_others_stay() -> None:
    graph, still = Graph().add(Node("toy.still"), (0.0, 0.0))
    graph, draw = graph.add(Node("toy.draw"), (300.0, 0.0))
    good, bad = f"{still}.image -> {draw}.image", f"{still}.picture -> {draw}.poses"
    mended = _mended(graph.connect(good, bad), "unknown-port")
    assert [str(link) for link in mended.links] == [good]
    gone = Graph(graph.nodes, (Link.parse(good), Link.parse(f"ghost.image -> {draw}.poses")))
    assert [str(link) for link in _mended(gone, "dangling-link").links] == [good]


def test_where_a_person_has_to_choose_nothing_is_offered() -> None:
    graph, _draw = Graph().add(Node("toy.draw"), (0.0, 0.0))
    (problem,) = (problem for problem in check(graph, TOY) if problem.code == "missing-input")
    assert mend_of(graph, TOY, problem) is None
    assert mend_of(graph, TOY, Problem("bad-param", "Nobody is there.", "nobody/at/all", "x")) is None
