"""Nodes and helpers for tests of whole sessions. No test sleeps: what must wait, waits for an event."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count as integers
from typing import Any

import pytest

from nodeflow.engine import Session, Snapshot, Start
from nodeflow.graph import Graph
from nodeflow.node import Context, NodeError, Params, Registry, RetryLater, Stream, Timed, node
from nodeflow.values import Number
from tests.engine.parts import REGISTRY, Collect, chain_of

PATIENCE = 60.0
"""Seconds that only a test which fails waits for."""


class Log:
    """What the nodes below did, for the tests to look at."""

    opened: list[str] = []
    closed: list[str] = []
    gate = threading.Event()
    entered = threading.Event()


@node("t.endless", category="Test", clock="live")
class Endless:
    """A live source that gives a number whenever the one before was taken or dropped."""

    def open(self, ctx: Context) -> Stream:
        self.ctx = ctx
        return Stream(rate=1000.0)

    def run(self) -> Iterator[Number]:
        for i in integers():
            if self.ctx.wait(0.0005):
                return
            yield Number(i)

    def close(self) -> None:
        Log.closed.append("endless")


@node("t.steady", category="Test")
class Steady:
    """An endless source that loses nothing."""

    def run(self) -> Iterator[Number]:
        for i in integers():
            yield Number(i)


@node("t.model", category="Test")
class Model:
    """Stands for a model: opening it may fail, and it knows what it was opened with."""

    class Setup(Params):
        name: str = "good"

    def open(self, setup: Setup, ctx: Context) -> None:
        if setup.name == "bad":
            raise NodeError("the model 'bad' cannot be had", "Choose another model.")
        if setup.name == "slow":
            Log.entered.set()
            while not ctx.stopping:
                ctx.wait(PATIENCE)
            raise NodeError("cancelled")
        ctx.provider("CPU")
        self.name = setup.name
        Log.opened.append(setup.name)

    def run(self, number: Number) -> Number:
        return Number(number.value, self.name)

    def close(self) -> None:
        Log.closed.append(self.name)


@node("t.hold", category="Test")
def hold(number: Number) -> Number:
    """Waits until the test lets it go."""
    Log.entered.set()
    assert Log.gate.wait(PATIENCE)
    return number


@node("t.tape", category="Test")
class Tape:
    """A hundred numbers, one a second, that can be wound."""

    def __init__(self) -> None:
        self.at = 0

    def seek(self, seconds: float) -> None:
        self.at = int(seconds)

    def run(self) -> Iterator[Number]:
        for i in range(self.at, 100):
            yield Number(i)


@node("t.wheel", category="Test")
class Wheel:
    """Four numbers from second 10 on, again and again, that can be wound."""

    def __init__(self) -> None:
        self.at = 0

    def open(self) -> Stream:
        return Stream(rate=2.0, start=10.0, lap=2.0)

    def seek(self, seconds: float) -> None:
        self.at = round((seconds - 10.0) * 2)

    def run(self) -> Iterator[Number | Timed]:
        for i in integers(self.at):
            yield Timed(Number(i % 4), 10.0 + i / 2)


@node("t.busy", category="Test")
class Busy:
    """Waits for the test inside a call, and tells whether it was closed meanwhile."""

    inside = False

    def run(self, number: Number) -> Number:
        self.inside = True
        Log.entered.set()
        assert Log.gate.wait(PATIENCE)
        self.inside = False
        return number

    def close(self) -> None:
        Log.closed.append("busy, inside" if self.inside else "busy, outside")


@node("t.hang", category="Test", time_limit=0.2)
def hang(number: Number) -> Number:
    """Does not come back until the test lets it go."""
    assert Log.gate.wait(PATIENCE)
    return number


@node("t.wait", category="Test", time_limit=0.2)
class Waits:
    """The first of them does not come back until the test lets it go."""

    lives: list[list[int]] = []

    def open(self) -> None:
        self.first = not Waits.lives
        self.life = [1, 0]
        Waits.lives.append(self.life)

    def run(self, number: Number) -> Number:
        assert not self.first or Log.gate.wait(PATIENCE)
        return number

    def close(self) -> None:
        self.life[1] += 1


@node("t.liar", category="Test")
def liar(number: Number) -> Number:
    return number.value  # type: ignore[return-value]


@node("t.no_camera", category="Test", clock="live")
class NoCamera:
    """There on the third try."""

    tries = 0

    def open(self, ctx: Context) -> Stream:
        NoCamera.tries += 1
        if NoCamera.tries < 3:
            raise RetryLater("camera 0 is not there", "Plug it in.", seconds=0.0)
        return Stream(clock="every", note="here at last")

    def run(self) -> Iterator[Number]:
        yield Number(1)


@node("t.broken_file", category="Test")
def broken_file(good: int = 2) -> Iterator[Number]:
    for i in range(good):
        yield Number(i)
    raise NodeError("the file ends in the middle of a frame", "Get it again.")


EXTRA = Registry.of(Endless, Steady, Model, hold, hang, liar, Tape, Wheel, Busy, Waits, NoCamera, broken_file)
ALL = Registry({**REGISTRY.types, **EXTRA.types})


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    Collect.kept.clear()
    Collect.closed.clear()
    Log.opened.clear()
    Log.closed.clear()
    Log.gate.clear()
    Log.entered.clear()
    NoCamera.tries = 0
    Waits.lives.clear()
    yield
    left = [t.name for t in threading.enumerate() if t.name.startswith(("worker", "source", "session"))]
    assert not left, f"threads left behind: {left}"


def chain(*types: str, **params: dict[str, object]) -> Graph:
    return chain_of(ALL, *types, **params)


def until(true: Callable[[], Any]) -> Any:
    """Let the other threads run until something is true, and return it. Whoever asked again at once would take the
    processor from them."""
    deadline, never = time.monotonic() + PATIENCE, threading.Event()
    while not (found := true()):
        assert time.monotonic() < deadline, "it never came true"
        never.wait(0.001)
    return found


def run(graph: Graph, **options: Any) -> tuple[Snapshot, dict[str, Any]]:
    with Session(graph, ALL, **options) as session:
        session.send(Start())
        return session.wait(PATIENCE), session.report()
