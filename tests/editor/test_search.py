"""What is found by what is typed, and in what order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.commands.loose_ends import Between, Wanted
from nodeflow.editor.search import first_line, rank
from nodeflow.letters import score
from nodeflow.testing.graphs import TOY

TITLES = ("Pose overlay", "Pose", "Video file", "Video writer", "Image file", "Draw poses", "Depth of field")


def _best(query: str) -> str:
    return rank(query, [(title, title, "") for title in TITLES])[0]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("pose", "Pose"),
        ("po", "Pose"),
        ("pov", "Pose overlay"),
        ("vw", "Video writer"),
        ("vf", "Video file"),
        ("VIDEO F", "Video file"),
        ("dp", "Draw poses"),
        ("dof", "Depth of field"),
        ("file", "Video file"),
    ],
)
def test_initials_and_beginnings_win(query: str, best: str) -> None:
    assert _best(query) == best


def test_what_does_not_match_is_left_out() -> None:
    assert rank("xyz", [(title, title, "") for title in TITLES]) == []
    assert score("ba", "ab") is None


def test_words_of_the_help_count_after_titles() -> None:
    items = [("blur", "Blur", "Soften a picture"), ("soft", "Soft light", "")]
    assert rank("soft", items) == ["soft", "blur"]
    assert rank("soften picture", items) == ["blur"]


def test_words_come_before_letters_here_and_there() -> None:
    items = [("wheel", "The wheel: Zooms at the pointer", ""), ("look", "Dark or light", "View view theme")]
    assert rank("theme", items) == ["look", "wheel"]
    items = [("blend", "Blend", "what is (over) it"), ("overlay", "Pose overlay", ""), ("hover", "Hover", "")]
    assert rank("over", items) == ["overlay", "hover", "blend"]


def test_no_query_keeps_the_order() -> None:
    assert rank("  ", [(title, title, "") for title in TITLES]) == list(TITLES)


@given(st.text("ab cA", max_size=6), st.text("ab-cA", max_size=20))
def test_a_text_matches_its_own_letters_in_order(query: str, text: str) -> None:
    letters = [letter for letter in query.lower() if not letter.isspace()]
    rest = iter(text.lower())
    assert (score(query, text) is not None) == all(letter in rest for letter in letters)


def test_a_loose_wire_is_taken_by_a_port_of_its_own_kind_before_others() -> None:
    pose = TOY.nodes["toy.pose"]
    assert Wanted("Image", "in").port_of(pose, TOY) == "image"
    assert Wanted("Poses", "out").port_of(pose, TOY) == "poses"
    assert Wanted("Poses", "in").port_of(pose, TOY) is None


def test_the_help_is_one_line() -> None:
    assert first_line("\n Soften.\n\n More of it.") == "Soften."
    assert first_line("") == ""


def test_into_a_wire_goes_what_takes_one_end_and_gives_the_other() -> None:
    fitting = {schema.title for schema in TOY.nodes.values() if Between("Image", "Image").port_of(schema, TOY)}
    assert "Draw" in fitting
    assert "Pose" not in fitting
    assert "Camera" not in fitting
