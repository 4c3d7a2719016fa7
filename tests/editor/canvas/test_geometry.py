from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import ZOOM_MAX, ZOOM_MIN, Point, Rect, Viewport, wire_curve

along = st.floats(-1e4, 1e4)
points = st.tuples(along, along)
viewports = st.builds(Viewport, st.floats(ZOOM_MIN, ZOOM_MAX), points)


@given(viewports, points)
def test_to_the_world_and_back(viewport: Viewport, point: Point) -> None:
    assert viewport.to_screen(viewport.to_world(point)) == pytest.approx(point, abs=1e-6)


@given(viewports, points, st.floats(0.01, 100))
def test_what_lies_under_the_cursor_stays_there(viewport: Viewport, cursor: Point, factor: float) -> None:
    zoomed = viewport.zoomed(factor, cursor)
    assert zoomed.to_screen(viewport.to_world(cursor)) == pytest.approx(cursor, abs=1e-6)
    assert ZOOM_MIN <= zoomed.zoom <= ZOOM_MAX


@given(points, points)
def test_a_fitted_rectangle_is_centred_and_inside_unless_the_zoom_ends(a: Point, b: Point) -> None:
    rect, size = Rect.between(a, b), (1280.0, 720.0)
    viewport = Viewport.fitting(rect, size)
    assert viewport.to_screen(rect.center) == pytest.approx((640, 360), abs=1e-6)
    assert viewport.zoom <= 1
    if viewport.zoom > ZOOM_MIN:
        assert all(
            viewport.shown(size).contains(corner) for corner in ((rect.left, rect.top), (rect.right, rect.bottom))
        )


def test_a_short_canvas_gives_less_room_away() -> None:
    """Beside panels at 200 % little is left, and what is fitted there wants most of it."""
    assert Viewport.fitting(Rect(0.0, 0.0, 950.0, 560.0), (360.0, 140.0)).zoom == pytest.approx(112 / 560)


def test_panning_is_in_pixels_whatever_the_zoom() -> None:
    viewport = Viewport(2.0).panned(10, -4)
    assert viewport.to_screen((0, 0)) == (10, -4)


@given(points, points)
def test_a_wire_joins_its_ends_level_and_inside_its_bounds(start: Point, end: Point) -> None:
    curve = wire_curve(start, end)
    assert curve.at(0) == pytest.approx(start)
    assert curve.at(1) == pytest.approx(end)
    assert curve.b[1] == start[1]
    assert curve.c[1] == end[1]
    assert curve.b[0] >= start[0]
    assert curve.c[0] <= end[0]
    assert all(curve.bounds.grown(1e-6).contains(point) for point in curve.points(50))


def test_a_wire_that_runs_back_swings_out_but_not_across_the_screen() -> None:
    back = wire_curve((1000, 0), (0, 10))
    assert 30 < back.b[0] - 1000 < 300


@given(points, points, points)
def test_distance_to_a_wire_is_that_to_its_nearest_point(start: Point, end: Point, point: Point) -> None:
    curve = wire_curve(start, end)
    nearest = min(math.dist(point, on_it) for on_it in curve.points(2000))
    assert curve.distance(point) == pytest.approx(nearest, abs=0.02 * max(100.0, math.dist(start, end)))


@given(points, points, st.floats(0.05, 0.95))
def test_a_stroke_across_a_wire_crosses_it(start: Point, end: Point, t: float) -> None:
    curve = wire_curve(start, end)
    # Across one of the straight pieces that the wire is taken for.
    pieces = list(itertools.pairwise(curve.points()))
    (ax, ay), (bx, by) = pieces[int(t * len(pieces))]
    length = math.dist((ax, ay), (bx, by))
    if length < 1e-3:
        return
    x, y, across = (ax + bx) / 2, (ay + by) / 2, ((ay - by) / length * 5, (bx - ax) / length * 5)
    assert curve.crosses([(x - across[0], y - across[1]), (x + across[0], y + across[1])])


def test_a_stroke_beside_a_wire_does_not_cross_it() -> None:
    curve = wire_curve((0, 0), (100, 0))
    assert not curve.crosses([(0, 5), (100, 5)])
    assert not curve.crosses([(50, 0)])
    assert not curve.crosses([])


@given(points, points, points, points)
def test_rectangles_meet_in_a_point_that_both_hold(a: Point, b: Point, c: Point, d: Point) -> None:
    one, other = Rect.between(a, b), Rect.between(c, d)
    x, y = max(one.left, other.left), max(one.top, other.top)
    assert one.meets(other) == (one.contains((x, y)) and other.contains((x, y)))
    around = Rect.around([one, other])
    assert around is not None
    assert all(around.contains(point) for point in (a, b, c, d))


def test_around_nothing_is_nothing() -> None:
    assert Rect.around([]) is None
