"""The alarm clock of frames that leave later: of all the times it was asked for, the earliest counts."""

from __future__ import annotations

import threading
import time
from itertools import permutations

import pytest

from nodeflow.engine.pacer import Pacer

PATIENCE = 60.0
NEVER = 1e6
"""Seconds from now that no test waits for."""


@pytest.mark.parametrize("ahead", list(permutations((0.0, NEVER, 2 * NEVER))))
def test_it_wakes_at_the_earliest_time_whatever_the_order_of_asking(ahead: tuple[float, ...]) -> None:
    lock, woken = threading.Lock(), threading.Event()
    pacer = Pacer(lock, woken.set)
    try:
        with lock:
            for seconds in ahead:
                pacer.wake_at(time.perf_counter() + seconds)
        assert woken.wait(PATIENCE)
    finally:
        pacer.close()


def test_an_earlier_time_wakes_one_that_sleeps_for_a_later() -> None:
    lock, woken = threading.Lock(), threading.Event()
    pacer = Pacer(lock, woken.set)
    try:
        with lock:
            pacer.wake_at(time.perf_counter() + NEVER)
        with lock:
            pacer.wake_at(0.0)
        assert woken.wait(PATIENCE)
    finally:
        pacer.close()


def test_it_does_not_wake_before_its_time_nor_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, woken = threading.Lock(), threading.Event()
    calls: list[int] = []

    def wake() -> None:
        calls.append(1)
        woken.set()

    pacer = Pacer(lock, wake)
    try:
        with lock:
            pacer.wake_at(time.perf_counter() + NEVER)
        with lock:
            assert calls == []
            pacer.wake_at(0.0)
        assert woken.wait(PATIENCE)
    finally:
        pacer.close()
    assert len(calls) == 1


def test_who_wants_the_lock_gets_it_between_alarms_that_follow_one_another_at_once() -> None:
    lock, woken, enough = threading.Lock(), threading.Event(), threading.Event()

    def ask_again() -> None:
        woken.set()
        if not enough.is_set():
            pacer.wake_at(time.perf_counter())

    pacer = Pacer(lock, ask_again)
    try:
        with lock:
            pacer.wake_at(0.0)
        assert woken.wait(PATIENCE)
        got = lock.acquire(timeout=PATIENCE / 10)
        enough.set()
        if got:
            lock.release()
        assert got
    finally:
        pacer.close()
