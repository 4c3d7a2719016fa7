"""Ways with fewer points: the same line, and never more of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.painting.simplify import TOLERANCE, simplified

_ALONG = st.floats(-500, 500).map(lambda value: round(value, 1))
_WAYS = st.lists(st.tuples(_ALONG, _ALONG), min_size=1, max_size=40)


def _far(point: tuple[float, float], line: list[tuple[float, float]]) -> float:
    (x, y), found = point, math.inf
    for (ax, ay), (bx, by) in zip(line, [*line[1:], line[-1]], strict=True):
        square = (bx - ax) ** 2 + (by - ay) ** 2
        share = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square, 0), 1) if square else 0.0
        found = min(found, math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
    return found


@given(_WAYS)
def test_no_point_of_a_way_is_farther_from_the_line_than_a_third_of_a_pixel(way: list[tuple[float, float]]) -> None:
    line = simplified(way)
    assert set(line) <= set(way)
    assert len(line) <= len(way)
    assert line[0] == way[0]
    assert line[-1] in (way[-1], way[0])
    assert all(_far(point, line) <= TOLERANCE + 1e-9 for point in way)


@pytest.mark.parametrize(
    ("way", "line"),
    [
        ([(3.0, 4.0)], [(3.0, 4.0)]),
        ([(3.0, 4.0), (3.0, 4.0)], [(3.0, 4.0)]),
        ([(0.0, float(n)) for n in range(100)], [(0.0, 0.0), (0.0, 99.0)]),
        ([(0.0, 0.0), (10.0, 0.0), (0.0, 0.0)], [(0.0, 0.0), (10.0, 0.0), (0.0, 0.0)]),
    ],
)
def test_what_lies_on_a_line_is_left_out(way: list[tuple[float, float]], line: list[tuple[float, float]]) -> None:
    assert simplified(way) == line


def test_a_circle_takes_few_points() -> None:
    way = [(100 + 80 * math.cos(n / 200), 100 + 80 * math.sin(n / 200)) for n in range(1257)]
    assert len(simplified(way)) < 80
