"""How the panel under the canvas was left."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.editor.settings.dock_place import LEAST, DockPlace
from nodeflow.editor.settings.memory import Memory
from nodeflow.editor.settings.stored import write
from nodeflow.graph import Json


def test_it_is_found_as_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    place = DockPlace(Memory(path))
    assert (place.open, place.tab) == (False, "")
    place.change(open=True, tab="log")
    place.change(height=333.3)
    again = DockPlace(Memory(path))
    assert (again.open, again.tab, again.height) == (True, "log", 333.0)
    again.change(height=3.0)
    assert DockPlace(Memory(path)).height == LEAST


@pytest.mark.parametrize("kept", [None, 3, [], {"open": 1, "tab": 4, "height": "high"}, {"height": float("nan")}, {}])
def test_whatever_the_file_says_it_can_be_shown(tmp_path: Path, kept: Json) -> None:
    path = tmp_path / "memory.json"
    write(path, {"bottom panel": kept})
    place = DockPlace(Memory(path))
    assert place.open is False
    assert place.tab == ""
    assert LEAST <= place.height <= 2000.0
