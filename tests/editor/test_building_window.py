"""The whole way with a real mouse: from an empty canvas to a graph that runs, saved, closed and opened again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import load, loads
from nodeflow.models import Library

from .desk import Desk, Point

pytestmark = pytest.mark.gui


def _add(desk: Desk, words: str, at: Point) -> None:
    """Right click on empty canvas, type, choose."""
    desk.click(at, button=3)
    desk.wait(lambda look: look["popup"] == "AddMenu")
    desk.type(words)
    desk.key("Return")
    desk.wait(lambda look: look["popup"] is None)


def test_what_is_typed_after_a_press_on_a_category_is_looked_for(open_desk: Callable[..., Desk]) -> None:
    with open_desk(None) as desk:
        desk.key("Escape")
        corner = (60.0, 170.0)
        desk.click(corner, button=3)
        desk.wait(lambda look: look["popup"] == "AddMenu")
        desk.settle()
        desk.click((corner[0] + 60.0, corner[1] + 67.0))
        desk.settle()
        desk.type("video file")
        desk.key("Return")
        desk.wait(lambda look: look["nodes"].keys() == {"video"})


@pytest.mark.weights
def test_clip_pose_and_overlay_are_built_on_an_empty_canvas_and_run(
    open_desk: Callable[..., Desk], library: Library, tmp_path: Path
) -> None:
    library.fetch("blazepose-full")
    clip = shutil.copy(library.asset("one_person"), tmp_path / "clip.mp4")
    with open_desk(None) as desk:
        desk.key("Escape")
        left, top = 60.0, 130.0
        _add(desk, "video file", (left, top + 40))
        _add(desk, "pose", (left + 300, top + 320))
        _add(desk, "draw poses", (left + 560, top + 40))
        _add(desk, "preview", (left + 830, top + 300))
        nodes = desk.look()["nodes"]
        assert nodes.keys() == {"video", "pose", "poses", "preview"}
        for start, end in (
            ("video.image", "pose.image"),
            ("video.image", "poses.image"),
            ("pose.poses", "poses.poses"),
            ("poses.image", "preview.value"),
        ):
            desk.drag(desk.port(start, "out"), desk.port(end, "in"))
        assert len(desk.look()["links"]) == 4

        desk.click(desk.param("video.file"))
        desk.wait(lambda look: "one person" in look["rows"])  # samples, and on top:
        desk.key("Return")
        desk.wait(lambda look: look["popup"] == "PathPrompt")
        desk.key("ctrl+a")
        desk.type(str(clip))
        desk.key("Return")
        desk.wait(lambda look: look["nodes"]["video"].get("file") == str(clip))
        desk.wait(lambda look: look["problems"] == [])
        desk.key("F5")
        look = desk.wait(lambda look: look["previews"].get("preview", 0) > 3, 90.0)
        assert look["dock"] == ""
        assert {status for status, _message in look["statuses"].values()} <= {"ready", "running"}


def test_a_graph_is_saved_closed_and_opened_again_as_it_was(desk: Desk, graph_file: Path) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    wire = desk.look()["wires"]["balls.image -> preview.value"]
    desk.drag(desk.title("invert"), (wire[0], wire[1] - 15))  # onto the wire: it goes between
    desk.wait(lambda look: set(look["links"]) == {"balls.image -> invert.image", "invert.image -> preview.value"})
    desk.key("ctrl+z")
    desk.wait(lambda look: look["links"] == ["balls.image -> preview.value"])
    desk.key("ctrl+y")
    x, y = desk.param("invert.strength")
    desk.drag((x, y), (x - 60, y))
    desk.click(desk.title("count"))
    desk.key("m")
    desk.key("n")
    desk.type("To be seen to")
    desk.click(desk.empty())
    desk.key("ctrl+a")
    desk.key("ctrl+shift+g")
    desk.key("Escape")
    made = desk.wait(lambda look: "To be seen to" in look["graph"] and '"groups"' in look["graph"])["graph"]
    desk.key("ctrl+s")
    desk.wait(lambda look: not look["dirty"])
    assert load(graph_file) == loads(made)
    desk.key("ctrl+w")
    start = desk.wait(lambda look: look["start"])["start"]
    desk.click(start["graph"])
    look = desk.wait(lambda look: look["title"] == "graph" and look["start"] is None)
    assert look["graph"] == made == graph_file.read_text()
    assert not look["dirty"]
    assert look["undo"] is None
