"""A difference finds everything, finds nothing where there is nothing, and reads the same from both sides."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodeflow.graph import Change, Difference, Graph, Node, View, difference, dumps
from nodeflow.graph.difference import ABSENT
from nodeflow.testing.graphs import TOY, documents, graphs

ANY_GRAPH = documents(max_nodes=2) | graphs(max_nodes=3)
TWO = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
"""For tests of two such graphs, which are slow to draw."""
SMALL = Graph({"pose": Node("toy.pose", params={"score": 0.5}), "clip": Node("toy.clip")}).connect(
    "clip.image -> pose.image"
)


@given(ANY_GRAPH)
def test_a_graph_does_not_differ_from_itself(graph: Graph) -> None:
    assert not difference(graph, graph)
    assert not difference(graph, graph, TOY)
    assert difference(graph, graph) == Difference()


@given(ANY_GRAPH, ANY_GRAPH)
@TWO
def test_graphs_whose_files_differ_are_told_apart(one: Graph, other: Graph) -> None:
    assert bool(difference(one, other)) == (dumps(one) != dumps(other))


@given(ANY_GRAPH, st.data())
def test_a_single_edit_is_found(graph: Graph, data: st.DataObject) -> None:
    """Two graphs drawn apart share little: an edit of one shares all but what was edited."""
    if not graph.nodes:
        return
    node = data.draw(st.sampled_from(sorted(graph.nodes)))
    edits = {
        "remove": lambda: graph.remove([node]),
        "param": lambda: graph.set_param(node, "score", data.draw(st.integers(0, 1) | st.booleans() | st.floats(0, 1))),
        "unset": lambda: graph.unset_params(node, list(graph.nodes[node].params)[:1]),
        "move": lambda: graph.move({node: data.draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9)))}),
        "label": lambda: graph.rename(node, data.draw(st.none() | st.text(max_size=3))),
        "copy": lambda: graph.duplicate([node])[0],
        "cut": lambda: graph.disconnect(*graph.links[:1]),
    }
    edited = edits[data.draw(st.sampled_from(sorted(edits)))]()
    assert bool(difference(graph, edited)) == (dumps(graph) != dumps(edited))


@given(ANY_GRAPH, ANY_GRAPH)
@TWO
def test_the_other_way_round_is_the_mirror_image(one: Graph, other: Graph) -> None:
    there, back = difference(one, other, TOY), difference(other, one, TOY)

    def turned(changes: tuple[Change, ...]) -> set[tuple[str, str, str]]:
        return {(change.name, repr(change.new), repr(change.old)) for change in changes}

    def plain(changes: tuple[Change, ...]) -> set[tuple[str, str, str]]:
        return {(change.name, repr(change.old), repr(change.new)) for change in changes}

    assert (there.added, there.removed) == (back.removed, back.added)
    assert (there.connected, there.disconnected) == (back.disconnected, back.connected)
    assert {node: turned(found) for node, found in there.looks.items()} == {n: plain(f) for n, f in back.looks.items()}
    assert {node: turned(found) for node, found in there.moved.items()} == {n: plain(f) for n, f in back.moved.items()}
    assert turned(there.document) == plain(back.document)
    assert there.changed.keys() == back.changed.keys()
    assert there.subgraphs.keys() == back.subgraphs.keys()


@given(graphs(max_nodes=4))
def test_a_default_that_is_written_down_is_no_change(graph: Graph) -> None:
    full = graph
    for node in graph.nodes:
        schema = TOY.nodes[graph.nodes[node].type]
        full = full.set_params(
            node, {p.name: p.default for p in schema.params if p.name not in graph.nodes[node].params}
        )
    assert not difference(graph, full, TOY)


def test_a_changed_parameter_says_what_it_was_and_whether_that_was_a_default() -> None:
    edited = SMALL.set_params("pose", {"score": 0.25, "model": "large"})
    assert difference(SMALL, edited, TOY).changed == {
        "pose": (
            Change("params.model", "small", "large", (True, False)),
            Change("params.score", 0.5, 0.25),
        )
    }
    unknown = difference(SMALL, SMALL.set_param("pose", "other", 1), TOY).changed["pose"]
    assert unknown == (Change("params.other", ABSENT, 1, (True, False)),)


def test_another_type_is_a_change_of_the_same_node() -> None:
    other = Graph({**SMALL.nodes, "clip": Node("toy.camera")}, SMALL.links)
    assert difference(SMALL, other, TOY) == Difference(changed={"clip": (Change("type", "toy.clip", "toy.camera"),)})


def test_to_a_number_one_is_one_and_true_is_not() -> None:
    def of(value: bool | float) -> Graph:
        return SMALL.set_param("pose", "score", value)

    assert not difference(of(1), of(1.0), TOY)
    assert difference(of(1), of(1.0))
    assert difference(of(1), of(True), TOY)


def test_where_nodes_lie_is_kept_apart_from_what_they_do() -> None:
    laid = SMALL.move({"pose": (10, 0)})
    moved = laid.move({"pose": (20, 0)}).rename("pose", "Left")
    assert difference(laid, moved) == Difference(
        looks={"pose": (Change("label", None, "Left"),)}, moved={"pose": (Change("at", (10, 0), (20, 0)),)}
    )
    assert difference(SMALL, laid).moved == {"pose": (Change("at", ABSENT, (10, 0)),)}


def test_the_view_of_a_node_that_comes_or_goes_comes_and_goes_with_it() -> None:
    bigger = replace(SMALL, nodes={**SMALL.nodes, "say": Node("toy.say")}, view={"say": View((1, 2))})
    assert difference(SMALL, bigger) == Difference(added={"say": Node("toy.say")})
    assert difference(bigger, SMALL) == Difference(removed={"say": Node("toy.say")})
