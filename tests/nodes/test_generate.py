"""Points, ways between them, and the pictures there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models.generate import between, latent
from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Vector
from nodes.generate.gan import Generator, Point, Walk, seeds_of

seeds = st.integers(0, 2**40)


@given(seeds, st.integers(1, 300), st.floats(0, 1))
def test_a_point_is_the_same_each_time_and_near_the_middle(seed: int, length: int, truncation: float) -> None:
    point = latent(seed, length, truncation)
    np.testing.assert_array_equal(point, latent(seed, length, truncation))
    assert np.abs(point).max() <= 2 * truncation + 1e-6


def test_points_do_not_change_between_machines() -> None:
    np.testing.assert_allclose(latent(1, 4), (1.624345, -0.611756, -0.528172, -1.072969), atol=1e-5)


@given(seeds, seeds, st.floats(0, 1))
def test_the_way_begins_and_ends_at_its_points_and_keeps_their_distance(one: int, other: int, way: float) -> None:
    a, b = latent(one, 50), latent(other, 50)
    np.testing.assert_allclose(between(a, b, 0), a, atol=1e-4)
    np.testing.assert_allclose(between(a, b, 1), b, atol=1e-4)
    low, high = sorted((float(np.linalg.norm(a)), float(np.linalg.norm(b))))
    assert 0.7 * low <= np.linalg.norm(between(a, b, way)) <= 1.3 * high


@pytest.mark.parametrize(("words", "says"), [("1", "not 1"), ("", "not 0"), ("1, x", "'x'"), ("1, -2", "'-2'")])
def test_walks_that_cannot_be_are_refused(words: str, says: str) -> None:
    with pytest.raises(NodeError, match=says):
        seeds_of(words)


def steps(**params: Any) -> list[tuple[float | None, Vector]]:
    with open_node(Walk, ctx=NodeContext(), **params) as walk:
        given_ = list(walk.frames())
        assert walk.stream.frames == len(given_)
        return given_


def test_a_walk_goes_from_point_to_point_in_small_steps() -> None:
    walked = steps(seeds="3, 7, 9", seconds=0.5, rate=10, truncation=1.0)
    assert [time for time, _ in walked] == pytest.approx([i / 10 for i in range(11)])
    for index, seed in ((0, 3), (5, 7), (10, 9)):
        np.testing.assert_allclose(walked[index][1].values, latent(seed, 100), atol=1e-5)
    strides = [float(np.linalg.norm(b.values - a.values)) for (_, a), (_, b) in pairwise(walked)]
    assert max(strides[:5]) < 1.2 * min(strides[:5])


def test_a_loop_goes_on_from_the_last_point_to_the_first() -> None:
    with open_node(Walk, ctx=NodeContext(), seeds="3, 7", seconds=0.2, rate=10, loop=True, truncation=1.0) as walk:
        assert walk.stream.frames is None
        frames = walk.frames()
        walked = [next(frames)[1].values for _ in range(7)]
    for index, seed in ((0, 3), (2, 7), (4, 3), (6, 7)):
        np.testing.assert_allclose(walked[index], latent(seed, 100), atol=1e-5)


@pytest.mark.weights
def test_points_become_pictures_and_near_points_become_alike_ones() -> None:
    with open_node(Generator) as draw:
        a, b = (run_node(Point, seed=seed) for seed in (5, 8))
        near = Vector(between(a.values, b.values, 0.05), a.family)
        one, other, beside = (draw(each).array.astype(float) for each in (a, b, near))
        assert one.shape == (64, 64, 3)
        assert one.std() > 20
        assert np.abs(one - beside).mean() < np.abs(one - other).mean() / 3
        with pytest.raises(NodeError, match="100 numbers of dcgan-100, not 3 of other"):
            draw(Vector(np.zeros(3, np.float32), "other"))
