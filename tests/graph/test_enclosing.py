"""A part of a graph becomes a subgraph and comes out again; what runs stays the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import (
    Endpoint,
    Graph,
    Group,
    Link,
    Node,
    Note,
    View,
    check,
    dumps,
    enclose,
    expanded,
    independent,
    loads,
    lowered,
    subgraphs,
)
from nodeflow.testing.graphs import TOY, graphs, nested

few = settings(max_examples=40, deadline=None)

CHAIN = Graph(
    {
        "camera": Node("toy.camera"),
        "pose": Node("toy.pose", params={"score": 0.5}),
        "draw": Node("toy.draw"),
        "preview": Node("toy.preview"),
        "say": Node("toy.say"),
    },
    tuple(
        map(
            Link.parse,
            (
                "camera.image -> pose.image",
                "camera.image -> draw.image",
                "pose.poses -> draw.poses",
                "draw.image -> preview.value",
                "pose.count -> say.text",
            ),
        )
    ),
    {"camera": View((0, 0)), "pose": View((300, 100)), "draw": View((600, 0)), "preview": View((900, 0))},
)


def renamed(graph: Graph, names: dict[str, str]) -> tuple[dict[str, Node], set[Link]]:
    """The nodes and links of a graph by other ids."""

    def end(at: Endpoint) -> Endpoint:
        return Endpoint(names.get(at.node, at.node), at.port)

    nodes = {names.get(name, name): node for name, node in graph.nodes.items()}
    return nodes, {Link(end(source), end(target)) for source, target in graph.links}


def test_what_is_enclosed_has_a_port_for_each_wire_that_crosses_its_border() -> None:
    graph, use = enclose(CHAIN, ["pose", "draw"], "Overlay")
    assert (use, graph[use].type) == ("overlay", "subgraph.overlay")
    assert set(graph.nodes) == {"camera", "overlay", "preview", "say"}
    assert set(map(str, graph.links)) == {
        "camera.image -> overlay.image",
        "overlay.image_2 -> preview.value",
        "overlay.count -> say.text",
    }
    schema = subgraphs(graph, TOY).catalog.get("subgraph.overlay")
    assert schema is not None
    assert schema.title == "Overlay"
    assert [(port.name, port.kind, port.optional) for port in schema.inputs] == [("image", "Image", False)]
    assert {(port.name, port.kind) for port in schema.outputs} == {("image_2", "Image"), ("count", "Number")}
    assert {port.title or port.name for port in schema.outputs} == {"image", "count"}
    assert graph.view[use].at == (450, 50)


def test_a_definition_is_a_file_by_itself() -> None:
    graph, _ = enclose(CHAIN, ["pose", "draw"], "Overlay")
    level = graph.opened("overlay")
    again = loads(dumps(level))
    assert again == level
    assert [problem.code for problem in check(again, TOY)] == ["no-sink"]


def test_groups_and_notes_go_along() -> None:
    graph, group = CHAIN.add_group(Group("Look", (290, -20), (400, 300)))
    graph, note = graph.add_note(Note("Mind the light", (300, 300)))
    graph, use = enclose(graph, ["pose", "draw"], groups=[group], notes=[note])
    assert (graph.groups, graph.notes) == ({}, {})
    assert graph.definitions["subgraph"].notes[note].text == "Mind the light"
    graph, new = expanded(graph, use)
    assert graph.groups[new.groups[group]].at == (290, -20)


def test_exposed_parameters_stay_exposed_through_one_more_level() -> None:
    graph, use = enclose(CHAIN, ["pose", "draw"], "Overlay")
    graph = graph.redefine({"overlay": graph.definitions["overlay"].expose({"score": Endpoint("pose", "score")})})
    level, inner = enclose(graph.opened("overlay"), ["pose"], "Inner")
    assert level.exposed == {"score": Endpoint(inner, "score")}
    graph = graph.closed("overlay", level).set_param(use, "score", 0.9)
    assert lowered(graph, TOY)["overlay/inner/pose"].params == {"score": 0.9}
    back, new = expanded(graph.opened("overlay"), inner)
    assert back.exposed == {"score": Endpoint(new.nodes["pose"], "score")}
    graph, new = expanded(graph.closed("overlay", back), use)
    assert graph[new.nodes["pose"]].params == {"score": 0.9}


def test_a_use_gets_a_definition_of_its_own() -> None:
    graph, use = enclose(CHAIN, ["pose", "draw"], "Overlay")
    graph, copies = graph.duplicate([use])
    own = independent(graph, copies.nodes[use])
    assert own[copies.nodes[use]].type == "subgraph.overlay_2"
    assert own[use].type == "subgraph.overlay"
    assert own.definitions["overlay_2"] == own.definitions["overlay"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda: enclose(CHAIN, []),
        lambda: enclose(CHAIN, ["nobody"]),
        lambda: expanded(CHAIN, "pose"),
        lambda: independent(CHAIN, "camera"),
    ],
)
def test_what_cannot_be_is_refused(deed: Callable[[], object]) -> None:
    with pytest.raises((KeyError, ValueError), match=r"nobody|nothing to make|no subgraph"):
        deed()


@given(graphs(), st.data())
@few
def test_what_runs_is_the_same_inside_a_subgraph_and_out_of_it_again(graph: Graph, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), min_size=1)) if graph.nodes else set()
    if not chosen:
        return
    enclosed, use = enclose(graph, chosen)
    assert [problem for problem in check(enclosed, TOY) if problem.severity == "error"] == []
    flat = lowered(graph, TOY)
    inside = {f"{use}/{node}": node for node in chosen}
    assert renamed(lowered(enclosed, TOY), inside) == renamed(flat, {})
    back, new = expanded(enclosed, use)
    names = {here: before for before, here in new.nodes.items()}
    assert renamed(back, names) == renamed(graph, {})
    assert renamed(lowered(back, TOY), names) == renamed(flat, {})


@given(nested())
@few
def test_whatever_is_expanded_runs_on_as_before(graph: Graph) -> None:
    for use in sorted(graph.nodes):
        if graph[use].type.startswith("subgraph."):
            out, new = expanded(graph, use)
            flat = lowered(graph, TOY)
            names = {
                node: "/".join([new.nodes[node.split("/")[1]], *node.split("/")[2:]])
                for node in flat.nodes
                if node.startswith(f"{use}/")
            }
            assert renamed(flat, names) == renamed(lowered(out, TOY), {})
            assert loads(dumps(out)) == out


@given(nested())
@few
def test_nested_graphs_are_saved_whole(graph: Graph) -> None:
    assert loads(dumps(graph)) == graph
