"""The panel under the canvas with a real mouse and real keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, enclose, save

from .desk import Desk

pytestmark = pytest.mark.gui


@pytest.fixture
def troubled(tmp_path: Path) -> Path:
    """A lamp without its bulb, and inside a subgraph a value that cannot be."""
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.lamp"), (320.0, -100.0))
    graph, _ = graph.add(Node("desk.invert", params={"strength": 7}), (320.0, 150.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, -100.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 150.0))
    graph = graph.connect("balls.image -> lamp.image", "balls.image -> invert.image")
    graph = graph.connect("lamp.image -> preview.value", "invert.image -> preview_2.value")
    graph, _ = enclose(graph, ["invert"], "Inner")
    path = tmp_path / "troubled.json"
    save(graph, path)
    return path


def test_problems_are_gone_to_mended_and_tried_again(open_desk: Callable[..., Desk], troubled: Path) -> None:
    with open_desk(troubled, start=True) as desk:
        desk.wait(lambda look: len(look["troubles"]) == 2)
        desk.key("ctrl+shift+m")
        look = desk.wait(lambda look: look["dock"] == "problems")
        places = {text.split(": ")[1]: n for n, text in enumerate(look["troubles"])}
        assert places.keys() == {"Inner / Invert.strength", "Lamp"}
        left, top, row, width = look["dock_rows"]

        def at(where: str, x: float) -> tuple[float, float]:
            return left + x, top + row * (places[where] + 0.5)

        desk.click(at("Inner / Invert.strength", 60))
        look = desk.wait(lambda look: look["level"] == ["inner"])
        assert look["selected"] == ["invert"]
        desk.click(at("Lamp", 60))
        look = desk.wait(lambda look: look["level"] == [])
        assert look["selected"] == ["lamp"]
        desk.key("Up")
        desk.key("Return")
        desk.wait(lambda look: look["level"] == ["inner"])

        desk.click(at("Inner / Invert.strength", width - 30))
        desk.wait(lambda look: len(look["troubles"]) == 1)
        assert desk.look()["undo"] == "Reset Invert.strength"
        desk.wait(lambda look: look["previews"] is not None and look["statuses"].get("invert", ["", ""])[0] != "failed")

        (troubled.parent / "bulb").write_text("")
        desk.click((left + width - 30, top + row * 0.5))
        desk.wait(lambda look: look["troubles"] == [])
        desk.wait(lambda look: "info Lamp: works again" in look["log"])


def test_the_log_tells_of_the_run_and_of_what_was_refused_and_the_panel_stays_as_it_was_left(desk: Desk) -> None:
    desk.key("ctrl+shift+l")
    desk.wait(lambda look: look["dock"] == "log")
    desk.drag(desk.port("balls.image"), desk.port("count.number", "in"))
    desk.wait(lambda look: any(line.startswith("warning editor: ") for line in look["log"]))
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("F5")
    desk.wait(lambda look: {"info graph: running", "info Balls: opened"} <= set(look["log"]))
    desk.key("F5")

    look = desk.settle()
    top = look["dock_rows"][1]
    desk.drag(look["dock_edge"], (look["dock_edge"][0], look["dock_edge"][1] - 100))
    assert desk.settle()["dock_rows"][1] == pytest.approx(top - 100, abs=12)
    desk.click(look["dock_tabs"]["performance"])
    # the tabs moved with the edge: the press met the list, and the log is still in front
    assert desk.look()["dock"] == "log"
    desk.click(desk.look()["dock_tabs"]["performance"])
    assert desk.look()["dock"] == "performance"
    desk.key("F8")
    assert desk.look()["dock"] == ""
    desk.key("ctrl+j")
    assert desk.look()["dock"] == "performance"
