"""Points, ways between them, and the pictures there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.generate import between, latent
from nodeflow.models.generate.kinds import KindPoint, mix_of
from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Vector
from nodes.generate.course import Course, frames_of, steps
from nodes.generate.gan import Generator, Point, Walk, seeds_of
from nodes.generate.kinds import KindWalk

seeds = st.integers(0, 2**40)
seconds, rests, rates = st.floats(0.05, 3), st.floats(0, 1), st.floats(1, 30)
eases = st.sampled_from(["even", "smooth"])


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


def stepped(**params: Any) -> list[tuple[float | None, Vector]]:
    with open_node(Walk, ctx=NodeContext(), **params) as walk:
        given_ = list(walk.frames())
        assert walk.stream.frames == len(given_)
        return given_


def test_a_walk_goes_from_point_to_point_in_small_steps() -> None:
    walked = stepped(seeds="3, 7, 9", seconds=0.5, rate=10, truncation=1.0)
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


@given(st.builds(Course, seconds=seconds, rest=rests, rate=rates, ease=eases), st.integers(2, 5))
def test_a_course_rests_at_its_stops_and_goes_from_each_to_the_next(course: Course, stops: int) -> None:
    walked = list(steps(course, stops))
    assert len(walked) == frames_of(course, stops)
    assert [step.time for step in walked] == pytest.approx([i / course.rate for i in range(len(walked))])
    assert (walked[0].one, walked[0].way, walked[-1].one, walked[-1].way) == (0, 0, stops - 1, 0)
    along = [step.one + step.way for step in walked]
    assert along == sorted(along)
    assert all(step.other == (step.one + 1) % stops for step in walked)
    still = sum(step.way == 0 for step in walked)
    assert still == stops * (1 + round(course.rest * course.rate))


def test_a_smooth_course_leaves_slowly_and_comes_slowly() -> None:
    even, smooth = (
        [step.way for step in steps(Course(seconds=1, rate=20, ease=ease), 2)][:20] for ease in ("even", "smooth")
    )
    assert even == pytest.approx([i / 20 for i in range(20)])
    strides = [b - a for a, b in pairwise([*smooth, 1.0])]
    assert strides[0] < strides[5] < strides[9] == pytest.approx(max(strides))
    assert strides == pytest.approx(strides[::-1])


@given(st.dictionaries(st.sampled_from(KINDS), st.floats(0.01, 10), min_size=1, max_size=5))
def test_a_mix_has_a_share_of_each_kind_and_adds_up_to_one(shares: dict[str, float]) -> None:
    mix = mix_of({name.upper(): share for name, share in shares.items()})
    assert mix.sum() == pytest.approx(1, abs=1e-5)
    assert {KINDS[place] for place in np.flatnonzero(mix)} == shares.keys()


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({"cat": 1.0}, "no kind 'cat'"),
        ({"tabby": -1.0}, "cannot be -1"),
        ({"tabby": 0.0}, "no kind has any"),
        ({}, "any"),
    ],
)
def test_mixes_that_cannot_be_are_refused(shares: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        mix_of(shares)


@given(seeds, seeds, st.floats(0.02, 1), st.floats(0, 1))
def test_points_of_kinds_travel_on_wires_and_lead_to_one_another(
    one: int, other: int, truncation: float, way: float
) -> None:
    a = KindPoint(latent(one, 128, 0.4), mix_of({"tabby": 1}), 0.4)
    b = KindPoint(latent(other, 128, truncation), mix_of({"airliner": 1}), truncation)
    between_ = KindPoint.of(a.towards(b, way).vector("biggan-deep"), 128)
    assert (between_.mix[KINDS.index("airliner")], between_.truncation) == pytest.approx(
        (way, 0.4 * (1 - way) + truncation * way), abs=1e-5
    )
    for end, wanted in ((a.towards(b, 0), a), (a.towards(b, 1), b)):
        np.testing.assert_allclose(end.vector("").values, wanted.vector("").values, atol=1e-4)


def test_a_kind_that_is_not_there_is_refused_with_those_that_may_be_meant() -> None:
    for line, near in (("siamese", "Siamese cat"), ("air plane", "airliner"), ("tabby cat", "tabby")):
        with (
            pytest.raises(NodeError, match="There is no kind") as caught,
            open_node(KindWalk, ctx=NodeContext(), more=f"goldfish\n{line}\n"),
        ):
            pass
        assert near in caught.value.hint


def test_a_walk_of_kinds_goes_to_all_of_them_with_its_seeds_in_turn() -> None:
    with open_node(
        KindWalk, ctx=NodeContext(), more="goldfish\n\n HAMSTER ", seeds="3, 5", seconds=0.2, rest=0, rate=10
    ) as walk:
        walked = [KindPoint.of(vector, 128) for _, vector in walk.frames()]
    assert [KINDS[int(np.argmax(point.mix))] for point in walked[::2]] == ["airliner", "tabby", "goldfish", "hamster"]
    for place, point in enumerate(walked[::2]):
        np.testing.assert_array_equal(point.latent, latent((3, 5)[place % 2], 128, 0.4))


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
