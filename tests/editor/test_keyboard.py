"""The editor with the mouse left alone: a graph is built, set and run by keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from .desk import Desk

pytestmark = pytest.mark.gui


def _zoomed(before: float, larger: bool, look: dict[str, Any]) -> bool:
    return look["zoom"] != before and (look["zoom"] > before) == larger


def test_a_graph_is_built_set_and_run_by_keys(open_desk: Callable[..., Desk]) -> None:
    with open_desk(None) as desk:
        desk.key("Escape")
        for keys, name in (("Tab", "balls"), ("shift+Tab", "invert"), ("shift+Tab", "preview")):
            desk.key(keys)
            desk.wait(lambda look: look["popup"] == "AddMenu")
            desk.type(name)
            desk.key("Return")
            desk.wait(lambda look: look["popup"] is None)
        assert desk.look()["links"] == ["balls.image -> invert.image", "invert.image -> preview.value"]

        desk.key("alt+Left")
        assert desk.look()["selected"] == ["invert"]
        desk.key("Return")
        desk.wait(lambda look: look["popup"] == "TextPrompt")
        desk.type("0.25")
        desk.key("Tab")
        look = desk.wait(lambda look: look["nodes"]["invert"].get("strength") == 0.25)
        assert look["popup"] is None  # there is no other value

        desk.key("ctrl+Left")
        desk.key("c")
        rows = desk.wait(lambda look: look["popup"] == "Menu")["rows"]
        assert rows == ["Outputs", "image"]
        desk.key("Return")
        rows = desk.wait(lambda look: look["rows"][:1] != ["Outputs"])["rows"]
        assert rows[0] == "Preview \u00b7 value"
        desk.key("Return")
        desk.wait(lambda look: look["links"] == ["balls.image -> invert.image", "balls.image -> preview.value"])

        for key, larger in (("equal", True), ("minus", False), ("KP_Add", True), ("KP_Subtract", False)):
            zoom = desk.look()["zoom"]
            desk.key(f"ctrl+{key}")
            desk.wait(partial(_zoomed, zoom, larger))

        desk.key("F5")
        desk.wait(lambda look: look["finished"] > 3)


def test_a_sample_is_chosen_by_keys_and_a_path_is_typed(open_desk: Callable[..., Desk]) -> None:
    with open_desk(None) as desk:
        desk.key("Escape")
        desk.key("Tab")
        desk.wait(lambda look: look["popup"] == "AddMenu")
        desk.type("video file")
        desk.key("Return")
        desk.wait(lambda look: look["popup"] is None)
        desk.key("Return")
        desk.wait(lambda look: "one person" in look["rows"])
        desk.type("one per")
        desk.wait(lambda look: look["marked"] == "one person")
        desk.key("Tab")
        look = desk.wait(lambda look: look["nodes"]["video"].get("file") == "sample:one_person")
        assert look["marked"] == "off"  # whether it loops
        desk.key("shift+Tab")
        desk.wait(lambda look: look["marked"] == "one person")
        desk.type("a/clip.mp4")
        desk.key("Return")
        desk.wait(lambda look: look["nodes"]["video"]["file"] == "a/clip.mp4")
        desk.key("Return")
        assert desk.wait(lambda look: look["popup"] == "TextPrompt")["typed"] == "a/clip.mp4"
