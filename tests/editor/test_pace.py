"""How often the window is drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.pace import Cost, Pace


def periods(pace: Pace, seconds: float, took: float = 0.001, **how: Any) -> list[float]:
    """The times from frame to frame of a window that nobody touches, each frame taking `took` on the clock."""
    told: dict[str, Any] = {"busy": False, "seen": False, "running": False, "frame": Cost(took, 0.001)} | how
    now, starts = 0.0, []
    while now < seconds:
        starts.append(now)
        now += took
        now += pace.after(now, **told)
    return [later - earlier for earlier, later in pairwise(starts)]


def test_it_follows_the_hand_and_falls_asleep() -> None:
    gaps = periods(Pace(2), 120.0)
    assert gaps[5] == pytest.approx(1 / 60)
    assert gaps[-1] == pytest.approx(1 / 2)
    assert gaps == sorted(gaps, key=lambda gap: round(gap, 3))
    assert periods(Pace(2), 20.0, busy=True)[-1] == pytest.approx(1 / 60)


def test_a_run_is_shown_at_the_pace_of_video_where_drawing_is_cheap() -> None:
    pace = Pace(2)
    pace.after(0.0, busy=False, seen=False, running=False, frame=Cost(0.016, 0.003))
    assert periods(pace, 5.0, seen=True, running=True, frame=Cost(0.016, 0.1))[-1] == pytest.approx(1 / 30)


@given(cost=st.floats(0.0001, 0.5), processors=st.integers(1, 64), crowded=st.floats(1.0, 10.0))
def test_beside_a_run_drawing_takes_its_share_of_the_processors_and_still_shows_something(
    cost: float, processors: int, crowded: float
) -> None:
    pace = Pace(processors)
    for spent in (1.0, cost, 1.0):  # what else the program did meanwhile is not what a frame costs
        pace.after(0.0, busy=False, seen=False, running=False, frame=Cost(0.01, spent))
    gap = periods(pace, 9.0, seen=True, running=True, frame=Cost(0.01 * crowded, 1.0))[-1]
    assert 1 / 30 - 1e-9 <= gap <= 0.1 + 1e-9
    assert gap >= 0.1 - 1e-9 or cost / gap <= 0.05 * processors / crowded + 1e-9


def test_who_is_woken_draws_at_once_and_waits_no_longer_for_it() -> None:
    pace, frame = Pace(2), Cost(0.01, 0.01)
    for late in (0.0, 0.0, 0.5):
        assert pace.after(100.0, busy=False, seen=False, running=False, frame=frame) == pytest.approx(late)
    pace.woken(100.1)
    assert pace.after(100.1, busy=True, seen=False, running=False, frame=frame) <= 1 / 60
    assert pace.after(100.11, busy=True, seen=False, running=False, frame=frame) <= 1 / 60
