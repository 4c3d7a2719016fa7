"""Graph tabs with a real mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, save

from .desk import Desk

pytestmark = pytest.mark.gui


def _names(desk: Desk) -> list[str]:
    return [tab["name"] for tab in desk.look()["tabs"]]


def test_tabs_are_opened_shown_moved_and_closed_while_a_hidden_graph_runs(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
    desk.key("F5")
    desk.wait(lambda look: look["finished"] > 3 and look["textures"] >= 1)

    desk.click(desk.look()["plus"])
    look = desk.look()
    assert (_names(desk), look["title"], look["nodes"]) == (["graph", "Untitled"], "Untitled", {})
    assert look["state"] == "idle"
    assert look["tabs"][0]["state"] == "running"
    assert look["tabs"][0]["dirty"]
    desk.key("ctrl+z")
    desk.move(desk.empty())
    desk.key("Tab")
    desk.type("count")
    desk.key("Return")
    desk.wait(lambda look: "count" in look["nodes"])

    first, second = (tab["at"] for tab in desk.look()["tabs"])
    desk.drag(second, (first[0] - 30, first[1]))
    assert _names(desk) == ["Untitled", "graph"]
    desk.key("ctrl+Tab")
    look = desk.wait(lambda look: look["title"] == "graph")
    assert look["state"] == "running"
    desk.wait(lambda later: later["finished"] > look["finished"] + 3 and later["textures"] >= 1)

    desk.click(desk.look()["tabs"][0]["at"], button=2)
    desk.wait(lambda look: look["popup"] == "UnsavedQuestion")
    assert desk.look()["title"] == "Untitled"
    desk.key("Escape")
    desk.key("ctrl+z")
    desk.click(desk.look()["tabs"][0]["cross"])
    desk.wait(lambda look: [tab["name"] for tab in look["tabs"]] == ["graph"])
    assert desk.look()["state"] == "running"


def test_dropped_graphs_are_opened_and_dropped_pictures_become_nodes(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "a cat.PNG"
    picture.write_bytes(b"never read")
    save(Graph().add(Node("desk.balls"))[0], tmp_path / "other.json")
    desk.drop(picture, at=desk.empty())
    look = desk.wait(lambda look: "image" in look["nodes"])
    assert look["nodes"]["image"] == {"file": "a cat.PNG"}
    assert look["undo"] == "Add a cat.PNG"
    desk.drop(tmp_path / "other.json", at=desk.empty())
    desk.wait(lambda look: look["title"] == "other")
    assert _names(desk) == ["graph", "other"]
