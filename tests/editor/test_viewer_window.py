"""The viewer as a person meets it: pixels, pins and what is on a wire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.graph import Graph, Node, save
from tests.nodes.clips import write_clip

from .desk import Desk

pytestmark = pytest.mark.gui


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    """A running camera, turned negative, and a preview."""
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.invert"), (320.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 0.0))
    path = tmp_path / "pictures.json"
    save(graph.connect("balls.image -> invert.image", "invert.image -> preview.value"), path)
    return path


def test_the_viewer_tells_pixels_zooms_compares_pins_and_saves(
    open_desk: Callable[..., Desk], picture_file: Path, tmp_path: Path
) -> None:
    with open_desk(picture_file, start=True) as desk:
        desk.wait(lambda look: look["finished"] > 3)
        desk.click(desk.title("balls"))
        desk.key("F5")
        desk.wait(lambda look: look["state"] == "paused")
        x, y = desk.look()["viewer"]["drawing"]
        # The uppermost row of the source is dark and the same in every frame: 20 20 20.
        desk.wait(lambda look: look["viewed"] == "balls" and look["seen"] == [160, 90])
        desk.move((x, y - 90))
        desk.wait(lambda look: look["pixel"].endswith("20 20 20  #141414"))

        for _ in range(12):
            desk.xdotool("click", "4")
        zoomed = desk.wait(lambda look: look["lens"] > 19)
        desk.wait(lambda look: look["part"] is not None and look["exact"])
        assert desk.look()["pixel"].endswith("20 20 20  #141414")
        desk.drag((x, y), (x + 40, y + 10))
        assert desk.look()["lens"] == zoomed["lens"]
        desk.key("alt+0")
        desk.wait(lambda look: look["part"] is None)

        desk.click(desk.look()["viewer"]["pin"])
        desk.click(desk.title("invert"))
        assert desk.settle()["viewed"] == "balls"
        desk.click((desk.look()["strip"][0] + 30, desk.look()["strip"][1] + 30))
        desk.wait(lambda look: look["viewed"] == "invert" and look["pins"] == ["balls."])
        desk.click((desk.look()["strip"][0] + 120, desk.look()["strip"][1] + 30))
        desk.wait(lambda look: look["viewed"] == "balls")
        desk.key("shift+v")  # pins what is selected, though another one is held
        desk.wait(lambda look: look["viewed"] == "invert" and look["pins"] == ["balls.", "invert."])
        desk.key("shift+v")
        desk.wait(lambda look: look["viewed"] == "invert" and look["pins"] == ["balls."])
        desk.key("alt+c")
        desk.wait(lambda look: look["compared"] == "balls.")

        desk.click(desk.look()["viewer"]["save"])
        desk.wait(lambda look: look["popup"] == "PathPrompt")
        desk.key("ctrl+a")
        desk.type(str(tmp_path / "shot"))
        desk.key("Return")
        desk.wait(lambda look: any("Saved shot.png" in notice for notice in look["notices"]))
    assert np.asarray(cv2.imread(str(tmp_path / "shot.png"))).shape == (90, 160, 3)


def test_resting_on_a_wire_shows_the_value_that_came_through(
    open_desk: Callable[..., Desk], picture_file: Path
) -> None:
    with open_desk(picture_file, start=True) as desk:
        desk.wait(lambda look: look["finished"] > 3)
        (left, top), (right, bottom) = desk.port("balls.image", "out"), desk.port("invert.image", "in")
        desk.move(((left + right) / 2, (top + bottom) / 2))
        desk.wait(lambda look: "160x90" in look["tip"] and "balls.image -> invert.image" in look["tip"])
        desk.move(desk.empty())
        desk.wait(lambda look: not look["tip"])


def test_resting_on_a_status_line_that_is_cut_shows_all_of_it(desk: Desk) -> None:
    desk.move(desk.look()["bodies"]["invert"])
    desk.wait(lambda look: "not connected" in look["status_tip"])
    desk.move(desk.empty())
    desk.wait(lambda look: not look["status_tip"])


def test_a_paused_clip_is_dragged_to_its_end_and_back(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", 40, rate=10)
    graph, _ = Graph().add(Node("io.video", params={"file": "a.mp4"}), (0.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (320.0, 0.0))
    save(graph.connect("video.image -> preview.value"), tmp_path / "clip.json")
    with open_desk(tmp_path / "clip.json") as desk:
        desk.key("F6")
        desk.wait(lambda look: look["state"] == "paused" and look["finished"] == 1)
        desk.wait(lambda look: look["transport"] and look["transport"]["long"] == 4.0)
        desk.steady(lambda look: look["transport"] and (look["transport"]["right"], look["transport"]["y"]))
        bar = desk.look()["transport"]
        end, middle = (bar["right"] - 2, bar["y"]), ((bar["left"] + bar["right"]) / 2, bar["y"])
        for _ in range(2):
            desk.drag(middle, end)
            desk.wait(lambda look: look["transport"]["at"] == pytest.approx(3.9))
            desk.drag(end, middle)
            seen = desk.wait(lambda look: look["transport"] and look["transport"]["at"] < 3.0)["transport"]
            assert seen["at"] == pytest.approx(2.0, abs=0.2)
