"""Drawings for tests: any that a person could make, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.graph.drawing import CLEAR, Drawing, Stroke

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def drawings(longest: int = 48, most: int = 6) -> SearchStrategy[Drawing]:
    """Papers up to `longest` on a side with up to `most` strokes, some of them beside the paper."""
    from hypothesis import strategies as st

    side = st.integers(1, longest)
    return st.builds(Drawing, st.tuples(side, side), st.lists(strokes(longest), max_size=most).map(_written))


def strokes(longest: int = 48) -> SearchStrategy[Stroke]:
    """Strokes about a paper with sides up to `longest`, as they come back from a file: of two decimals."""
    from hypothesis import strategies as st

    along = st.integers(-100 * longest, 200 * longest).map(lambda value: value / 100)
    points = st.tuples(along, along)
    color = st.from_regex("#[0-9a-f]{6}", fullmatch=True) | st.just(CLEAR)
    width = st.integers(1, 100 * longest).map(lambda value: value / 100)
    return st.one_of(
        st.builds(Stroke, st.just("brush"), color, st.lists(points, min_size=1, max_size=8).map(tuple), width),
        st.builds(Stroke, st.just("rectangle"), color, st.tuples(points, points)),
        st.builds(Stroke, st.just("fill"), color, st.tuples(points)),
    )


def _written(made: list[Stroke]) -> tuple[str, ...]:
    return tuple(map(str, made))
