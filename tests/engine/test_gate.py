"""Where frames wait: whatever is offered, taken and taken back, the counts add up and the right frame is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.gate import Arrival, Gate
from nodeflow.graph.schema import Clock
from nodeflow.node import Stream


@given(
    st.sampled_from(["live", "every"]), st.lists(st.sampled_from(["offer", "take", "withdraw", "anew"]), max_size=30)
)
def test_the_newest_waits_or_nothing_is_lost_and_the_counts_add_up(policy: Clock, deeds: list[str]) -> None:
    gate = Gate(policy)
    waiting: list[int] = []
    taken = dropped = 0
    for number, deed in enumerate(deeds):
        assert gate.full == (policy == "every" and bool(waiting))
        if deed == "offer" and not gate.full:
            dropped += len(waiting)
            waiting = [number]
            gate.offer(Arrival((number,), float(number), None))
        elif deed == "take" and waiting:
            assert gate.take().packets == (waiting.pop(),)
            taken += 1
        elif deed == "withdraw":
            waiting.clear()
            gate.withdraw()
        elif deed == "anew":
            taken = dropped = 0
            gate.count_anew()
        assert ([] if gate.waiting is None else [gate.waiting.packets[0]]) == waiting
        assert (gate.offered, gate.dropped) == (taken + dropped + len(waiting), dropped)


def test_a_source_may_say_how_it_waits_once_it_is_open() -> None:
    gate = Gate("live")
    gate.opened(Stream(clock="every"))
    assert gate.policy == "every"
    gate.opened(Stream())
    assert gate.policy == "every"


def test_a_source_that_loses_nothing_must_wait_for_room() -> None:
    gate = Gate("every")
    gate.offer(Arrival((1,), 0.0, None))
    with pytest.raises(AssertionError, match="must not lose"):
        gate.offer(Arrival((2,), 0.0, None))
