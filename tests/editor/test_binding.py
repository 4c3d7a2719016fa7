"""Giving commands other keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.commands.binding import Binder
from nodeflow.editor.commands.table import Command, Commands
from nodeflow.editor.settings.values import DEFAULTS, Preferences


def table() -> Commands:
    return Commands(
        [
            Command("copy", "Copy", lambda: None, ("Ctrl+C",)),
            Command("twice", "Duplicate", lambda: None, ("Ctrl+D",)),
            Command("delete", "Delete", lambda: None, ("Delete", "Backspace")),
            Command("none", "Nothing", lambda: None),
        ]
    )


class Bind:
    def __init__(self, path: Path | None = None) -> None:
        self.preferences, self.commands = Preferences(path), table()
        self.binder = Binder(self.preferences, self.commands)

    def keys(self) -> dict[str, tuple[str, ...]]:
        return {command.name: command.keys for command in self.commands}


@pytest.fixture
def bind(tmp_path: Path) -> Bind:
    return Bind(tmp_path / "settings.json")


def test_free_keys_are_had_at_once_and_the_next_time(bind: Bind, tmp_path: Path) -> None:
    bind.binder.listen("copy")
    assert bind.binder.press("F9")
    assert bind.commands["copy"].keys == ("F9",)
    assert bind.binder.listening is None
    again = table()
    again.rebind(Preferences(tmp_path / "settings.json").now.shortcuts)
    assert again["copy"].keys == ("F9",)


def test_keys_of_another_command_are_said_and_left_or_taken(bind: Bind) -> None:
    bind.binder.listen("copy")
    bind.binder.press("Ctrl+D")
    assert bind.binder.conflict
    assert bind.binder.conflict.owner.title == "Duplicate"
    assert bind.preferences.now == DEFAULTS
    bind.binder.leave()
    assert bind.binder.conflict is None
    assert bind.commands["twice"].keys == ("Ctrl+D",)
    bind.binder.listen("copy")
    bind.binder.press("Ctrl+D")
    bind.binder.take()
    assert bind.commands["copy"].keys == ("Ctrl+D",)
    assert bind.commands["twice"].keys == ()


def test_more_keys_stand_beside_the_first(bind: Bind) -> None:
    bind.binder.listen("copy", more=True)
    bind.binder.press("F9")
    assert bind.commands["copy"].keys == ("Ctrl+C", "F9")


def test_its_own_keys_again_are_no_conflict(bind: Bind) -> None:
    bind.binder.listen("delete")
    bind.binder.press("Backspace")
    assert bind.commands["delete"].keys == ("Backspace",)


def test_escape_changes_nothing_and_nobody_listens_otherwise(bind: Bind) -> None:
    assert not bind.binder.press("F9")
    bind.binder.listen("copy")
    assert bind.binder.press("Escape")
    assert bind.binder.listening is None
    assert bind.preferences.now == DEFAULTS


def test_usual_keys_come_back_one_by_one_and_all_at_once(bind: Bind) -> None:
    bind.binder.listen("copy")
    bind.binder.press("Ctrl+D")
    bind.binder.take()
    bind.binder.clear("delete")
    assert bind.binder.changed("delete")
    bind.binder.reset("twice")
    assert bind.commands["twice"].keys == ("Ctrl+D",)
    assert bind.commands["copy"].keys == ()
    bind.binder.reset_all()
    assert bind.keys() == {command.name: command.keys for command in table()}
    assert bind.preferences.now == DEFAULTS


def test_commands_are_found_by_title_and_by_keys(bind: Bind) -> None:
    assert [command.name for command in bind.binder.found("dupl")] == ["twice"]
    assert [command.name for command in bind.binder.found("ctrl+d")] == ["twice"]
    assert len(bind.binder.found("")) == 4


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["listen", "more", "clear", "reset"]),
        st.sampled_from(["copy", "twice", "delete", "none"]),
        st.sampled_from(["F9", "Ctrl+C", "Ctrl+D", "Delete"]),
        st.booleans(),
    ),
    max_size=8,
)


@given(STEPS)
def test_whatever_is_bound_no_keys_stand_for_two_things_and_all_can_be_undone(
    steps: list[tuple[str, str, str, bool]],
) -> None:
    bind = Bind()
    for step, name, keys, take in steps:
        if step in ("clear", "reset"):
            getattr(bind.binder, step)(name)
        else:
            bind.binder.listen(name, more=step == "more")
            bind.binder.press(keys)
            if take:
                bind.binder.take()
                assert keys in bind.commands[name].keys
        shown = [each for command in bind.commands for each in command.keys]
        assert len(set(shown)) == len(shown)
    bind.binder.reset_all()
    assert bind.keys() == {command.name: command.keys for command in table()}
