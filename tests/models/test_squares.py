"""The readers show what they say they show: a picture of its own coordinates proves it."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models.squares import Square, TurnedReader, UprightReader, scaled
from nodeflow.values import transform

WIDTH, HEIGHT = 200, 150


def coordinates() -> np.ndarray:
    """A picture whose red is x and green is y of each pixel's index."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.ascontiguousarray(np.stack((x, y, np.full_like(x, 255)), -1).astype(np.uint8))


def inside(shown: np.ndarray) -> np.ndarray:
    """Where a crop shows the picture and not what lies outside of it (blue is 255 all over the picture)."""
    return shown[..., 2] == 255


squares = st.builds(
    Square, st.floats(-20, WIDTH + 20), st.floats(-20, HEIGHT + 20), st.floats(20, 300), st.floats(-math.pi, math.pi)
)


@given(squares, st.sampled_from([16, 32, 57]))
@settings(deadline=None, max_examples=60)
def test_a_turned_crop_shows_what_its_affine_says(square: Square, size: int) -> None:
    shown, affine = TurnedReader(size, extend=False).read(coordinates(), square)
    rows, columns = np.nonzero(inside(shown))
    expected = transform(affine, np.stack((columns, rows), -1).astype(np.float32))
    whole = (expected > 0).all(axis=1) & (expected < (WIDTH - 1, HEIGHT - 1)).all(axis=1)
    assert np.abs(shown[rows, columns, :2].astype(float) - expected)[whole].max(initial=0) < 1.1


def test_a_turned_crop_turns_clockwise() -> None:
    affine = Square(100, 75, 64, math.pi / 2).to_picture(64)
    centre, right = transform(affine, np.array(((32, 32), (64, 32)), np.float32))
    np.testing.assert_allclose(centre, (100, 75), atol=1e-4)
    np.testing.assert_allclose(right, (100, 75 + 32), atol=1e-4)


@pytest.mark.parametrize(("extend", "outside"), [(True, 255), (False, 0)])
def test_outside_the_picture_it_is_black_or_its_edge(extend: bool, outside: int) -> None:
    shown, _ = TurnedReader(16, extend=extend).read(coordinates(), Square(-100, -100, 16))
    assert (shown[..., 2] == outside).all()


upright = st.builds(Square, st.floats(-20, WIDTH + 20), st.floats(-20, HEIGHT + 20), st.floats(30, 300))


@given(upright, st.sampled_from([16, 32, 57]))
@settings(deadline=None, max_examples=60)
def test_an_upright_crop_shows_what_its_affine_says(square: Square, size: int) -> None:
    shown, affine = UprightReader(size).read(coordinates(), square)
    rows, columns = np.nonzero(inside(shown))
    centres = np.stack((columns, rows), -1).astype(np.float32) + np.float32(0.5)
    expected = transform(affine, centres) - np.float32(0.5)
    tolerance = 1.5 + square.side / size / 2  # averaging is off where a crop ends within a pixel
    assert np.abs(shown[rows, columns, :2].astype(float) - expected).max(initial=0) < tolerance


@given(upright)
@settings(deadline=None, max_examples=60)
def test_an_upright_crop_is_where_it_was_asked_for_to_a_pixel(square: Square) -> None:
    size = 64
    shown, affine = UprightReader(size).read(coordinates(), square)
    if not inside(shown).any():
        return
    corners = transform(affine, np.array(((0, 0), (size, size)), np.float32))
    wanted = np.array(((square.x, square.y),)) + np.array(((-0.5,), (0.5,))) * square.side
    scale = square.side / size
    # Both ends are rounded to whole pixels; where little of the picture is seen, that stretches the rest.
    seen = np.array((inside(shown).any(axis=0).sum(), inside(shown).any(axis=1).sum()))  # columns and rows
    assert (np.abs(corners - wanted) < (1 + scale) * (1 + size / seen)).all()


def test_what_one_crop_showed_does_not_linger_in_the_next() -> None:
    reader = UprightReader(32)
    reader.read(coordinates(), Square(100, 75, 50))
    shown, _ = reader.read(coordinates(), Square.around(WIDTH, HEIGHT))
    assert not inside(shown)[:3].any()
    assert not inside(shown)[-3:].any()
    shown, _ = reader.read(coordinates(), Square(1000, 75, 50))
    assert not shown.any()


def test_a_letterbox_holds_the_whole_picture() -> None:
    shown, affine = UprightReader(64).read(coordinates(), Square.around(WIDTH, HEIGHT))
    assert inside(shown).sum() == 64 * 48
    np.testing.assert_allclose(transform(affine, np.array((0, 8), np.float32)), (0, 0), atol=1e-4)
    np.testing.assert_allclose(transform(affine, np.array((64, 56), np.float32)), (WIDTH, HEIGHT), atol=1e-4)


def test_crops_of_a_view_are_crops_of_its_pixels() -> None:
    whole = coordinates()
    view = whole[20:120, 30:130]
    for reader in (UprightReader(32), TurnedReader(32, extend=False)):
        from_view = reader.read(view, Square(50, 50, 40))[0].copy()
        from_copy = reader.read(view.copy(), Square(50, 50, 40))[0]
        np.testing.assert_array_equal(from_view, from_copy)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("first", [False, True])
def test_levels_become_numbers_as_one_multiplication_and_one_addition_have_it(
    several: bool, channels: int, first: bool
) -> None:
    random = np.random.default_rng(2)
    pixels = random.integers(0, 256, (9, 13, channels), np.uint8)
    scale, shift = (random.random(channels if several else ()).astype(np.float32) for _ in range(2))
    made = np.empty((channels, 9, 13) if first else (9, 13, channels), np.float32)
    scaled(pixels, np.asarray(scale), np.asarray(shift), made.transpose(1, 2, 0) if first else made)
    wanted = pixels * np.asarray(scale) + np.asarray(shift)
    np.testing.assert_array_equal(made, wanted.transpose(2, 0, 1) if first else wanted)


@pytest.mark.parametrize("extend", [False, True])
@given(
    st.builds(Square, st.floats(-80, 280), st.floats(-80, 230), st.floats(1, 900), st.floats(-math.pi, math.pi))
    | st.builds(Square, st.integers(0, WIDTH), st.integers(0, HEIGHT), st.sampled_from([24, 48, 96]), st.just(0.0)),
    st.integers(0, 2**31),
)
@settings(deadline=None, max_examples=60)
def test_a_turned_crop_is_what_opencv_cuts_out_of_the_whole_picture(extend: bool, square: Square, seed: int) -> None:
    """To the level, whether it shows pixels as they are, a small part of the picture or much of it."""
    picture = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    shown, affine = TurnedReader(24, extend=extend).read(picture, square)
    border = cv2.BORDER_REPLICATE if extend else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    plain = cv2.warpAffine(picture, np.array(affine).reshape(2, 3), (24, 24), flags=flags, borderMode=border)
    assert np.abs(shown.astype(int) - plain).max() <= 1, "a coordinate that is rounded elsewhere"
    assert (shown != plain).mean() < 0.02


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300])
def test_a_square_that_is_nowhere_shows_nothing(number: float) -> None:
    for square in (Square(number, 5, 10), Square(5, number, 10), Square(5, 5, number)):
        reader = TurnedReader(16, extend=True)
        reader.read(coordinates(), Square(50, 50, 20))
        assert not reader.read(coordinates(), square)[0].any()
