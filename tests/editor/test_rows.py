"""The rows of a menu: which is marked, and where each lies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.commands.rows import HEADING, LINE, ROW, Choice, Rows, most_height


def nothing() -> None:
    """What a row does in these tests."""


ROWS = st.lists(
    st.builds(
        Choice,
        title=st.sampled_from(["a", "b", ""]),
        action=st.none() | st.just(nothing),
        enabled=st.booleans(),
        checked=st.just(False),
        level=st.integers(0, 2),
    ),
    max_size=12,
)


@given(ROWS, st.lists(st.integers(-9, 9).filter(bool), max_size=8))
def test_only_what_can_be_chosen_is_marked(choices: list[Choice], steps: list[int]) -> None:
    rows = Rows(choices)
    for step in [*steps, 1]:
        assert (rows.marked >= 0) == any(choice.choosable for choice in choices)
        assert rows.now is None or rows.now.choosable
        rows.step(step)


@given(ROWS)
def test_steps_go_round_all_that_can_be_chosen(choices: list[Choice]) -> None:
    rows = Rows(choices)
    can = [place for place, choice in enumerate(choices) if choice.choosable]
    seen = []
    for _ in can:
        seen.append(rows.marked)
        rows.step(1)
    assert seen == can
    assert not can or rows.marked == can[0]
    rows.step(-1)
    assert not can or rows.marked == can[-1]


@given(ROWS)
def test_a_row_is_found_where_it_lies(choices: list[Choice]) -> None:
    rows = Rows(choices)
    for place, choice in enumerate(choices):
        found = rows.at(rows.tops[place] + choice.height / 2)
        assert found == (place if choice.choosable else None)
    assert rows.at(-1.0) is None
    assert rows.at(rows.height) is None


def test_a_list_fits_into_a_small_window() -> None:
    assert most_height(900.0, searched=True) == 12.5 * ROW
    assert most_height(900.0, searched=False) > 12.5 * ROW
    for searched in (True, False):
        assert most_height(370.0, searched) < 370.0 - 60.0
        assert most_height(10.0, searched) == 3 * ROW


def test_a_heading_is_lower_than_a_row_and_a_line_lower_still() -> None:
    rows = Rows([Choice("File"), Choice("New", nothing), Choice(""), Choice("Quit", nothing)])
    assert rows.tops == [0.0, HEADING, HEADING + ROW, HEADING + ROW + LINE]


def test_what_is_checked_is_marked_first() -> None:
    rows = Rows([Choice("one", nothing), Choice("two", nothing, checked=True)])
    assert rows.marked == 1


def test_what_hangs_on_a_branch_knows_it() -> None:
    rows = Rows(
        [Choice("Find", nothing, unfolded=True), Choice("Pose", nothing, level=1), Choice("Crop", nothing, level=1)]
    )
    rows.step(2)
    assert rows.now == rows.choices[2]
    assert rows.branch() == 0
    rows.marked = 0
    assert rows.branch() == -1


def test_a_branch_spreads_over_all_that_hangs_on_it() -> None:
    hanging = [
        Choice("Left", nothing, level=1),
        Choice("Far left", nothing, level=2),
        Choice("Right", nothing, level=1),
    ]
    rows = Rows([Choice("Move", nothing), Choice("Align", nothing, unfolded=True), *hanging, Choice("Group", nothing)])
    rows.mark("Align")
    assert rows.spread == (ROW, 5 * ROW)
    rows.mark("Group")
    assert rows.spread == rows.span


def test_the_same_row_stays_marked_where_it_is_still_there() -> None:
    rows = Rows([Choice("one", nothing), Choice("two", nothing), Choice("two", nothing, enabled=False)])
    rows.mark("two")
    assert rows.marked == 1
    rows.mark("three")
    assert rows.marked == 1


def test_a_letter_marks_the_next_row_that_begins_with_it() -> None:
    def act() -> None: ...

    rows = Rows([Choice("Points"), Choice("People", act), Choice("faces", act), Choice("Pets", act, enabled=False)])
    assert rows.jump("F")
    assert rows.now
    assert rows.now.title == "faces"
    assert rows.jump("p")
    assert rows.now.title == "People"
    assert rows.jump("p")  # round to itself
    assert not rows.jump("z")
    assert rows.now.title == "People"
