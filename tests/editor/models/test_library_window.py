"""The library panel with a real mouse: opened, searched, a model dragged onto the canvas and onto a node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, save
from tests.editor.desk import Desk


@pytest.mark.gui
def test_a_model_is_found_dragged_onto_the_canvas_and_onto_a_node(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("people.pose"), (320.0, 0.0))
    save(graph.connect("balls.image -> pose.image"), tmp_path / "graph.json")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.json").write_text('{"library": true, "reduced_motion": true}')
    with open_desk(tmp_path / "graph.json", env={"NODEFLOW_CONFIG": str(tmp_path / "config")}) as desk:
        look = desk.wait(lambda look: look["library"] and look["library"]["models"])
        assert not look["first_modules"], "it is open from the start, and yet the first frame waits for nothing"
        desk.key("ctrl+l")
        desk.wait(lambda look: look["library"] is None)
        desk.key("ctrl+l")
        desk.wait(lambda look: look["library"])
        desk.type("movenet")
        look = desk.wait(lambda look: all(name.startswith("movenet") for name in look["library"]["models"]))
        models = look["library"]["models"]

        desk.drag(models["movenet-thunder"], desk.empty())
        look = desk.wait(lambda look: "pose_2" in look["nodes"])
        assert look["nodes"]["pose_2"] == {"model": "movenet-thunder"}
        assert look["undo"] == "Add MoveNet Thunder"

        desk.drag(models["movenet-lightning"], desk.title("pose"))
        look = desk.wait(lambda look: look["nodes"]["pose"] == {"model": "movenet-lightning"})
        assert look["links"] == ["balls.image -> pose.image"]
        assert look["selected"] == ["pose"]
        desk.key("ctrl+z")
        assert desk.wait(lambda look: look["nodes"]["pose"] == {})["undo"] == "Add MoveNet Thunder"

        desk.click(models["movenet-lightning"])
        buttons = desk.wait(lambda look: look["library"]["card"] == "movenet-lightning")["library"]["buttons"]
        assert {"Add to canvas", "Use", "Compare"} <= buttons.keys()
        desk.click(buttons["Use"])
        desk.wait(lambda look: look["nodes"]["pose"] == {"model": "movenet-lightning"})
        desk.key("Escape")
        desk.wait(lambda look: not look["library"]["card"])

        desk.key("Down")
        desk.key("Return")
        assert desk.wait(lambda look: look["library"]["card"])["library"]["card"].startswith("movenet")
        desk.key("Escape")
        desk.wait(lambda look: not look["library"]["card"])
        desk.key("ctrl+l")
        desk.wait(lambda look: look["library"] is None)
