"""Looking at a picture: zoom to the pointer, pan, and the part of it that has to be there."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.running.lens import LARGEST, Lens

rooms = st.builds(Rect.of, st.just(10.0), st.just(20.0), st.floats(40, 2000), st.floats(40, 2000))
sizes = st.tuples(st.integers(1, 5000), st.integers(1, 5000))
shares = st.floats(0, 1)
factors = st.floats(0.1, 10)


def point(room: Rect, x: float, y: float) -> tuple[float, float]:
    return room.left + room.width * x, room.top + room.height * y


@given(rooms, sizes)
def test_a_picture_that_fits_fills_the_room_one_way_and_is_seen_whole(room: Rect, size: tuple[int, int]) -> None:
    place = Lens().place(room, size)
    assert math.isclose(place.width / place.height, size[0] / size[1], rel_tol=1e-6)
    assert math.isclose(max(place.width / room.width, place.height / room.height), 1.0, rel_tol=1e-6)
    assert Lens().part(room, size) is None
    assert math.isclose(place.center[0], room.center[0])


@given(rooms, sizes, shares, shares, st.lists(factors, min_size=1, max_size=6))
def test_what_is_under_the_pointer_stays_there_while_it_is_in_the_picture(
    room: Rect, size: tuple[int, int], x: float, y: float, steps: list[float]
) -> None:
    lens, at = Lens(), point(room, x, y)
    for factor in steps:
        before = lens.to_picture(at, room, size)
        lens = lens.zoomed(factor, at, room, size)
        after = lens.to_picture(at, room, size)
        if all(0.0 < part < 1.0 for part in lens.center):
            assert math.isclose(before[0], after[0], rel_tol=1e-6, abs_tol=1e-3)
            assert math.isclose(before[1], after[1], rel_tol=1e-6, abs_tol=1e-3)
        assert lens.zoom <= LARGEST


@given(rooms, sizes, shares, shares, factors, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_the_part_holds_every_pixel_that_can_be_seen_and_few_others(
    room: Rect, size: tuple[int, int], x: float, y: float, factor: float, dx: float, dy: float
) -> None:
    lens = Lens().zoomed(factor, point(room, x, y), room, size).panned(dx, dy, room, size)
    seen, part = lens.seen(room, size), lens.part(room, size) or (0, 0, *size)
    assert seen is not None  # it cannot be lost from sight
    for start, length, first, count, most in zip(seen[:2], seen[2:], part[:2], part[2:], size, strict=True):
        assert 0 <= first <= start
        assert start + length <= first + count <= most
        assert count <= 3 * length + 4


def test_a_short_pan_needs_no_other_part() -> None:
    room, size = Rect.of(0, 0, 800, 600), (1920, 1080)
    lens = Lens().at(2.0, room.center, room, size)
    parts = {lens.panned(float(dx), 0.0, room, size).part(room, size) for dx in range(0, 200, 4)}
    assert len(parts) <= 3


def test_one_to_one_and_back() -> None:
    room, size = Rect.of(0, 0, 800, 600), (1920, 1080)
    lens = Lens().at(1.0, (100.0, 100.0), room, size)
    assert lens.zoom == 1.0
    assert lens.place(room, size).width == 1920
    assert lens.fitted().place(room, size) == Lens().place(room, size)


def test_a_pan_moves_the_picture_with_the_pointer() -> None:
    room, size = Rect.of(0, 0, 800, 600), (1920, 1080)
    lens = Lens().at(1.0, room.center, room, size)
    before, after = lens.place(room, size), lens.panned(30.0, -20.0, room, size).place(room, size)
    assert (after.left - before.left, after.top - before.top) == (30.0, -20.0)
