"""A subgraph with a real mouse and real keys: made, entered, left; it runs all the while."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, save

from .desk import Desk

pytestmark = pytest.mark.gui


@pytest.fixture
def wired(tmp_path: Path) -> Path:
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.invert"), (320.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 0.0))
    graph = graph.connect("balls.image -> invert.image", "invert.image -> preview.value")
    save(graph, tmp_path / "wired.json")
    return tmp_path / "wired.json"


def _shot(desk: Desk, name: str) -> None:
    """Keep a picture of the window, where somebody asks for it."""
    folder = os.environ.get("NODEFLOW_TEST_SHOTS")
    if folder:
        desk.shot(Path(folder) / name)


def test_a_subgraph_is_made_entered_and_left(open_desk: Callable[..., Desk], wired: Path) -> None:
    with open_desk(wired, start=True) as desk:
        desk.wait(lambda look: look["statuses"].get("preview", [""])[0] in ("ready", "running"))
        desk.click(desk.title("invert"))
        desk.wait(lambda look: look["selected"] == ["invert"])
        desk.key("ctrl+g")
        look = desk.wait(lambda look: set(look["nodes"]) == {"balls", "subgraph", "preview"})
        assert look["links"] == ["balls.image -> subgraph.image", "subgraph.image_2 -> preview.value"]
        desk.wait(lambda look: look["statuses"].get("subgraph", [""])[0] in ("ready", "running"))
        _shot(desk, "outside.png")
        desk.double_click(desk.look()["bodies"]["subgraph"])
        look = desk.wait(lambda look: look["level"] == ["subgraph"] and look["crumbs"])
        assert set(look["nodes"]) == {"image", "invert", "image_2"}
        desk.wait(lambda look: look["statuses"].get("invert", [""])[0] in ("ready", "running"))
        _shot(desk, "inside.png")
        desk.click(desk.look()["crumbs"]["Subgraph"])
        desk.wait(lambda look: look["popup"])
        _shot(desk, "rename.png")
        desk.type("Negative")
        desk.key("Return")
        desk.wait(lambda look: "Negative" in look["crumbs"] and not look["popup"])
        look = desk.settle()
        assert look["popup"] is None
        desk.click(look["crumbs"]["wired"])
        look = desk.wait(lambda look: look["level"] == [])
        assert look["selected"] == ["subgraph"]
        desk.key("ctrl+z")
        desk.key("ctrl+z")
        assert set(desk.wait(lambda look: "invert" in look["nodes"])["nodes"]) == {"balls", "invert", "preview"}


def test_a_subgraph_is_kept_and_used_in_another_graph(
    open_desk: Callable[..., Desk], wired: Path, tmp_path: Path
) -> None:
    with open_desk(wired, env={"NODEFLOW_SUBGRAPHS": str(tmp_path / "mine")}) as desk:
        desk.click(desk.title("invert"))
        desk.wait(lambda look: look["selected"] == ["invert"])
        desk.key("ctrl+g")
        desk.wait(lambda look: look["selected"] == ["subgraph"])
        desk.key("ctrl+p")
        desk.type("Save to the library")
        desk.key("Return")
        desk.wait(lambda _: (tmp_path / "mine" / "subgraph.json").is_file())
        desk.key("ctrl+t")
        desk.wait(lambda look: not look["nodes"])
        desk.key("Tab")
        desk.type("from your library")
        desk.wait(lambda look: look["rows"] == ["Subgraph"])
        _shot(desk, "library.png")
        desk.key("Return")
        desk.wait(lambda look: set(look["nodes"]) == {"subgraph"})
