"""Following: what is looked at when, with a detector and a look that are told what is where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models.following import Follower
from nodeflow.models.squares import Square
from nodeflow.values import Image

PICTURE = Image(np.zeros((100, 1000, 3), np.uint8))


class Body(NamedTuple):
    presence: float
    next: Square


class World:
    """Things at places along a line, one number each. A look at a square is sure where there is one near."""

    def __init__(self, *places: float) -> None:
        self.places = list(places)
        self.detected = 0

    def detect(self, image: Image, most: int) -> list[Square]:
        self.detected += 1
        return [Square(place, 50, 40) for place in self.places][:most]

    def look(self, image: Image, square: Square) -> Body:
        near = min(self.places, key=lambda place: abs(place - square.x), default=1e9)
        there = abs(near - square.x) < 20
        return Body(1.0 if there else 0.0, Square(near if there else square.x, 50, 40))

    def follower(self) -> Follower[Body]:
        return Follower(self.detect, self.look, presence=0.5)


def places(follower: Follower[Body], most: int) -> dict[int, float]:
    return {each.track_id: each.body.next.x for each in follower(PICTURE, most)}


def test_the_detector_rests_while_all_are_followed() -> None:
    world = World(100, 500)
    follower = world.follower()
    for step in range(5):
        world.places = [100 + 10 * step, 500 - 10 * step]
        assert places(follower, 2) == {1: 100 + 10 * step, 2: 500 - 10 * step}
    assert world.detected == follower.detector_runs == 1


def test_what_is_lost_is_looked_for_in_the_same_frame_and_gets_another_number() -> None:
    world = World(100)
    follower = world.follower()
    assert places(follower, 1) == {1: 100}
    world.places = [800]
    assert places(follower, 1) == {2: 800}
    world.places = []
    assert places(follower, 1) == {}


def test_two_that_run_into_one_another_become_one() -> None:
    world = World(100, 130)
    follower = world.follower()
    assert len(places(follower, 2)) == 2
    world.places = [115]
    assert places(follower, 2) == {1: 115}


def test_a_picture_of_another_size_is_another_stream() -> None:
    world = World(100)
    follower = world.follower()
    places(follower, 1)
    follower(Image(np.zeros((50, 60, 3), np.uint8)), 1)
    assert world.detected == 2


@given(st.lists(st.lists(st.integers(0, 20), max_size=6, unique=True), max_size=8), st.integers(1, 5))
def test_everything_is_found_once_and_never_too_many(frames: list[list[int]], most: int) -> None:
    world = World()
    follower = world.follower()
    for frame in frames:
        world.places = [50.0 * place for place in frame]  # far enough apart to be told from one another
        found = places(follower, most)
        assert len(found) == min(most, len(frame))
        assert len(set(found.values())) == len(found)
        assert set(found.values()) <= set(world.places)
