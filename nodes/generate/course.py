"""A way from stop to stop in even steps of time: how long it takes, and where one is at each step. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nodeflow.node import Params, choice, number, toggle


class Course(Params):
    """How a walk goes from one of its stops to the next."""

    seconds: float = number(2.0, 0.05, 600, step=0.1, unit="s", doc="From one stop to the next")
    rest: float = number(0.0, 0, 600, step=0.1, unit="s", doc="How long it stands still at each stop", essential=False)
    ease: str = choice(
        "even", "even", "smooth", doc="Smooth leaves a stop slowly and comes slowly to the next", essential=False
    )
    rate: float = number(25.0, 1, 120, unit="fps", doc="Steps a second", essential=False)
    loop: bool = toggle(False, doc="Go back to the first stop and begin again, for ever")


class Step(NamedTuple):
    """`way` (0..1) from one stop to another, at a time in seconds."""

    time: float
    one: int
    other: int
    way: float


def frames_of(course: Course, stops: int) -> int | None:
    """How many steps there are between so many stops; None where they never end."""
    standing, going = _lengths(course)
    return None if course.loop else (stops - 1) * (standing + going) + standing + 1


def steps(course: Course, stops: int) -> Iterator[Step]:
    """The steps: the first is at the first stop, the last, if there is one, at the last stop."""
    standing, going = _lengths(course)
    frames, index = frames_of(course, stops), 0
    while frames is None or index < frames:
        leg, step = divmod(index, standing + going)
        way = max(0, step - standing) / going
        if course.ease == "smooth":
            way = way * way * (3 - 2 * way)
        yield Step(index / course.rate, leg % stops, (leg + 1) % stops, way)
        index += 1


def _lengths(course: Course) -> tuple[int, int]:
    """How many steps a walk stands at a stop, and how many it takes to the next."""
    return round(course.rest * course.rate), max(1, round(course.seconds * course.rate))
