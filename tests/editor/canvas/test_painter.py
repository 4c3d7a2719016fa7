"""What the painter does at once and what waits its turn. No window: DearPyGui makes items without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import dearpygui.dearpygui as dpg
import pytest

from nodeflow.editor.canvas.drawing import painter as module
from nodeflow.editor.canvas.drawing.painter import Painter
from nodeflow.editor.canvas.drawing.pen import Faces
from nodeflow.editor.canvas.geometry import Viewport, wire_curve
from nodeflow.editor.canvas.live import Image, Live
from nodeflow.editor.canvas.looks import Ghost, Looks
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.wiring import fitting_ports
from nodeflow.engine.messages import NodeStatus
from nodeflow.graph import Graph, Node, View
from nodeflow.testing.graphs import TOY

SIZE = (1200.0, 800.0)
NEAR, FAR = Viewport(1.0), Viewport(0.15)


@pytest.fixture
def painter() -> Iterator[Painter]:
    dpg.create_context()
    try:
        with dpg.window() as window:
            yield Painter(int(window), Faces(0, 0, 0, lambda text, _: 0.5 * len(text)), 1.0)
    finally:
        dpg.destroy_context()


@pytest.fixture
def scene() -> Scene:
    graph = Graph({"camera": Node("toy.camera"), "pose": Node("toy.pose"), "draw": Node("toy.draw")}).connect(
        "camera.image -> pose.image", "camera.image -> draw.image"
    )
    scene = Scene(TOY)
    scene.update(graph.move({"camera": (0, 0), "pose": (300, 0), "draw": (600, 0)}))
    return scene


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that has no time for what waits."""
    monkeypatch.setattr(module, "_PATIENCE", -1.0)


def written(painter: Painter) -> set[str]:
    """The nodes whose texts are drawn."""
    return {node for node, view in painter._nodes.items() if view.art._written}


def shaded(painter: Painter) -> set[str]:
    """The nodes that stand back."""
    return {node for node, view in painter._nodes.items() if dpg.get_item_children(view.art._shade.group, 2)}


def selected(painter: Painter) -> set[str]:
    return {node for node, view in painter._nodes.items() if view.art._marks.selected}


def test_all_that_waits_has_its_turn(painter: Painter, scene: Scene) -> None:
    painter.draw(scene, Looks(NEAR, SIZE), {})
    for _ in range(200):
        painter.draw(scene, Looks(NEAR, SIZE), {})
    assert not painter._behind
    assert written(painter) == {"camera", "pose", "draw"}


@pytest.mark.usefixtures("no_time")
def test_details_wait_and_what_the_hand_does_shows_at_once(painter: Painter, scene: Scene) -> None:
    painter.draw(scene, Looks(NEAR, SIZE, Selection(frozenset({"pose"}))), {})
    assert painter.shown == {"camera", "pose", "draw"}
    assert written(painter) == set()
    assert selected(painter) == {"pose"}
    painter.draw(scene, Looks(NEAR, SIZE), {})
    assert selected(painter) == set()


def test_a_node_that_changes_comes_before_all_that_waits(
    painter: Painter, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.draw(scene, Looks(FAR, SIZE), {})
    monkeypatch.setattr(module, "_PATIENCE", -1.0)
    painter.draw(scene, Looks(NEAR, SIZE), {})
    scene.update(scene.graph.set_param("draw", "width", 5))
    painter.draw(scene, Looks(NEAR, SIZE), {})
    assert written(painter) == {"draw"}


def test_many_changes_show_over_some_frames_and_look_as_before_until_then(
    painter: Painter, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks(NEAR, SIZE, Selection(frozenset({"pose"})))
    for _ in range(50):
        painter.draw(scene, looks, {})
    monkeypatch.setattr(module, "_BUILDING", -1.0)
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    scene.update(scene.graph.set_mode(scene.graph.nodes, "muted"))
    for left in (4, 3, 2, 1, 0):  # three nodes and what is left of two wires, one a frame
        painter.draw(scene, looks, {})
        assert len(painter._outdated) == left
        assert written(painter) == {"camera", "pose", "draw"}
        assert selected(painter) == {"pose"}
    assert not painter.unfinished
    assert all(view.art.face is scene.boxes[node].face for node, view in painter._nodes.items())


@pytest.mark.usefixtures("no_time")
def test_news_of_a_run_wait_unless_they_are_the_same(painter: Painter, scene: Scene) -> None:
    looks = Looks(NEAR, SIZE)
    painter.draw(scene, looks, {})
    painter._behind.clear()
    live = {"pose": Live(NodeStatus("ready", runs=1)), "draw": Live(NodeStatus())}
    painter.draw(scene, looks, live)
    assert set(painter._behind) == {"pose", "draw"}
    painter._behind.clear()
    painter.draw(scene, looks, {**live, "pose": Live(NodeStatus("ready", runs=1))})
    assert not painter._behind


def test_a_preview_that_is_resized_while_its_picture_changes_size_shows_the_new_one(
    painter: Painter, scene: Scene
) -> None:
    """The texture of the picture before is gone when the node is drawn anew."""
    with dpg.texture_registry():
        small, large = (int(dpg.add_static_texture(1, 1, [0.0] * 4)) for _ in range(2))
    view = View((0.0, 0.0), preview=True)
    scene.update(replace(scene.graph, view={**scene.graph.view, "camera": view}))
    looks = Looks(NEAR, SIZE)
    for _ in range(50):
        painter.draw(scene, looks, {"camera": Live(NodeStatus("ready"), image=Image(small, 96, 54))})
    dpg.delete_item(small)
    scene.update(replace(scene.graph, view={**scene.graph.view, "camera": replace(view, size=(400.0, 300.0))}))
    painter.draw(scene, looks, {"camera": Live(NodeStatus("ready"), image=Image(large, 480, 270))})
    (picture,) = dpg.get_item_children(painter._nodes["camera"].live._picture.group, 2)
    assert dpg.get_item_configuration(picture)["texture_tag"] == large


def test_what_left_the_sight_costs_nothing_and_is_brought_up_when_it_is_back(painter: Painter, scene: Scene) -> None:
    away = Viewport(1.0, (90_000.0, 0.0))
    painter.draw(scene, Looks(FAR, SIZE), {})
    painter.draw(scene, Looks(away, SIZE), {})
    assert painter.shown == set()
    for _ in range(50):
        painter.draw(scene, Looks(NEAR, SIZE), {})
    assert written(painter) == {"camera", "pose", "draw"}


def test_nodes_where_the_wire_in_hand_cannot_end_stand_back(painter: Painter, scene: Scene) -> None:
    painter.draw(scene, Looks(NEAR, SIZE), {})
    port = Port("pose", "poses", "out")
    curves = (wire_curve((0.0, 0.0), (9.0, 9.0)),)
    ghost = Ghost(port, curves, (9.0, 9.0), "Poses", fitting_ports(scene, scene.graph, port))
    painter.draw(scene, Looks(NEAR, SIZE, ghost=ghost), {})
    assert shaded(painter) == {"camera"}
    painter.draw(scene, Looks(NEAR, SIZE), {})
    assert shaded(painter) == set()
