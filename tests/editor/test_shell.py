"""Palette, settings and menus on a real screen, with real keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from .desk import Desk

pytestmark = pytest.mark.gui


def test_the_palette_does_what_is_typed(desk: Desk) -> None:
    desk.key("ctrl+p")
    assert desk.wait(lambda look: look["popup"] == "Menu")["rows"][0] == "File"
    desk.type("selall")
    assert desk.wait(lambda look: look["rows"] and look["rows"][0] == "Select all")
    desk.key("Return")
    assert len(desk.wait(lambda look: look["popup"] is None)["selected"]) == 4
    desk.key("ctrl+p")
    assert desk.wait(lambda look: look["rows"])["rows"][:2] == ["Recent", "Select all"]
    desk.key("Escape")
    desk.wait(lambda look: look["popup"] is None)


def test_keys_that_were_changed_work_at_once_and_after_a_restart(
    open_desk: Callable[..., Desk], graph_file: Path, tmp_path: Path
) -> None:
    env = {"NODEFLOW_CONFIG": str(tmp_path / "config")}
    with open_desk(graph_file, env=env) as desk:
        desk.key("ctrl+F1")
        desk.wait(lambda look: "file.open" in look["keys"])
        desk.click(desk.look()["keys"]["file.open"])
        desk.key("ctrl+s")  # that is Save's: it asks, and nothing has changed yet
        assert desk.look()["shortcuts"]["file.open"] == ["Ctrl+O"]
        desk.click(desk.look()["keys"]["file.new"])
        desk.key("F9")
        desk.wait(lambda look: look["shortcuts"]["file.new"] == ["F9"])
        desk.key("Escape")
        desk.wait(lambda look: look["popup"] is None)
    with open_desk(graph_file, env=env) as desk:
        desk.key("ctrl+n")
        assert desk.look()["title"] == "graph"
        desk.key("F9")
        desk.wait(lambda look: look["title"] == "Untitled")


def test_a_menu_opens_by_a_press_and_its_neighbour_by_pointing(desk: Desk) -> None:
    desk.click((30, 22))
    assert desk.wait(lambda look: look["rows"])["rows"][0] == "New"
    desk.move((72, 22))
    assert desk.wait(lambda look: look["rows"][:1] == ["Undo"])
    desk.key("Right")
    assert desk.wait(lambda look: look["rows"] and look["rows"][0] != "Undo")
    desk.key("Escape")
    desk.wait(lambda look: look["popup"] is None)


def test_light_leaves_nothing_dark_and_is_there_the_next_time(
    open_desk: Callable[..., Desk], graph_file: Path, tmp_path: Path
) -> None:
    env = {"NODEFLOW_CONFIG": str(tmp_path / "config")}
    with open_desk(graph_file, env=env) as desk:
        assert brightness(desk, tmp_path / "dark.png") < 70
        desk.key("ctrl+p")
        desk.type("dark or light")
        desk.key("Return")
        desk.wait(lambda look: look["settings"] == {"theme": "light"})
        desk.settle()
        assert brightness(desk, tmp_path / "light.png") > 215
    with open_desk(graph_file, env=env) as desk:
        assert brightness(desk, tmp_path / "again.png") > 215


def brightness(desk: Desk, path: Path) -> float:
    """Of nearly all of the window, 0..255: what the darkest or brightest twentieth is does not count."""
    desk.shot(path)
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    window = picture[4:900, 4:1400]
    return float(sorted(window.ravel()[::97])[int(len(window.ravel()[::97]) * (0.05 if window.mean() > 128 else 0.95))])
