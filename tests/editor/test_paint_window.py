"""Painting as a person does it: with a mouse in the viewer, while the graph runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from nodeflow.graph import Graph, Node, save

from .desk import Desk, Look

pytestmark = pytest.mark.gui


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A paper, turned negative, and a writer that keeps the last picture."""
    graph, _ = Graph().add(Node("io.paint", params={"width": 128, "height": 128}), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.invert"), (320.0, 0.0))
    graph, _ = graph.add(Node("io.image_writer", params={"path": "made.png"}), (640.0, 0.0))
    path = tmp_path / "plan.json"
    save(graph.connect("paint.image -> invert.image", "paint.image -> image_writer.image"), path)
    return path


def spot(look: Look, x: float, y: float) -> tuple[float, float]:
    """Where a point of the picture is in the window."""
    paint = look["paint"]
    return paint["corner"][0] + x * paint["scale"], paint["corner"][1] + y * paint["scale"]


@pytest.mark.parametrize("scale", ["1", "2"])
def test_a_stroke_is_painted_where_the_mouse_went_and_can_be_undone(
    open_desk: Callable[..., Desk], plan_file: Path, scale: str
) -> None:
    with open_desk(plan_file, start=True, env={"NODEFLOW_SCALE": scale}) as desk:
        desk.click(desk.title("paint"))
        look = desk.wait(lambda look: look["paint"] and look["paint"]["kind"] == "brush")
        desk.click(look["paint"]["swatches"]["red"])
        desk.key("bracketright")
        look = desk.wait(lambda look: look["paint"]["color"] == "#d92b2b" and look["paint"]["width"] == 20)

        start, end = spot(look, 32.5, 64.5), spot(look, 96.5, 64.5)
        desk.drag(start, end)
        (stroke,) = desk.wait(lambda look: look["paint"]["strokes"])["paint"]["strokes"]
        words = stroke.split()
        points = [tuple(map(float, each.split(","))) for each in words[3:]]
        assert words[:3] == ["brush", "#d92b2b", "20"]
        pixel = 1 / look["paint"]["scale"]
        for (x, y), (wanted_x, wanted_y) in zip(points, [(32.5, 64.5), (96.5, 64.5)], strict=True):
            assert abs(x - wanted_x) <= pixel
            assert abs(y - wanted_y) <= pixel
        made = plan_file.parent / "made.png"

        def painted(x: int, y: int) -> list[int]:
            picture = cv2.imread(str(made))
            return [] if picture is None else picture[y, x][::-1].tolist()

        desk.wait(lambda look: painted(64, 64) == [217, 43, 43])
        assert painted(64, 80) == [255, 255, 255]

        desk.move(spot(look, 64.5, 64.5))
        desk.wait(lambda look: look["pixel"].endswith("#d92b2b"))
        desk.key("ctrl+z")
        desk.wait(lambda look: not look["paint"]["strokes"] and look["pixel"].endswith("#ffffff"))
        desk.wait(lambda look: painted(64, 64) == [255, 255, 255])
        desk.key("ctrl+y")
        desk.wait(lambda look: painted(64, 64) == [217, 43, 43])


def test_colours_are_chosen_by_name_and_picked_from_the_picture_and_keys_are_for_tools(
    open_desk: Callable[..., Desk], plan_file: Path
) -> None:
    with open_desk(plan_file) as desk:
        desk.click(desk.title("paint"))
        look = desk.wait(lambda look: look["paint"])  # nothing runs, and it can be painted on
        desk.click(look["paint"]["picker"])
        desk.wait(lambda look: look["popup"] == "ColorPrompt")
        first = look["paint"]["color"]
        desk.click(desk.steady(lambda look: look["list"]))
        desk.wait(lambda look: look["paint"]["color"] != first)
        desk.key("ctrl+z")
        desk.wait(lambda look: look["paint"]["color"] == first)
        desk.key("Escape")
        assert desk.wait(lambda look: look["popup"] is None)["selected"] == ["paint"]
        desk.click(look["paint"]["palette"])
        desk.wait(lambda look: look["popup"] == "Menu")
        desk.key("Down")
        desk.key("Down")
        desk.key("Return")
        look = desk.wait(lambda look: "window sill" in look["paint"]["swatches"])
        assert look["paint"]["color"] == "#0d3dfb"
        desk.key("4")
        desk.wait(lambda look: look["paint"]["kind"] == "rectangle")
        desk.drag(spot(look, 20, 20), spot(look, 100, 100))
        desk.click(look["paint"]["swatches"]["door"])
        desk.click(look["paint"]["tools"]["fill"])
        desk.click(spot(look, 110, 110))
        look = desk.wait(lambda look: len(look["paint"]["strokes"]) == 2)
        assert look["paint"]["strokes"][1].startswith("fill #a50000 ")

        desk.move(spot(look, 60, 60))
        desk.xdotool("keydown", "alt", "click", 1, "keyup", "alt")
        desk.wait(lambda look: look["paint"]["color"] == "#0d3dfb")
        desk.drag(spot(look, 60, 60), spot(look, 70, 70), button=2)  # the middle button moves the picture
        assert len(desk.look()["paint"]["strokes"]) == 2
        desk.key("alt+0")

        desk.key("1")
        look = desk.settle()
        desk.move(spot(look, 30, 30))
        desk.xdotool("mousedown", 1)
        desk.move(spot(look, 90, 30))
        desk.wait(lambda look: len(look["paint"]["strokes"]) == 3)
        desk.key("Escape")
        desk.xdotool("mouseup", 1)
        desk.wait(lambda look: len(look["paint"]["strokes"]) == 2)
        desk.click(look["paint"]["tools"]["clear"])
        desk.wait(lambda look: not look["paint"]["strokes"])
        desk.key("ctrl+z")
        desk.wait(lambda look: len(look["paint"]["strokes"]) == 2)
