"""The table of commands and its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.chords import chord, known_chord
from nodeflow.editor.commands.shortcuts import renewed, sheet, usual_commands
from nodeflow.editor.commands.table import Command, Commands, rebound


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


def test_the_documentation_lists_every_action_with_its_keys() -> None:
    """Where this fails, `python -m nodeflow.editor.commands.shortcuts docs/editor.md` renews the page."""
    page = (Path(__file__).parents[2] / "docs" / "editor.md").read_text(encoding="utf-8")
    assert renewed(page, sheet(usual_commands())) == page


def test_a_page_without_a_place_for_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="the page needs the lines"):
        renewed("# A page", "")


def table_of(*keys: tuple[str, ...]) -> Commands:
    return Commands(Command(f"c{place}", f"C{place}", lambda: None, each) for place, each in enumerate(keys))


CHORDS = ("F1", "F2", "Ctrl+A", "Ctrl+B", "Shift+X")
USUAL = st.lists(st.lists(st.sampled_from(CHORDS), unique=True, max_size=2).map(tuple), min_size=1, max_size=4).filter(
    lambda all_keys: len({key for keys in all_keys for key in keys}) == sum(map(len, all_keys))
)
SAID = st.dictionaries(
    st.sampled_from(["c0", "c1", "c2", "c3", "gone"]),
    st.lists(st.sampled_from(CHORDS), unique=True, max_size=2).map(tuple),
)


@given(USUAL, SAID)
def test_whatever_a_person_says_of_keys_each_stands_for_one_command(
    usual: list[tuple[str, ...]], said: dict[str, tuple[str, ...]]
) -> None:
    table = table_of(*usual)
    table.rebind(said)
    shown = [key for command in table for key in command.keys]
    assert len(set(shown)) == len(shown)
    for command in table:
        assert set(command.keys) <= set(said.get(command.name, table.usual(command.name)))
        assert all(table.owner(key) is command for key in command.keys)
    table.rebind({})
    assert [command.keys for command in table] == usual


@given(USUAL, SAID, st.sampled_from(CHORDS))
def test_a_key_that_is_given_is_had_and_by_no_one_else(
    usual: list[tuple[str, ...]], said: dict[str, tuple[str, ...]], wanted: str
) -> None:
    table = table_of(*usual)
    table.rebind(said)
    table.rebind(rebound(said, table, "c0", (wanted,)))
    assert table["c0"].keys == (wanted,)
    assert [command.name for command in table if wanted in command.keys] == ["c0"]


def test_a_command_that_gets_its_usual_keys_back_is_not_kept_as_changed() -> None:
    table = table_of(("F1",), ("F2",))
    said = rebound({}, table, "c0", ("F2",))
    assert said == {"c0": ("F2",)}
    table.rebind(said)
    assert table["c1"].keys == ()
    assert rebound(said, table, "c0", ("F1",)) == {}


def test_a_letter_writes_while_typing_whatever_it_was_bound_to() -> None:
    done: list[str] = []
    table = Commands([Command("file.save", "Save", lambda: done.append("save"), ("Ctrl+S",), typing=True)])
    table.rebind({"file.save": ("S", "Shift+Home", "F10")})
    assert not table.press("S", typing=True)
    assert not table.press("Shift+Home", typing=True)
    assert table.press("F10", typing=True)
    assert table.press("S", typing=False)
    assert done == ["save", "save"]


@pytest.mark.parametrize("text", ["Ctrl+S", "F12", "Ctrl+Alt+Shift+;", "Space", "-"])
def test_keys_that_there_are(text: str) -> None:
    assert known_chord(text)


@pytest.mark.parametrize("text", ["", "s", "Ctrl", "Shift+Ctrl+S", "Ctrl+Ctrl+S", "Ctrl+", "Hyper+S", "F13"])
def test_keys_that_there_are_not(text: str) -> None:
    assert not known_chord(text)
