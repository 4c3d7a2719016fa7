"""Tables where there is little room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.tables import columns_of, spots_of
from nodeflow.engine.look import Cell, Rows

CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)


def test_numbers_of_a_column_are_written_alike() -> None:
    rows = Rows(
        ("", "joint", "score", "x", "m"),
        ((0, "nose", 1.0, 712.345, -0.4213), (0, "left_eye", 0.98765, 3.2, 0.1), (0, "ear", 0.0, 88.0, 0.0)),
        3,
    )
    place, joint, score, x, metres = columns_of(rows)
    assert place.texts == ("0", "0", "0")
    assert joint.texts == ("nose", "left_eye", "ear")
    assert not joint.numeric
    assert score.texts == ("1.00", "0.99", "0.00")
    assert x.texts == ("712", "3", "88")
    assert metres.texts == ("-0.42", "0.10", "0.00")


def test_what_is_very_small_very_large_or_no_number_is_told_as_it_is() -> None:
    rows = Rows(("a", "b", "c"), ((1e-7, 2.5e9, float("nan")), (2e-7, 1.0, 0.5)), 2)
    assert [column.texts for column in columns_of(rows)] == [("1e-07", "2e-07"), ("2.5e+09", "1"), ("nan", "0.50")]


def test_words_give_way_before_numbers_do() -> None:
    rows = Rows(("text", "score"), (("a text that is long and goes on", 0.123456),), 1)
    columns = columns_of(rows)
    wide = spots_of(columns, 1000.0, lambda text: 7.0 * len(text), 10.0)
    tight = spots_of(columns, 160.0, lambda text: 7.0 * len(text), 10.0)
    assert tight[1][1] == wide[1][1]
    assert sum(width for _, width in tight) <= 160.0


def test_the_widest_words_give_way_first() -> None:
    rows = Rows(("text", "label"), (("a text that is long and goes on", "spam or not"),), 1)
    (_, text), (_, label) = spots_of(columns_of(rows), 200.0, lambda text: 7.0 * len(text), 10.0)
    assert (text, label) == (113.0, 87.0)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5), st.floats(10, 2000))
def test_every_table_fits_its_room(cells: list[list[Cell]], room: float) -> None:
    rows = Rows(("a", "b", "c"), tuple(tuple(row) for row in cells), len(cells))
    columns = columns_of(rows)
    assert all(len(column.texts) == len(cells) for column in columns)
    spots = spots_of(columns, room, lambda text: 7.0 * len(text), 12.0)
    assert sum(width for _, width in spots) <= room + 1e-6
