"""A pytest plugin that shakes the threads: where a function of ours is called or left, its thread now and then sleeps,
as it would on a machine that has something else to do. A test that asserts what it has not waited for fails then, and
so does code that counts on which thread comes first. `make shake` runs it.

In every test each thread has a pace of its own, most a good one, some a bad one: races are found where one thread is
far behind another. It is made from the seed, the test's name and how many threads of the test were there before it, so
the same seed shakes a test alike, alone or among others, as far as the test itself does the same again.
"""

from __future__ import annotations

import sys
import threading
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from types import FrameType

import pytest

LONGEST = 0.1
"""Seconds that the slowest of threads sleeps at most."""
EVERY = 50
"""How many calls and returns are between two sleeps of a thread, at first; with every second of sleep twice as many: a
long test is to end, too."""

HERE = Path(__file__).parent.parent
OURS = tuple(str(HERE / folder) for folder in ("nodeflow", "nodes", "tests"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", default="1", help="what the threads' sleeps are made from")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"the threads were shaken with seed {terminalreporter.config.getoption('seed')}")


def pytest_configure(config: pytest.Config) -> None:
    shaker = Shaker(config.getoption("seed"))
    config.pluginmanager.register(shaker)
    sys.setswitchinterval(1e-4)
    threading.setprofile(shaker.called)
    sys.setprofile(shaker.called)


class Mine(threading.local):
    """What a thread keeps: its pace in a test, and how far it is to its next sleep."""

    test: object = None
    numbers: Random
    longest: float
    slept: float
    left: int


class Shaker:
    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.test, self.threads = "", count()
        self.known = {__file__: False}
        self.mine = Mine()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.test, self.threads = item.nodeid, count()

    def called(self, frame: FrameType, event: str, arg: object) -> None:
        """What Python calls on every thread, whenever a function is called or left."""
        if event not in ("call", "return"):
            return
        file, mine = frame.f_code.co_filename, self.mine
        ours = self.known.get(file)
        if ours is None:
            ours = self.known[file] = file.startswith(OURS)
        if not ours:
            return
        if mine.test is not self.test:
            self.begin(mine)
        mine.left -= 1
        if mine.left < 0:
            self.rest(mine)

    def begin(self, mine: Mine) -> None:
        mine.test, mine.numbers = self.test, Random(f"{self.seed} {self.test} {next(self.threads)}")
        mine.longest, mine.slept = LONGEST * mine.numbers.random() ** 3, 0.0
        mine.left = int(mine.numbers.expovariate(1 / EVERY))

    def rest(self, mine: Mine) -> None:
        seconds = mine.longest * mine.numbers.random()
        mine.left = int(mine.numbers.expovariate(1 / (EVERY * 2**mine.slept)))
        if threading.active_count() > 1:  # else nobody would notice
            mine.slept += seconds
            sleep(seconds)
