"""The dither node: few shades, the same brightness, the same place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.testing.nodes import run_node
from nodeflow.values import Frame, Image
from nodes.image.dither import diffuse, dither


@given(st.integers(1, 40), st.integers(1, 30), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_only_the_shades_asked_for_and_never_further_off_than_one_step_on_average(
    width: int, height: int, shades: int, seed: int
) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    shown = diffuse(grey, shades)
    levels = {round(255 * i / (shades - 1)) for i in range(shades)}
    assert shown.shape == grey.shape
    assert set(np.unique(shown).tolist()) <= levels
    assert abs(float(shown.mean()) - float(grey.mean())) <= 255 / (shades - 1)


@pytest.mark.parametrize("level", [0, 1, 64, 128, 200, 254, 255])
def test_an_even_grey_keeps_its_brightness(level: int) -> None:
    shown = diffuse(np.full((64, 64), level, np.uint8), 2)
    assert shown.mean() == pytest.approx(level, abs=3)


def test_levels_that_are_there_already_stay() -> None:
    picture = np.random.default_rng(1).choice(np.array([0, 85, 170, 255], np.uint8), (20, 30))
    assert np.array_equal(diffuse(picture, 4), picture)


def test_four_dots_worked_out_by_hand() -> None:
    # 100 -> 0, its 100 goes 43.75 right, 31.25 below, 6.25 below right; 143.75 -> 255, and so on.
    assert diffuse(np.array([[100, 100], [100, 100]], np.uint8), 2).tolist() == [[0, 255], [0, 0]]


@given(st.integers(1, 50), st.integers(1, 50), st.integers(8, 640))
def test_size_and_frame_stay(width: int, height: int, dots: int) -> None:
    frame = Frame.of(200, 100).cropped(3, 4, width, height)
    image = Image(np.full((height, width, 3), 90, np.uint8), frame)
    shown = run_node(dither, image, dots=dots)
    assert shown.frame == frame


def test_dots_are_grey_and_as_large_as_asked_for() -> None:
    image = Image(np.random.default_rng(2).integers(0, 256, (60, 80, 3), np.uint8))
    shown = run_node(dither, image, dots=8).array
    assert (shown == shown[:, :, :1]).all()
    assert (shown.reshape(6, 10, 8, 10, 3) == shown.reshape(6, 10, 8, 10, 3)[:, :1, :, :1]).all()
