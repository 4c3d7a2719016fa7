"""Picture in, picture out: the arithmetic, the sizes, and the frame of reference that overlays rely on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.node import NodeError
from nodeflow.testing.nodes import run_node
from nodeflow.values import Frame, Image, transform
from nodes.image.basics import blur, flip, resize
from nodes.image.blend import blend
from nodes.image.concat import concat
from nodes.image.shape import crop, rotate
from nodes.image.tone import tone


def random(width: int, height: int, seed: int = 0) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8))


FORMULAS = {
    "mix": lambda a, b: b,
    "add": lambda a, b: a + b,
    "multiply": lambda a, b: a * b,
    "screen": lambda a, b: 1 - (1 - a) * (1 - b),
    "difference": lambda a, b: np.abs(a - b),
}


@pytest.mark.parametrize("mode", FORMULAS)
@pytest.mark.parametrize("opacity", [0.0, 0.3, 1.0])
def test_blending_follows_its_formula(mode: str, opacity: float) -> None:
    below, above = random(40, 30), random(40, 30, 1)
    a, b = below.array / 255, above.array / 255
    mixed = FORMULAS[mode](a, b)
    expected = a + opacity * b if mode == "add" else (1 - opacity) * a + opacity * mixed
    blended = run_node(blend, below, above, mode=mode, opacity=opacity)
    assert np.abs(blended.array - np.clip(expected, 0, 1) * 255).max() <= 1.01
    assert blended.frame == below.frame


def test_the_second_picture_takes_the_size_of_the_first() -> None:
    blended = run_node(blend, random(40, 30), Image(np.full((7, 9, 3), 200, np.uint8)), opacity=1.0)
    assert blended.frame.size == (40, 30)
    assert (blended.array == 200).all()


@given(a=st.tuples(st.integers(1, 50), st.integers(1, 50)), b=st.tuples(st.integers(1, 50), st.integers(1, 50)))
def test_side_by_side_and_stacked(a: tuple[int, int], b: tuple[int, int]) -> None:
    first, second = random(*a), random(*b, 1)
    beside = run_node(concat, first, second, gap=3)
    assert beside.height == first.height
    assert np.array_equal(beside.array[:, : first.width], first.array)
    assert (beside.array[:, first.width : first.width + 3] == 0).all()
    assert beside.width - first.width - 3 == max(1, round(b[0] * a[1] / b[1]))
    below = run_node(concat, first, second, layout="stacked")
    assert below.width == first.width
    assert np.array_equal(below.array[: first.height], first.array)


def test_pictures_of_one_height_are_not_touched() -> None:
    first, second = random(40, 30), random(20, 30, 1)
    assert np.array_equal(run_node(concat, first, second).array[:, 40:], second.array)


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"width": 20, "height": 0}, (20, 15)),
        ({"width": 0, "height": 60}, (80, 60)),
        ({"width": 10, "height": 10}, (10, 10)),
        ({"width": 0, "height": 0}, (40, 30)),
        ({"width": 40, "height": 30}, (40, 30)),
        ({"width": 1, "height": 0}, (1, 1)),
    ],
)
def test_resize(params: dict[str, Any], size: tuple[int, int]) -> None:
    image = run_node(resize, random(40, 30), **params)
    assert image.frame.size == size
    assert image.frame.same_source(Frame.of(40, 30))


@pytest.mark.parametrize("direction", ["mirror", "upside down", "both"])
def test_a_flip_moves_pixels_and_coordinates_alike(direction: str) -> None:
    image = random(40, 30)
    flipped = run_node(flip, image, direction=direction)
    for x, y in [(0, 0), (39, 0), (5, 29), (13, 17)]:
        ((x_there, y_there),) = transform(image.frame.to(flipped.frame), np.array([[x + 0.5, y + 0.5]], np.float32))
        assert np.array_equal(flipped.array[int(y_there), int(x_there)], image.array[y, x])
    twice = run_node(flip, flipped, direction=direction)
    assert np.array_equal(twice.array, image.array)
    assert twice.frame.to(image.frame) == (1, 0, 0, 0, 1, 0)


@pytest.mark.parametrize(("turn", "size"), [("right", (30, 40)), ("left", (30, 40)), ("half", (40, 30))])
def test_a_turn_moves_pixels_and_coordinates_alike(turn: str, size: tuple[int, int]) -> None:
    image = random(40, 30)
    turned = run_node(rotate, image, turn=turn)
    assert turned.frame.size == size
    for x, y in [(0, 0), (39, 0), (5, 29), (13, 17)]:
        ((x_there, y_there),) = transform(image.frame.to(turned.frame), np.array([[x + 0.5, y + 0.5]], np.float32))
        assert np.array_equal(turned.array[int(y_there), int(x_there)], image.array[y, x])


def test_a_turn_to_the_right_is_clockwise() -> None:
    image = random(40, 30)
    assert np.array_equal(run_node(rotate, image).array[0, -1], image.array[0, 0])


@given(sides=st.tuples(*[st.floats(0, 100)] * 4))
def test_a_crop_is_a_part_in_its_place_or_says_that_nothing_is_left(sides: tuple[float, ...]) -> None:
    image = random(40, 30)
    left, top, right, bottom = sides
    x, y = round(0.4 * left), round(0.3 * top)
    params: dict[str, Any] = {"left": left, "top": top, "right": right, "bottom": bottom}
    if x + round(0.4 * right) >= 40 or y + round(0.3 * bottom) >= 30:
        with pytest.raises(NodeError, match="Nothing of the picture is left"):
            run_node(crop, image, **params)
        return
    part = run_node(crop, image, **params)
    assert np.array_equal(part.array, image.array[y : y + part.height, x : x + part.width])
    assert part.frame.to(image.frame) == (1, 0, x, 0, 1, y)


def test_tone_adds_stretches_bends_and_greys() -> None:
    image = random(40, 30)
    assert run_node(tone, image) is image
    assert (run_node(tone, image, brightness=1.0).array == 255).all()
    assert np.abs(run_node(tone, image, contrast=0.0).array.astype(int) - 128).max() <= 1
    grey = run_node(tone, image, saturation=0.0).array.astype(int)
    assert np.abs(grey - (image.array @ [0.299, 0.587, 0.114])[..., None]).max() <= 1
    assert (run_node(tone, image, gamma=2.0).array >= image.array).all()


def test_blur_spreads_without_changing_the_mean() -> None:
    spot = np.zeros((41, 41, 3), np.uint8)
    spot[20, 20] = 255
    image = Image(spot)
    assert run_node(blur, image, radius=0.0) is image
    soft = run_node(blur, image, radius=1.5).array
    assert 0 < soft[20, 20, 0] < 60
    assert soft[20, 22, 0] > 0
