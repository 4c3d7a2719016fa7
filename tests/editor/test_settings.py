"""Settings, and the file they are kept in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.settings.stored import config_folder, read, write
from nodeflow.editor.settings.values import DEFAULTS, OPTIONS, SECTIONS, Preferences, Settings, parse

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


@given(st.dictionaries(st.sampled_from([*OPTIONS, "from_tomorrow"]), ANY_JSON))
def test_whatever_is_in_the_file_every_setting_is_one_that_can_be(content: dict[str, Any]) -> None:
    settings, problems = parse(content)
    for name, option in OPTIONS.items():
        value = getattr(settings, name)
        if name != "shortcuts":
            assert not option.wrong(value, getattr(DEFAULTS, name))
            kept = name in content and value == content[name] and type(value) is type(content[name])
            assert kept or name not in content or any(problem.startswith(f"{name}: ") for problem in problems)


def test_one_mistake_costs_one_field(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"theme": "pink", "scale": 150, "threads": true, "shortcuts": {"a": ["Ctrl+S"], "b": "F1"}}')
    preferences = Preferences(path)
    assert preferences.now == Settings(scale=150, shortcuts={"a": ("Ctrl+S",)})
    assert [problem.removeprefix(f"{path}: ") for problem in preferences.problems] == [
        'shortcuts: b must have a list of keys such as ["Ctrl+S"]; the default is used',
        "theme: this must be one of 'dark', 'light'; the default is used",
        "threads: this must be a whole number from 1 to 64; the default is used",
    ]


def test_a_change_is_in_force_and_there_the_next_time(path: Path) -> None:
    preferences = Preferences(path)
    before = preferences.now
    preferences.change(theme="light", shortcuts={"file.save": ("F10",)})
    assert preferences.now is not before
    assert preferences.now == replace(DEFAULTS, theme="light", shortcuts={"file.save": ("F10",)})
    assert Preferences(path).now == preferences.now
    preferences.reset("theme")
    assert Preferences(path).now == Settings(shortcuts={"file.save": ("F10",)})
    assert "theme" not in json.loads(path.read_text())
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_a_value_that_cannot_be_is_refused_and_changes_nothing(path: Path) -> None:
    preferences = Preferences(path)
    with pytest.raises(ValueError, match="threads: this must be a whole number from 1 to 64"):
        preferences.change(threads=0, theme="light")
    assert preferences.now == DEFAULTS
    assert not path.exists()


def test_what_nobody_here_knows_is_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"from_tomorrow": {"x": [1]}, "shortcuts": {"some.pack": ["F9"]}}')
    Preferences(path).change(theme="light")
    assert json.loads(path.read_text()) == {
        "from_tomorrow": {"x": [1]},
        "shortcuts": {"some.pack": ["F9"]},
        "theme": "light",
    }


def test_two_windows_do_not_undo_each_others_changes(path: Path) -> None:
    one, other = Preferences(path), Preferences(path)
    one.change(theme="light")
    other.change(snap=True)
    assert Preferences(path).now == other.now == Settings(theme="light", snap=True)


@pytest.mark.parametrize("text", ["{", "[1]", "\ufeff{}", "[" * 100_000, '"x"'])
def test_a_file_that_cannot_be_read_is_said_and_kept(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    preferences = Preferences(path)
    assert preferences.now == DEFAULTS
    assert str(path) in preferences.problems[0]
    preferences.change(theme="light")
    assert Preferences(path).now.theme == "light"
    assert path.with_name("settings.broken.json").read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said: list[str] = []
    preferences = Preferences(tmp_path / "file" / "settings.json", said.append)
    preferences.change(theme="light")
    assert preferences.now.theme == "light"
    assert "cannot be written" in said[0]


def test_a_file_of_any_size_is_not_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"a": "' + "x" * 1_000_000 + '"}')
    assert read(path)[1].endswith("too large to be a file of NodeFlow's")


def test_every_setting_has_words_and_a_place() -> None:
    for name, option in OPTIONS.items():
        assert option.title
        assert option.section in SECTIONS or name in (
            "shortcuts",
            "library",
            "library_width",
        )  # have a place of their own


def test_the_folder_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NODEFLOW_CONFIG", str(tmp_path))
    assert config_folder() == tmp_path
    monkeypatch.delenv("NODEFLOW_CONFIG")
    assert config_folder().name == "nodeflow"


def test_what_is_written_is_read(path: Path) -> None:
    write(path, {"a": [1, "x", None]})
    assert read(path) == ({"a": [1, "x", None]}, "")
