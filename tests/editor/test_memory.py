"""What was used last, and what is liked best."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.editor.settings.memory import Memory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.json"


def test_the_last_used_comes_first_once_and_a_dozen_are_kept(path: Path) -> None:
    memory = Memory(path)
    for name in [*"abcdefghijklmnop", "c"]:
        memory.use("node", name)
    assert memory.recent("node") == list("cponmlkjihgf")
    assert Memory(path).recent("node") == memory.recent("node")
    assert memory.recent("action") == []


def test_a_favourite_is_one_until_it_is_not(path: Path) -> None:
    one, other = Memory(path), Memory(path)
    one.toggle("node", "a")
    other.toggle("node", "b")
    assert Memory(path).favourites("node") == ["a", "b"]
    one.toggle("node", "a")
    assert Memory(path).favourites("node") == ["b"]


@pytest.mark.parametrize("text", ["{", "[]", '{"recent nodes": 3, "favourite nodes": [1, "a", null]}'])
def test_a_broken_file_is_no_habit(path: Path, text: str) -> None:
    path.write_text(text)
    memory = Memory(path)
    assert memory.recent("node") == []
    memory.use("node", "b")
    assert Memory(path).recent("node") == ["b"]


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "memory.json")
    memory.use("node", "a")
    assert memory.recent("node") == ["a"]
