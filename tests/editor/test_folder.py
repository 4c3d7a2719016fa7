"""What a path prompt lists of a folder, and what it takes for an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.folder import Entry, Listing, listed, offered, start_of

CLIPS = Ask("open", "Open a clip", patterns=("*.mp4", "*.MOV"))
_LISTINGS = st.lists(st.builds(Entry, st.text("aB.m4p", min_size=1, max_size=6), st.booleans())).map(
    lambda entries: Listing(Path("/clips"), tuple(entries))
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.mp4", "A.mov", "ab.mp4", "notes.txt", ".hidden.mp4"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["more", "A.mov", "ab.mp4", "b.mp4"]),
        ("b", ["b.mp4", "ab.mp4"]),
        ("AB", ["ab.mp4"]),
        (".h", [".hidden.mp4"]),
        ("notes", []),
    ],
)
def test_what_fits_is_offered_and_what_begins_so_comes_first(folder: Path, typed: str, names: list[str]) -> None:
    assert [entry.name for entry in offered(listed(folder), CLIPS, typed)] == names


@given(_LISTINGS, st.text("aB.m4p", max_size=3), st.sampled_from(["open", "save", "folder"]))
def test_all_that_is_offered_is_there_and_has_in_it_what_is_typed(
    listing: Listing, typed: str, mode: Literal["open", "save", "folder"]
) -> None:
    found = offered(listing, Ask(mode, "Ask", patterns=("*.mp4",)), typed)
    assert all(entry in listing.entries and typed.lower() in entry.name.lower() for entry in found)
    assert mode != "folder" or all(entry.is_folder for entry in found)


def test_a_folder_that_cannot_be_looked_into_says_why(tmp_path: Path) -> None:
    assert "No such file" in listed(tmp_path / "gone").fault
    assert listed(tmp_path / "nul\0").fault


def test_it_begins_in_a_folder_that_there_is(folder: Path) -> None:
    assert start_of(Ask("open", "", folder)) == (folder, "")
    assert start_of(Ask("save", "", folder / "more" / "new.mp4")) == (folder / "more", "new.mp4")
    assert start_of(Ask("save", "", folder / "out" / "new.mp4")) == (folder, str(Path("out", "new.mp4")))


def test_answers_are_paths_from_the_folder_that_is_listed(folder: Path) -> None:
    save = Ask("save", "", patterns=("*.json",))
    assert save.answer("mine", folder) == folder / "mine.json"
    assert save.answer("mine.txt", folder) == folder / "mine.txt"
    assert CLIPS.answer("b", folder) == folder / "b"
    assert CLIPS.fault("b.mp4", folder) == ""
    assert "does not exist" in CLIPS.fault("c.mp4", folder)
    assert "a folder" in CLIPS.fault("more", folder)
    assert save.fault("", folder) == "Type a name."
    assert Ask("folder", "").fault("", folder) == ""
    assert Ask("open", "", others=("sample:walk",)).answer("sample:walk", folder) == Path("sample:walk")
