"""Python's full search for garbage waits for the hand to rest."""

from __future__ import annotations

import gc
import weakref

import pytest

from nodeflow.editor.tidying import at_rest_only, tidy


class Ring:
    """A cycle of its own."""

    def __init__(self) -> None:
        self.itself = self


def old_garbage() -> weakref.ref[Ring]:
    """A cycle that only a search through all finds."""
    ring = Ring()
    gc.collect()
    gone = weakref.ref(ring)
    del ring
    return gone


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many searches through what is newer there were since the last through all."""
    counts = [0]
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, counts[0]))
    return counts


@pytest.mark.parametrize(
    ("quiet", "younger", "goes"), [(0.5, 99, False), (30.0, 3, False), (1.0, 99, True)], ids=["busy", "early", "rests"]
)
def test_all_is_searched_when_the_hand_rests_and_it_is_due(
    searched: list[int], quiet: float, younger: int, goes: bool
) -> None:
    gone = old_garbage()
    searched[0] = younger
    tidy(quiet)
    assert (gone() is None) == goes
    gc.collect()


def test_python_does_not_do_so_by_itself_meanwhile() -> None:
    before = gc.get_threshold()
    with at_rest_only():
        during = gc.get_threshold()
    assert during[:2] == before[:2]
    assert during[2] >= 50 * before[2]
    assert gc.get_threshold() == before
