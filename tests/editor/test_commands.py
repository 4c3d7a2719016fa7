"""The table of commands and its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nodeflow.editor.actions import all_commands
from nodeflow.editor.commands import Command, Commands, chord

from .fakes import Bench


def test_keys_do_what_they_stand_for_and_nothing_while_typing() -> None:
    done: list[str] = []
    table = Commands(
        [
            Command("file.save", "Save", lambda: done.append("save"), ("Ctrl+S",), typing=True),
            Command("canvas.delete", "Delete", lambda: done.append("delete"), ("Delete", "Backspace")),
            Command("run.stop", "Stop", lambda: done.append("stop"), ("F6",), enabled=lambda: False),
        ]
    )
    assert table.press("Ctrl+S", typing=True)
    assert table.press("Backspace", typing=False)
    assert not table.press("Delete", typing=True)
    assert not table.press("Ctrl+Q", typing=False)
    assert table.press("F6", typing=False)
    assert done == ["save", "delete"]
    assert table["file.save"].tip == "Save   Ctrl+S"
    assert [command.name for command in table] == ["file.save", "canvas.delete", "run.stop"]


def test_a_name_or_a_key_twice_is_a_mistake() -> None:
    one = Command("a", "A", print, ("F1",))
    with pytest.raises(ValueError, match="two commands are called 'a'"):
        Commands([one, one])
    with pytest.raises(ValueError, match="F1 is taken by 'a' and 'b'"):
        Commands([one, Command("b", "B", print, ("F1",))])


def test_chords_name_their_modifiers_in_one_order() -> None:
    assert chord("S") == "S"
    assert chord("S", shift=True, ctrl=True) == "Ctrl+Shift+S"
    assert chord("F5", alt=True) == "Alt+F5"


def test_the_documentation_lists_every_key() -> None:
    class NoWindow:
        def __getattr__(self, name: str) -> object:
            return lambda *_: None

    page = (Path(__file__).parents[2] / "docs" / "editor.md").read_text()
    listed = re.findall(r"^\| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    for command in all_commands(Bench().workspace, NoWindow()):
        if command.keys:
            assert (command.title, ", ".join(command.keys)) in listed
