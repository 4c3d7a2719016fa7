"""Nodes that do what nobody would think of, for `test_nasty`."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from nodeflow.node import NodeError, Params, Registry, RetryLater, Timed, node, number
from nodeflow.values import Image, Number, Text
from nodes.flow.flow import switch
from tests.engine.parts import REGISTRY
from tests.engine.session_parts import PATIENCE, Steady


class Now:
    """What the nodes below do, set by each test."""

    raised: type[BaseException] = SystemExit
    time: Any = math.nan
    pause: Any = math.nan
    opened: list[str] = []
    closed: list[str] = []
    inside = threading.Event()
    leave = threading.Event()


@node("t.no_init", category="Test")
class NoInit:
    def __init__(self) -> None:
        raise Now.raised("not made")

    def run(self, number: Number) -> Number:
        return number


@node("t.no_open", category="Test")
class NoOpen:
    def open(self) -> None:
        raise Now.raised("not opened")

    def run(self, number: Number) -> Number:
        return number


@node("t.no_close", category="Test")
class NoClose:
    class Setup(Params):
        name: str = "one"

    def open(self, setup: Setup) -> None:
        self.name = setup.name

    def run(self, number: Number) -> Number:
        return number

    def close(self) -> None:
        Now.closed.append(self.name)
        if self.name == "one":
            raise Now.raised("not closed")


@node("t.endless_open", category="Test")
class EndlessOpen:
    """Does not hear that it shall stop."""

    def open(self) -> None:
        Now.inside.set()
        assert Now.leave.wait(PATIENCE)
        Now.opened.append("open")

    def run(self, number: Number) -> Number:
        return number

    def close(self) -> None:
        Now.closed.append("open")


@node("t.endless_close", category="Test")
class EndlessClose:
    def run(self, number: Number) -> Number:
        return number

    def close(self) -> None:
        Now.inside.set()
        assert Now.leave.wait(PATIENCE)
        Now.closed.append("closed")


@node("t.raises", category="Test")
def raises(number: Number) -> Number:
    raise Now.raised("whatever")


@node("t.loud", category="Test")
def loud(number: Number) -> Number:
    raise NodeError("a" * 10_000_000, "b" * 10_000_000)


class Mute(Exception):
    def __str__(self) -> str:
        raise KeyboardInterrupt


@node("t.mute", category="Test")
def mute(number: Number) -> Number:
    raise Mute


class Vague(NodeError):
    def __init__(self) -> None:
        self.message, self.hint = None, ["no", "words"]  # type: ignore[assignment]


@node("t.vague", category="Test")
def vague(number: Number) -> Number:
    raise Vague


@node("t.none_inside", category="Test")
def none_inside(number: Number) -> Number:
    return Number(None)  # type: ignore[arg-type]


@node("t.huge_inside", category="Test")
def huge_inside(number: Number) -> Number:
    return Number(10**400)


@node("t.read", category="Test")
def read(text: Text) -> Number:
    return Number(float(text.value))


@node("t.spread", category="Test")
def spread(number: Number) -> list[Number]:
    return [number, number]


@node("t.take_away", category="Test")
def take_away(numbers: list[Number]) -> Number:
    numbers.pop()
    return Number(len(numbers))


@node("t.length", category="Test")
def length(numbers: list[Number]) -> Number:
    return Number(len(numbers))


@node("t.turn", category="Test")
class Turn:
    """Turns its own knob."""

    class Live(Params):
        gain: float = number(1.0)

    def run(self, number: Number, live: Live) -> Number:
        live.gain += 1  # type: ignore[misc]
        return Number(number.value * live.gain)


@node("t.timed", category="Test")
def timed() -> Iterator[Number | Timed]:
    yield Timed(Number(1), 5.0)
    yield Timed(Number(2), Now.time)
    yield Timed(Number(3), 1.0)


@node("t.later", category="Test", clock="live")
class Later:
    tries = 0

    def open(self) -> None:
        Later.tries += 1
        raise RetryLater("not now", seconds=Now.pause)

    def run(self) -> Iterator[Number]:
        yield Number(1)


@node("t.one_buffer", category="Test")
def one_buffer() -> Iterator[Image]:
    """Gives views of one buffer, again and again."""
    buffer = np.zeros((2, 4, 4, 3), np.uint8)
    for i in range(3):
        buffer[0] = i
        yield Image(buffer[0])


@node("t.same", category="Test")
def same() -> Iterator[Image]:
    image = Image(np.full((4, 4, 3), 7, np.uint8))
    for _ in range(3):
        yield image


class Unmeasured(Image):
    @property
    def blocks(self) -> dict[tuple[str, int], int]:
        raise RuntimeError("whose memory this is nobody knows")


@node("t.unmeasured", category="Test")
def unmeasured(number: Number) -> Image:
    return Unmeasured(np.full((2, 2, 3), int(number.value), np.uint8))


@node("t.mean", category="Test")
def mean(image: Image) -> Number:
    return Number(float(image.array.mean()))


@node("t.threads", category="Test")
class Threads:
    """Leaves a thread behind that raises."""

    def run(self, number: Number) -> Number:
        thread = threading.Thread(target=lambda: Now.leave.wait(PATIENCE), daemon=True)
        thread.start()
        return number


NASTY = (
    *(NoInit, NoOpen, NoClose, EndlessOpen, EndlessClose, raises, loud, mute, vague, none_inside, read, spread),
    *(huge_inside, take_away, length, Turn, timed, Later, one_buffer, same, mean, Threads, switch, Steady),
    unmeasured,
)
ALL = Registry({**REGISTRY.types, **Registry.of(*NASTY).types})
