from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.grid import Grid

along = st.floats(-3000, 3000)
rects = st.builds(Rect.between, st.tuples(along, along), st.tuples(along, along))


@given(st.lists(st.tuples(st.integers(0, 20), st.none() | rects), max_size=40), rects)
def test_no_key_that_meets_is_missed_whatever_was_moved_and_dropped(
    deeds: list[tuple[int, Rect | None]], wanted: Rect
) -> None:
    grid: Grid[int] = Grid(cell=100, most=16)
    truth: dict[int, Rect] = {}
    for key, rect in deeds:
        if rect is None:
            grid.drop(key)
            truth.pop(key, None)
        else:
            grid.put(key, rect)
            truth[key] = rect
    near = grid.near(wanted)
    assert {key for key, rect in truth.items() if rect.meets(wanted)} <= near <= truth.keys()


def test_a_rectangle_over_everything_fills_no_million_buckets() -> None:
    grid: Grid[str] = Grid()
    grid.put("huge", Rect(-1e6, -1e6, 1e6, 1e6))
    assert grid.near(Rect(0, 0, 1, 1)) == {"huge"}
    assert grid.near(Rect(-1e9, -1e9, 1e9, 1e9)) == {"huge"}


def test_far_keys_are_left_out() -> None:
    grid: Grid[str] = Grid(cell=100)
    grid.put("here", Rect(0, 0, 50, 50))
    grid.put("there", Rect(5000, 0, 5050, 50))
    assert grid.near(Rect(0, 0, 10, 10)) == {"here"}
