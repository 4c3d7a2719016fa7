"""How large everything is: from one size to the next, and in a window, while a graph runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodeflow.editor.commands.look_commands import look_commands, next_size
from nodeflow.editor.icons import Icon
from nodeflow.editor.settings.values import SIZES, Preferences
from nodeflow.graph import load, save


def test_sizes_follow_one_another_and_end() -> None:
    up = [next_size(percent, 1) for percent in SIZES]
    assert up == [*SIZES[1:], SIZES[-1]]
    assert [next_size(percent, -1) for percent in SIZES] == [SIZES[0], *SIZES[:-1]]
    assert (next_size(110, 1), next_size(110, -1), next_size(400, 1)) == (125, 100, 250)


def test_the_next_size_is_that_of_what_is_seen() -> None:
    preferences = Preferences()
    larger = next(each for each in look_commands(preferences, lambda: 1.5) if each.name == "view.larger")
    larger.action()
    assert preferences.now.scale == 175


@pytest.mark.gui
def test_another_size_shows_at_once_and_the_run_goes_on(
    open_desk: Callable[..., Any], graph_file: Path, tmp_path: Path
) -> None:
    save(load(graph_file).connect("balls.image -> invert.image", "invert.image -> preview.value"), graph_file)
    (tmp_path / "settings.json").write_text(json.dumps({"scale": 125}))
    env = dict.fromkeys(("NODEFLOW_CONFIG", "NODEFLOW_STATE"), str(tmp_path))
    with open_desk(graph_file, env=env | {"NODEFLOW_SCALE": ""}) as desk:
        assert desk.look()["scale"] == 1.25
        desk.key("F5")
        desk.wait(lambda look: look["finished"] > 3)
        desk.key("ctrl+comma")
        desk.press(Icon.RESET)
        look = desk.wait(lambda look: look["scale"] == 1.0 and look["popup"] == "SettingsWindow")
        assert "scale" not in look["settings"]
        desk.key("Escape")
        desk.wait(lambda look: look["popup"] is None)
        for size in (1.25, 1.5, 1.75):
            desk.key("ctrl+shift+equal")
            desk.wait(lambda look, size=size: look["scale"] == size)
        desk.key("Home")
        seen = desk.look()
        desk.wait(lambda look: look["finished"] > seen["finished"] and look["previews"].get("preview", 0) > 3)
        desk.key("ctrl+shift+minus")
        desk.wait(lambda look: look["scale"] == 1.5)
        desk.key("Home")
        desk.click(desk.title("invert"))
        assert desk.look()["selected"] == ["invert"]
        desk.key("m")  # one press is one deed: the handlers of the window before are gone
        assert desk.look()["undo"] is not None
        desk.key("ctrl+z")
        look = desk.look()
        assert (look["undo"], look["state"]) == (None, "running")
