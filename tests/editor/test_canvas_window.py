"""Groups, notes, modes and dots in the real window: what the pilot cannot see is whether popups and keys reach them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .desk import Desk

pytestmark = pytest.mark.gui


def test_groups_and_notes_are_made_written_and_moved(desk: Desk) -> None:
    desk.click(desk.title("invert"))
    desk.key("ctrl+shift+g")
    desk.wait(lambda look: look["popup"] == "TextPrompt")
    desk.type("Make it dark")
    desk.key("Return")
    graph = json.loads(desk.wait(lambda look: look["undo"] == "Rename Group")["graph"])
    assert graph["groups"]["group"]["title"] == "Make it dark"

    before = desk.title("invert")
    x, y = desk.look()["pads"]["group"]
    desk.drag((x, y), (x + 40, y + 60))
    after = desk.title("invert")
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((40, 60), abs=2)

    desk.move(desk.empty())
    desk.key("n")
    desk.wait(lambda look: look["popup"] == "NotePrompt")
    desk.type("Two lines")
    desk.key("Return")
    desk.type("of text")
    desk.key("Escape")
    graph = json.loads(desk.wait(lambda look: look["popup"] is None)["graph"])
    assert graph["notes"]["note"]["text"] == "Two lines\nof text"

    desk.click(desk.look()["pads"]["note"], button=3)
    rows = desk.wait(lambda look: look["popup"] == "Menu")["rows"]
    assert {"Rename", "Green", "Delete"} <= set(rows)
    desk.key("Escape")


def test_dots_and_modes_by_mouse_and_keys(desk: Desk) -> None:
    desk.drag(desk.port("balls.image"), desk.port("invert.image", "in"))
    desk.double_click(desk.look()["wires"]["balls.image -> invert.image"])
    look = desk.wait(lambda look: "reroute" in look["nodes"])
    assert look["links"] == ["balls.image -> reroute.value", "reroute.value -> invert.image"]
    desk.key("Delete")
    desk.wait(lambda look: look["links"] == ["balls.image -> invert.image"])
    desk.drag(desk.port("invert.image", "out"), desk.port("preview.value", "in"))
    desk.click(desk.title("invert"))
    desk.key("b")
    assert json.loads(desk.look()["graph"])["nodes"]["invert"]["mode"] == "bypassed"
    desk.key("F5")
    desk.wait(lambda look: look["finished"] > 3)


def test_pasting_where_nothing_was_ever_copied_is_said(
    fresh_display: str, graph_file: Path, open_desk: Callable[..., Desk]
) -> None:
    """DearPyGui's own reading of an empty clipboard ends the program."""
    with open_desk(graph_file, env={"DISPLAY": fresh_display}) as desk:
        desk.key("ctrl+v")
        desk.wait(lambda look: "The clipboard holds no text" in look["notices"])


def test_the_wheel_in_the_add_menu_marks_the_row_that_comes_under_the_pointer(desk: Desk) -> None:
    desk.move(desk.empty())
    desk.key("Tab")
    desk.type("e")
    look = desk.wait(lambda look: look["popup"] == "AddMenu" and len(look["rows"]) > 20)
    desk.move(tuple(look["list"]))
    before = desk.look()["marked"]
    desk.xdotool("click", "--repeat", 3, 5)
    after = desk.wait(lambda look: look["marked"] != before)["marked"]
    after = desk.settle()["marked"]
    x, y = look["list"]
    desk.move((x + 1, y))
    assert desk.look()["marked"] == after, "the pointer had to move no more"
    desk.key("Down")
    desk.wait(lambda look: look["marked"] != after)
    assert desk.settle()["marked"] == desk.settle()["marked"] != after, "a key moves the mark off the pointer"
