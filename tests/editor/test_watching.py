"""The watch list: what every part of the window wants, and what nobody wants any more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nodeflow.editor.looking.watching import Watching
from nodeflow.engine.look import Glance

POSE, CAMERA = Glance("pose"), Glance("camera", side=64)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Told:
    def __init__(self) -> None:
        self.last: Mapping[str, Glance] = {}
        self.times = 0

    def watch(self, glances: Mapping[str, Glance]) -> None:
        self.last, self.times = dict(glances), self.times + 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_all_parts_want_is_one_list(clock: Clock) -> None:
    watching, told = Watching(clock), Told()
    watching.want("canvas", {"canvas pose": POSE})
    watching.want("viewer", {"viewer camera": CAMERA})
    watching.tell(told, {"pose", "camera"})
    assert told.last == {"canvas pose": POSE, "viewer camera": CAMERA}


def test_what_nobody_wants_any_more_is_kept_for_a_moment(clock: Clock) -> None:
    watching, told = Watching(clock), Told()
    watching.want("canvas", {"canvas pose": POSE})
    watching.tell(told, {"pose", "camera"})
    watching.want("canvas", {"canvas camera": CAMERA})
    clock.now = 1.0
    watching.tell(told, {"pose", "camera"})
    assert set(told.last) == {"canvas pose", "canvas camera"}
    clock.now = 10.0
    watching.tell(told, {"pose", "camera"})
    assert set(told.last) == {"canvas camera"}


def test_a_node_that_is_gone_is_not_watched(clock: Clock) -> None:
    watching, told = Watching(clock), Told()
    watching.want("canvas", {"canvas pose": POSE, "canvas camera": CAMERA})
    watching.tell(told, {"camera"})
    assert set(told.last) == {"canvas camera"}
    watching.forget()
    watching.tell(told, {"camera"})
    assert told.last == {}


def test_a_closer_glance_is_told_at_once_and_the_same_one_seldom(clock: Clock) -> None:
    watching, told = Watching(clock), Told()
    for frame in range(10):
        clock.now = frame / 100
        watching.want("viewer", {"viewer camera": CAMERA})
        watching.tell(told, {"camera"})
    assert told.times == 1
    watching.want("viewer", {"viewer camera": Glance("camera", side=128)})
    watching.tell(told, {"camera"})
    assert told.last["viewer camera"].side == 128
