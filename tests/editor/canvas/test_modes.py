"""Muted and bypassed nodes, and dots in wires, done by the pilot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.edits import dotted, healed, without
from nodeflow.editor.canvas.modes import put_dots
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Graph, Link, Node, View, check
from nodeflow.testing.graphs import TOY, graphs, modes
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import CAMERA_TO_POSE, SHIFT, at_wire, selected

ANY = "Any"
BARE = replace(TOY, nodes={name: schema for name, schema in TOY.nodes.items() if not schema.passes})
_LINKS = (
    "camera.image -> pose.image",
    "camera.image -> draw.image",
    "pose.poses -> draw.poses",
    "draw.image -> preview.value",
)
GRAPH = Graph(
    {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "preview")},
    tuple(map(Link.parse, _LINKS)),
    {"camera": View((40, 40)), "pose": View((320, 40)), "draw": View((640, 140)), "preview": View((960, 40))},
)


@pytest.fixture
def pilot() -> Pilot:
    return Pilot(TOY, GRAPH)


def test_m_mutes_and_b_bypasses_and_again_turns_on(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("draw"))
    pilot.key("M")
    assert pilot.graph == GRAPH.set_mode(["draw"], "muted")
    assert pilot.history.undo_name == "Mute Draw"
    pilot.key("B")
    assert pilot.graph == GRAPH.set_mode(["draw"], "bypassed")
    pilot.click(pilot.at_title("pose"), held=SHIFT)
    pilot.key("B")
    assert {pilot.graph[node].mode for node in ("draw", "pose")} == {"bypassed"}
    assert pilot.history.undo_name == "Bypass Pose"
    pilot.key("B")
    assert pilot.history.undo_name == "Turn on 2 nodes"
    for _ in range(4):
        pilot.undo()
    assert pilot.graph is GRAPH


def test_a_muted_node_gives_nothing_and_a_bypassed_one_what_it_gets(pilot: Pilot) -> None:
    last = Link.parse("draw.image -> preview.value")
    pilot.click(pilot.at_title("draw"))
    pilot.key("M")
    scene = pilot.canvas.scene
    assert scene.boxes["draw"].face.mode == "muted"
    assert scene.wires[last].quiet
    assert not scene.wires[CAMERA_TO_POSE].quiet
    pilot.key("B")
    assert scene.boxes["draw"].face.through == (("image", "image"),)
    assert not scene.wires[last].quiet
    pilot.click(pilot.at_title("camera"))
    pilot.key("M")
    assert scene.wires[last].quiet  # the bypassed node hands on what the camera does not give
    pilot.key("M")
    assert not scene.wires[last].quiet


def test_a_dot_is_put_where_a_wire_is_clicked_twice(pilot: Pilot) -> None:
    x, y = at_wire(pilot)
    pilot.double_click((x, y))
    dot = "dot"
    assert set(pilot.graph.links) == {
        *(set(GRAPH.links) - {CAMERA_TO_POSE}),
        Link.parse("camera.image -> dot.value"),
        Link.parse("dot.value -> pose.image"),
    }
    box = pilot.canvas.scene.boxes[dot]
    assert box.bounds.center == pytest.approx((x, y))
    assert [port.kind for port in box.face.ports] == ["Image", "Image"]
    assert selected(pilot) == {dot}
    assert pilot.canvas.scene.wires[Link.parse("dot.value -> pose.image")].kind == "Image"

    pilot.drag((x, y), (x + 40, y + 200))
    assert pilot.canvas.scene.boxes[dot].bounds.center == pytest.approx((x + 40, y + 200))
    pilot.key("Delete")
    assert set(pilot.graph.links) == set(GRAPH.links)
    assert pilot.history.undo_name == "Delete Dot"
    for _ in range(3):
        pilot.undo()
    assert pilot.graph is GRAPH


def test_what_a_dot_carries_follows_its_wires(pilot: Pilot) -> None:
    graph = pilot.graph
    for _ in range(3):
        link = next(link for link in graph.links if link.target.node == "preview")
        made = dotted(graph, TOY, link, (900, 500))
        assert made
        graph = made[0]
    pilot.edit("Dots", graph)
    scene = pilot.canvas.scene
    dots = [node for node in graph.nodes if node.startswith("dot")]
    assert {port.kind for dot in dots for port in scene.boxes[dot].face.ports} == {"Image"}
    first = next(link for link in graph.links if link.source.node == "draw")
    pilot.edit("Rewire", graph.connect(f"pose.count -> {first.target}"))
    assert {port.kind for dot in dots for port in scene.boxes[dot].face.ports} == {"Number"}
    assert {scene.wires[link].kind for link in pilot.graph.links if link.source.node in dots} == {"Number"}
    loose = pilot.graph.disconnect(*(link for link in pilot.graph.links if link.source.node == "pose"))
    pilot.edit("Loose", loose)
    assert {port.kind for dot in dots for port in scene.boxes[dot].face.ports} == {ANY}


def test_a_dot_waits_for_what_lies_behind_it(pilot: Pilot) -> None:
    graph, dot = pilot.graph.disconnect(CAMERA_TO_POSE).add(Node("toy.dot"), (200, 300))
    pilot.edit("Add", graph.connect(f"{dot}.value -> pose.image"))
    assert pilot.canvas.scene.kind_of(Port(dot, "value", "in")) == "Image"


def test_selected_wires_get_dots_and_nodes_dissolve(pilot: Pilot) -> None:
    pilot.canvas.select(Selection(links=frozenset(GRAPH.links[:2])))
    put_dots(pilot.canvas)
    assert len(pilot.graph.nodes) == 6
    assert pilot.history.undo_name == "Put a dot into 2 wires"
    pilot.undo()
    pilot.click(pilot.at_title("draw"))
    pilot.key("Ctrl+Delete")
    assert Link.parse("camera.image -> preview.value") in pilot.graph.links
    assert pilot.history.undo_name == "Dissolve Draw"


def test_where_there_are_no_dots_nothing_happens() -> None:
    pilot = Pilot(BARE, GRAPH)
    pilot.double_click(at_wire(pilot))
    assert pilot.graph is GRAPH


@settings(deadline=None)
@given(graphs(TOY, max_nodes=8), st.data())
def test_putting_dots_and_taking_them_away_changes_no_wire(graph: Graph, data: st.DataObject) -> None:
    added: list[str] = []
    now = graph
    for _ in range(data.draw(st.integers(0, 4))):
        if not now.links:
            break
        made = dotted(now, TOY, data.draw(st.sampled_from(now.links)), (0.0, 0.0))
        assert made
        now, dot = made
        added.append(dot)
    order = data.draw(st.permutations(added))
    back = without(now, TOY, Selection(frozenset(order)))
    assert set(back.links) == set(graph.links)
    assert set(back.nodes) == set(graph.nodes)


@settings(deadline=None)
@given(graphs(TOY, max_nodes=8), st.data())
def test_dissolving_keeps_a_graph_sound(graph: Graph, data: st.DataObject) -> None:
    nodes = data.draw(st.lists(st.sampled_from(sorted(graph.nodes)), unique=True)) if graph.nodes else []
    after = healed(graph, TOY, nodes).remove(nodes)
    codes = {"cycle", "kind-mismatch", "unknown-port", "two-links", "dangling-link"}
    assert [problem for problem in check(after, TOY) if problem.code in codes] == []


@settings(deadline=None, max_examples=60)
@given(graphs(TOY, max_nodes=6), st.data())
def test_steps_with_dots_and_modes_are_shown_as_the_whole_is(graph: Graph, data: st.DataObject) -> None:
    scene = Scene(TOY)
    scene.update(graph)
    for _ in range(4):
        if data.draw(st.booleans()) and graph.links:
            made = dotted(graph, TOY, data.draw(st.sampled_from(graph.links)), (50.0, 50.0))
            graph = made[0] if made else graph
        elif graph.nodes:
            node = data.draw(st.sampled_from(sorted(graph.nodes)))
            steps = [
                graph.set_mode([node], data.draw(modes())),
                graph.disconnect(*graph.links_into(node)),
                graph.remove([node]),
            ]
            graph = data.draw(st.sampled_from(steps))
        scene.update(graph)
        fresh = Scene(TOY)
        fresh.update(graph)
        assert dict(scene.wires) == dict(fresh.wires)
        for name, box in fresh.boxes.items():
            face = scene.boxes[name].face
            assert (face.ports, face.mode, face.through) == (box.face.ports, box.face.mode, box.face.through)
