"""What was used last, and what is liked best."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.editor.habits import Habits


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "habits.json"


def test_the_last_used_comes_first_once_and_a_dozen_are_kept(path: Path) -> None:
    habits = Habits(path)
    for name in [*"abcdefghijklmnop", "c"]:
        habits.use("node", name)
    assert habits.recent("node") == list("cponmlkjihgf")
    assert Habits(path).recent("node") == habits.recent("node")
    assert habits.recent("action") == []


def test_a_favourite_is_one_until_it_is_not(path: Path) -> None:
    one, other = Habits(path), Habits(path)
    one.toggle("node", "a")
    other.toggle("node", "b")
    assert Habits(path).favourites("node") == ["a", "b"]
    one.toggle("node", "a")
    assert Habits(path).favourites("node") == ["b"]


@pytest.mark.parametrize("text", ["{", "[]", '{"recent nodes": 3, "favourite nodes": [1, "a", null]}'])
def test_a_broken_file_is_no_habit(path: Path, text: str) -> None:
    path.write_text(text)
    habits = Habits(path)
    assert habits.recent("node") == []
    habits.use("node", "b")
    assert Habits(path).recent("node") == ["b"]


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    habits = Habits(tmp_path / "file" / "habits.json")
    habits.use("node", "a")
    assert habits.recent("node") == ["a"]
