"""Noise made, measured and smoothed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.node import Tick
from nodeflow.testing.nodes import run_node
from nodeflow.values import Image
from nodes.image.noise import grain, noise_in, smooth_noise

GREY = Image(np.full((120, 160, 3), 128, np.uint8))
EDGES = Image(np.kron(np.random.default_rng(0).integers(40, 216, (8, 10, 3)), np.ones((24, 24, 1))).astype(np.uint8))
"""Squares of one colour each."""


@given(st.floats(2, 30), st.booleans())
def test_what_grain_adds_is_measured(strength: float, colored: bool) -> None:
    for picture in (GREY, EDGES):
        noisy = run_node(grain, picture, strength=strength, colored=colored)
        assert noise_in(noisy.array) == pytest.approx(strength, rel=0.15, abs=0.4)
        assert noisy.frame == picture.frame


def test_a_picture_without_noise_has_none() -> None:
    assert noise_in(GREY.array) == noise_in(EDGES.array) == 0
    assert noise_in(GREY.array[:1]) == noise_in(GREY.array[:, :1]) == 0
    gradient = np.broadcast_to(np.linspace(0, 255, 160).astype(np.uint8)[:, None], (120, 160, 3))
    assert noise_in(gradient) == 0


def test_grain_moves_from_frame_to_frame_or_stands_and_is_the_same_in_each_run() -> None:
    first, again, next_ = (run_node(grain, GREY, tick=Tick(index, index / 30)).array for index in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != next_).mean() > 0.8
    still = [run_node(grain, GREY, moving=False, tick=Tick(index, 0.0)).array for index in (3, 4)]
    np.testing.assert_array_equal(*still)
    grey = run_node(grain, GREY, colored=False).array
    assert (grey[..., 0] == grey[..., 2]).all()
    assert (first[..., 0] != first[..., 2]).any()
    assert run_node(grain, GREY, strength=0) is GREY


@pytest.mark.parametrize("method", ["bilateral", "non-local means", "median"])
@pytest.mark.parametrize("told", [True, False])
def test_filters_take_noise_and_keep_edges(method: str, told: bool) -> None:
    noisy = run_node(grain, EDGES, strength=12)
    smooth = run_node(smooth_noise, noisy, method=method, noise=12 if told else 0)

    def error(image: Image) -> float:
        return float(np.abs(image.array.astype(float) - EDGES.array).mean())

    assert error(smooth) < 0.62 * error(noisy)
    assert smooth.frame == noisy.frame
