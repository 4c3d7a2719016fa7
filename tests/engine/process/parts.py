"""Nodes for the tests of processes; importable, so that a process finds them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nodeflow.node import (
    Adapted,
    Context,
    NodeError,
    Nothing,
    Params,
    Ports,
    RetryLater,
    Stream,
    Tick,
    Timed,
    node,
    number,
    text,
    toggle,
)
from nodeflow.values import Image, Number, Tensor, Text


class Strange(Exception):
    """An exception that cannot be made from its own arguments, nor pickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")
        self.lock = threading.Lock()


@node("p.any", category="Test", process=True, adapts=True)
class AnyPorts:
    """As many outputs as its ports say, each the sum of its inputs and its place."""

    @staticmethod
    def adapt(setup: None, changed: str, place: Callable[[str], Path]) -> Adapted:
        return Adapted(Ports({"a": "Number", "b": "Number"}, {"c": "Number", "d": "Number"}))

    def open(self, ports: Ports) -> None:
        self.count = len(ports.outputs)

    def run(self, *inputs: Any) -> Any:
        return tuple(Number(sum(each.value for each in inputs) + place) for place in range(self.count))


@node("p.echo", category="Test")
class Echo:
    """Gives back what it gets."""

    def run(self, value: Any) -> Any:
        return value


@node("p.brighten", category="Test")
def brighten(image: Image, by: int = 10) -> Image:
    return image.replaced(np.clip(image.array.astype(np.int16) + by, 0, 255).astype(np.uint8))


@node("p.do", category="Test")
class Do:
    """Does what its input says, and counts its calls."""

    class Setup(Params):
        start: int = 0
        fail: str = text("")
        marker: str = text("")

    class Live(Params):
        step: float = number(1.0)

    def open(self, setup: Setup, ctx: Context) -> Stream:
        if setup.fail == "exit":
            os._exit(3)
        if setup.fail:
            raise NodeError(setup.fail, "Try another.")
        self._ctx, self._setup = ctx, setup
        self._count = float(setup.start)
        self._kept: list[Image] = []
        ctx.progress("loading", 0.5)
        ctx.provider(f"{ctx.device}, {ctx.interactive}")
        return Stream(note="ready")

    def run(self, what: Text, tick: Tick, live: Live) -> Any:
        self._count += live.step
        match what.value.split(":"):
            case ["count"]:
                return Number(self._count)
            case ["tick"]:
                return Number(tick.time)
            case ["pid"]:
                return Number(os.getpid())
            case ["nothing"]:
                return Nothing("for a reason")
            case ["value_error"]:
                raise ValueError("too large")
            case ["node_error"]:
                raise NodeError("no lens", "Clean it.")
            case ["retry"]:
                raise RetryLater("in use", "Wait.", 7.0)
            case ["strange"]:
                raise Strange("this", "that")
            case ["sys_exit"]:
                sys.exit(5)
            case ["exit"]:
                os._exit(3)
            case ["signal", name]:
                os.kill(os.getpid(), getattr(signal, name))
            case ["fork"]:
                return self._leave_a_fork()
            case ["unpicklable"]:
                return threading.Lock()
            case ["print"]:
                print("this goes to the terminal")
                return Number(1)
            case ["path", name]:
                return Text(self._ctx.path(name).read_text())
            case ["output", name]:
                self._ctx.output(name).write_text("written")
            case ["note", remark]:
                self._ctx.note(remark)
            case ["wait"]:
                self._mark()
                return Number(self._ctx.wait(60.0) + self._ctx.stopping)
            case ["hang"]:
                self._mark()
                while True:
                    pass
            case ["threads"]:
                import cv2

                return Text(f"{cv2.getNumThreads()} {os.environ['OMP_NUM_THREADS']}")  # torch reads that
            case _:
                raise AssertionError(what)
        return None

    def close(self) -> None:
        if self._setup.fail == "":
            self._ctx.note("closed")

    def _mark(self) -> None:
        self._ctx.note("in the call")
        if self._setup.marker:
            Path(self._setup.marker).write_text(str(os.getpid()))

    def _leave_a_fork(self) -> Number:
        """A grandchild that keeps every pipe open after its parent is gone."""
        pid = os.fork()
        if pid == 0:
            signal.pause()
        self._ctx.note(str(pid))
        os._exit(4)


@node("p.hangs", category="Test", process=True)
class Hangs:
    """A call of it does not come back, and does not mind being told to stop."""

    def open(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, number: Number) -> Number:
        self._ctx.note("in the call")
        while True:
            pass


@node("p.stubborn", category="Test")
class Stubborn:
    """Neither closes nor minds being asked to end."""

    def open(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def run(self, value: Any) -> Any:
        return value

    def close(self) -> None:
        while True:
            pass


class Kept(NamedTuple):
    sums: Tensor
    half: Image


@node("p.keep", category="Test")
class Keep:
    """Gives the sum of each picture it has ever been given, and the left half of the last."""

    class Live(Params):
        write: bool = toggle(False)

    def __init__(self) -> None:
        self._kept: list[Image] = []

    def run(self, image: Image, live: Live) -> Kept:
        if live.write:
            image.array[0, 0] = 0
        self._kept.append(image)
        sums = np.array([kept.array.sum() for kept in self._kept])
        return Kept(Tensor(sums, ("picture",)), image.cropped(0, 0, image.width // 2, image.height))


@node("p.source", category="Test")
class Source:
    class Setup(Params):
        frames: int = 3
        exit_after: int = 100

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._setup, self._ctx = setup, ctx
        return Stream(rate=10.0, frames=setup.frames)

    def run(self) -> Iterator[Number | Timed]:
        try:
            for i in range(self._setup.frames):
                if i == self._setup.exit_after:
                    os._exit(1)
                yield Timed(Number(i), i / 10) if i % 2 else Number(i)
        finally:
            self._ctx.note("source ended")
