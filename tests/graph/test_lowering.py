"""What runs is what was drawn: subgraphs taken apart, dots, muted and bypassed nodes taken out."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import Catalog, Endpoint, Graph, Link, Node, check, lowered, subgraphs
from nodeflow.graph.document import MAX_NODES
from nodeflow.testing.graphs import TOY, documents, graphs, modes, nested
from tests.graph.parts import SOFT, graph

few = settings(max_examples=40, deadline=None)


def links(graph: Graph) -> set[str]:
    return set(map(str, graph.links))


def test_a_plain_graph_is_left_as_it_is() -> None:
    plain = graph("camera preview", "camera.image -> preview.value")
    assert lowered(plain, TOY) is plain


def test_a_use_becomes_what_is_inside_it_and_takes_its_parameters_along() -> None:
    drawn = graph(
        "camera soft:subgraph.soft preview say",
        "camera.image -> soft.image",
        "soft.result -> preview.value",
        "soft.count -> say.text",
        definitions={"soft": SOFT},
    ).set_param("soft", "width", 7)
    flat = lowered(drawn, TOY)
    assert set(flat.nodes) == {"camera", "soft/draw", "soft/pose", "preview", "say"}
    assert flat["soft/draw"].params == {"width": 7}
    assert flat["soft/pose"] is SOFT["pose"]
    assert links(flat) == {
        "camera.image -> soft/draw.image",
        "camera.image -> soft/pose.image",
        "soft/pose.poses -> soft/draw.poses",
        "soft/draw.image -> preview.value",
        "soft/pose.count -> say.text",
    }


def test_parameters_reach_through_levels_and_the_outermost_wins() -> None:
    outer = graph("image:graph.input soft:subgraph.soft", "image.value -> soft.image").set_param("soft", "width", 5)
    outer = outer.expose({"thick": Endpoint("soft", "width")})
    drawn = graph("use:subgraph.outer use_2:subgraph.outer", definitions={"soft": SOFT, "outer": outer})
    flat = lowered(drawn.set_param("use", "thick", 9), TOY)
    assert flat["use/soft/draw"].params == {"width": 9}
    assert flat["use_2/soft/draw"].params == {"width": 5}


def test_a_wire_to_a_parameter_of_a_use_goes_to_the_one_inside() -> None:
    outer = graph("image:graph.input soft:subgraph.soft", "image.value -> soft.image")
    outer = outer.expose({"thick": Endpoint("soft", "width")})
    drawn = graph("pose use:subgraph.outer", definitions={"soft": SOFT, "outer": outer})
    drawn = drawn.connect("pose.count -> use.thick")
    assert not [problem for problem in check(drawn, TOY) if problem.code in ("unknown-port", "kind-mismatch")]
    assert "pose.count -> use/soft/draw.width" in links(lowered(drawn, TOY))


def test_what_a_wire_inside_decides_cannot_be_set_from_outside() -> None:
    wired = SOFT.connect("pose.count -> draw.width")
    drawn = graph("pose soft:subgraph.soft", "pose.count -> soft.width", definitions={"soft": wired})
    schema = subgraphs(drawn, TOY).catalog.nodes["subgraph.soft"]
    assert schema.params == ()
    assert {link for link in links(lowered(drawn, TOY)) if link.endswith(".width")} == {
        "soft/pose.count -> soft/draw.width"
    }


def test_a_port_is_in_front_of_a_parameter_of_the_same_name() -> None:
    soft = SOFT.expose({"image": Endpoint("draw", "width")})
    drawn = graph("camera soft:subgraph.soft", "camera.image -> soft.image", definitions={"soft": soft})
    assert not [link for link in links(lowered(drawn, TOY)) if link.endswith(".width")]


def test_a_muted_node_gives_nothing_and_a_bypassed_one_what_it_gets() -> None:
    drawn = graph(
        "camera draw blend preview",
        "camera.image -> draw.image",
        "draw.image -> blend.a",
        "camera.image -> blend.b",
        "blend.image -> preview.value",
    )
    muted = lowered(drawn.set_mode(["draw"], "muted"), TOY)
    assert links(muted) == {"camera.image -> blend.b", "blend.image -> preview.value"}
    bypassed = lowered(drawn.set_mode(["draw", "blend"], "bypassed"), TOY)
    assert links(bypassed) == {"camera.image -> preview.value"}
    assert set(bypassed.nodes) == {"camera", "preview"}


def test_a_bypassed_node_hands_on_what_fits_and_otherwise_nothing() -> None:
    drawn = graph(
        "camera pose draw", "camera.image -> pose.image", "pose.poses -> draw.poses", "camera.image -> draw.image"
    )
    assert links(lowered(drawn.set_mode(["pose"], "bypassed"), TOY)) == {"camera.image -> draw.image"}
    blend = graph("still blend preview", "still.image -> blend.b", "blend.image -> preview.value")
    assert links(lowered(blend.set_mode(["blend"], "bypassed"), TOY)) == {"still.image -> preview.value"}


def test_a_muted_or_bypassed_subgraph_is_one_node() -> None:
    drawn = graph(
        "camera soft:subgraph.soft preview say",
        "camera.image -> soft.image",
        "soft.result -> preview.value",
        "soft.count -> say.text",
        definitions={"soft": SOFT},
    )
    assert links(lowered(drawn.set_mode(["soft"], "muted"), TOY)) == set()
    assert links(lowered(drawn.set_mode(["soft"], "bypassed"), TOY)) == {"camera.image -> preview.value"}


def test_ports_that_are_muted_inside_give_nothing() -> None:
    use = ("camera soft:subgraph.soft preview", "camera.image -> soft.image", "soft.result -> preview.value")
    no_input = graph(*use, definitions={"soft": SOFT.set_mode(["image"], "muted")})
    assert "camera.image -> soft/draw.image" not in links(lowered(no_input, TOY))
    no_output = graph(*use, definitions={"soft": SOFT.set_mode(["result"], "muted")})
    assert "soft/draw.image -> preview.value" not in links(lowered(no_output, TOY))


def expected(drawn: Graph) -> set[str]:
    """The wires between nodes that are on, worked out one by one in the plainest way."""

    def made(source: Endpoint) -> Endpoint | None:
        node, schema = drawn[source.node], TOY.nodes[drawn[source.node].type]
        if node.mode == "muted":
            return None
        if node.mode == "on" and not schema.passes:
            return source
        fed = {link.target.port: link.source for link in drawn.links_into(source.node)}
        kind = next(port.kind for port in schema.outputs if port.name == source.port)
        fitting = [port for port in schema.inputs if port.name in fed and TOY.connects(port.kind, kind)]
        fitting = [port for port in fitting if port.kind == kind] or fitting
        return made(fed[fitting[0].name]) if fitting else None

    running = {name for name, node in drawn.nodes.items() if node.mode == "on" and node.type != "toy.dot"}
    found = ((made(source), target) for source, target in drawn.links if target.node in running)
    return {f"{source} -> {target}" for source, target in found if source}


@given(graphs(), st.data())
@few
def test_modes_and_dots_as_told_wire_by_wire(sound: Graph, data: st.DataObject) -> None:
    chosen = {name: data.draw(modes()) for name in sound.nodes}
    drawn = sound.with_nodes({name: replace(sound[name], mode=mode) for name, mode in chosen.items()})
    flat = lowered(drawn, TOY)
    assert links(flat) == expected(drawn)
    assert set(flat.nodes) == {
        name for name, node in drawn.nodes.items() if node.mode == "on" and node.type != "toy.dot"
    }


@given(nested())
@few
def test_what_was_lowered_is_plain_and_as_sound(drawn: Graph) -> None:
    assert [problem for problem in check(drawn, TOY) if problem.severity == "error"] == []
    flat = lowered(drawn, TOY)
    assert lowered(flat, TOY) is flat
    assert [problem for problem in check(flat, TOY) if problem.severity == "error"] == []


@given(documents())
@few
def test_any_document_can_be_lowered(odd: Graph) -> None:
    flat = lowered(odd, TOY)
    assert all(node.mode == "on" for node in flat.nodes.values())
    assert {link.target.node for link in flat.links} <= flat.nodes.keys() or flat is odd


def laughs(count: int, wide: int) -> Graph:
    """Definitions that use one another `wide` times each: `wide` ** `count` nodes in all."""
    uses = {f"n{i}": i for i in range(wide)}
    definitions = {f"d{i}": Graph({name: Node(f"subgraph.d{i + 1}") for name in uses}) for i in range(count)}
    return Graph(
        {"start": Node("subgraph.d0")}, definitions={**definitions, f"d{count}": Graph({"x": Node("toy.still")})}
    )


RING = {
    "a": Graph({"b": Node("subgraph.b"), "draw": Node("toy.draw")}),
    "b": Graph({"a": Node("subgraph.a")}),
    "own": Graph({"me": Node("subgraph.own")}),
}
MANY_SETTINGS = {
    "many": Graph(
        {"inner": Node("subgraph.inner", params={f"p{i}": i for i in range(2000)})},
    ),
    "inner": Graph({"pose": Node("toy.pose")}, exposed={f"p{i}": Endpoint("pose", "score") for i in range(2000)}),
}


@pytest.mark.parametrize(
    ("hostile", "code", "node"),
    [
        (laughs(30, 10), "endless", "start"),
        (laughs(5000, 2), "endless", "start"),
        (laughs(20_000, 1), "endless", "start"),
        (Graph({"use": Node("subgraph.a")}, definitions=RING), "endless", "use"),
        (Graph({"use": Node("subgraph.own")}, definitions=RING), "endless", "use"),
        (Graph({f"n{i}": Node("subgraph.many") for i in range(20_000)}, definitions=MANY_SETTINGS), "endless", "n9999"),
    ],
    ids=["wide", "long", "deep", "ring", "itself", "settings"],
)
def test_what_would_never_end_or_fit_is_said_and_left_out(hostile: Graph, code: str, node: str) -> None:
    start = time.thread_time()
    flat = lowered(hostile, TOY)
    found = [problem for problem in check(hostile, TOY) if problem.code == code]
    assert time.thread_time() - start < 20
    assert len(flat.nodes) <= MAX_NODES
    assert node in {problem.node for problem in found}
    assert all(problem.message.endswith(".") and problem.hint.endswith(".") for problem in found)


def test_a_ring_of_subgraphs_is_told_once_and_the_rest_runs() -> None:
    drawn = Graph(
        {"use": Node("subgraph.a"), "camera": Node("toy.camera"), "preview": Node("toy.preview")},
        (Link.parse("camera.image -> preview.value"),),
        definitions=RING,
    )
    (problem,) = [problem for problem in check(drawn, TOY) if problem.code == "endless"]
    assert "a -> b -> a" in problem.message
    assert set(lowered(drawn, TOY).nodes) == {"camera", "preview"}


def test_a_look_at_a_plain_graph_costs_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every edit makes it: it makes nothing, and asks once for each type, not for each of a thousand nodes."""
    asked: list[str] = []
    monkeypatch.setattr(Catalog, "get", lambda self, name: asked.append(name))
    plain = Graph({f"n{i}": Node(f"t.n{i % 20}") for i in range(1000)})
    assert lowered(plain, Catalog({})) is plain
    assert sorted(asked) == sorted(f"t.n{i}" for i in range(20))
