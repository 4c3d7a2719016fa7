"""While a graph runs, Python's search for garbage is the session's to time; afterwards all is as it was."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from nodeflow.engine import Session, Start, Step, Stop
from nodeflow.engine.collecting import Collecting, put_off, undisturbed
from tests.engine.parts import REGISTRY, chain_of

STILL = chain_of(REGISTRY, "t.constant", "t.collect")

A_FEW = 2000
"""Python 3.12 leaves immortal objects out by itself; what a run leaves out is a hundred times as much."""


class Loop:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def usual() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    assert gc.get_freeze_count() < A_FEW
    yield before
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() < A_FEW


def test_what_was_there_is_left_out_until_the_last_run_ends(usual: tuple[int, int, int]) -> None:
    first, second = Collecting(), Collecting()
    first.end(1.0)  # it never began
    first.begin()
    first.begin()
    second.begin()
    assert gc.get_freeze_count() > A_FEW
    assert gc.get_threshold()[0] > usual[0]
    first.end(2.0)
    assert gc.get_freeze_count() > A_FEW
    second.end(3.0)
    second.end(3.0)


def test_a_search_finds_what_is_new_when_it_is_due(usual: tuple[int, int, int]) -> None:
    run = Collecting()
    run.begin()
    try:
        enough: list[list[int]] = [[] for _ in range(2 * usual[0])]
        run.search(100.0)
        lost = weakref.ref(Loop())
        run.search(101.0)
        assert lost() is not None, "there was little that is new"
        enough += [[] for _ in range(2 * usual[0])]
        run.search(100.9)
        assert lost() is not None, "it was not due"
        run.search(101.0)
        assert lost() is None
    finally:
        run.end(102.0)


def test_what_a_run_left_goes_once_nothing_has_run_for_a_while(usual: tuple[int, int, int]) -> None:
    run, other = Collecting(), Collecting()
    run.begin()
    lost = weakref.ref(Loop())
    other.begin()
    run.end(100.0)
    assert not run.is_due
    run.search(102.0)
    assert lost() is not None, "another runs"
    other.end(103.0)
    assert run.is_due
    assert other.is_due
    other.search(103.5)
    assert lost() is not None, "the next may begin at once"
    other.search(104.5)
    assert lost() is None
    assert not other.is_due


def test_what_is_made_undisturbed_is_not_looked_through_at_once(usual: tuple[int, int, int]) -> None:
    searches: list[int] = []
    gc.callbacks.append(lambda phase, info: searches.append(info["generation"]))
    try:
        with undisturbed():
            many: list[list[int]] = [[] for _ in range(3 * usual[0])]
        assert gc.isenabled()
        assert not searches
        assert len(many) == 3 * usual[0]
    finally:
        del gc.callbacks[-1]


def test_what_a_run_leaves_out_stays_left_out_while_an_edit_is_planned_undisturbed(usual: tuple[int, int, int]) -> None:
    run = Collecting()
    run.begin()
    try:
        with undisturbed():
            pass
        assert gc.get_freeze_count() > A_FEW
    finally:
        run.end(1.0)


@pytest.mark.parametrize("interactive", [False, True])
def test_a_session_leaves_no_trace_of_it(usual: tuple[int, int, int], interactive: bool) -> None:
    with Session(STILL, REGISTRY, interactive=interactive) as session:
        session.send(Step())
        session.send(Start())
        session.send(Stop())
        session.wait()
        assert gc.get_threshold() == usual


def test_what_a_run_left_waits_while_somebody_is_at_the_window_but_not_for_ever(usual: tuple[int, int, int]) -> None:
    run = Collecting()
    try:
        for end, hand, kept, gone in ((100.0, 105.0, 104.0, 105.0), (200.0, 400.0, 259.0, 260.0)):
            run.begin()
            lost = weakref.ref(Loop())
            run.end(end)
            put_off(hand)
            run.search(kept)
            assert lost() is not None
            run.search(gone)
            assert lost() is None
    finally:
        put_off(0.0)
