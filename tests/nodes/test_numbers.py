"""Numbers: written, brought from one range to another, counted, smoothed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nodeflow.node import NodeError
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Detections, Frame, Items, Number, Table, Text
from nodes.numbers.numbers import Smooth, count, mapped, written

EVENLY = st.floats(-1e6, 1e6)


def test_a_number_of_ones_own() -> None:
    assert run_node(written, value=2.5) == Number(2.5)


@pytest.mark.parametrize(("given_", "mapped_"), [(-60, 0), (-30, 10), (0, 20), (12, 20), (-math.inf, 0)])
def test_a_loudness_becomes_a_blur(given_: float, mapped_: float) -> None:
    made = run_node(mapped, Number(given_, "dB"), low=-60.0, high=0.0, to_low=0.0, to_high=20.0)
    assert made.value == pytest.approx(mapped_)


def test_beyond_the_range_it_goes_on_only_if_it_may() -> None:
    assert run_node(mapped, Number(20), high=10.0, to_low=1.0, to_high=0.0) == Number(0.0)
    assert run_node(mapped, Number(20), high=10.0, to_low=1.0, to_high=0.0, beyond=True) == Number(-1.0)
    with pytest.raises(NodeError, match="that is no range"):
        run_node(mapped, Number(1), low=3.0, high=3.0)


@given(EVENLY, st.tuples(EVENLY, EVENLY), st.tuples(EVENLY, EVENLY))
def test_what_is_mapped_stays_in_its_range(value: float, given_: tuple[float, float], to: tuple[float, float]) -> None:
    (low, high), (to_low, to_high) = given_, to
    assume(low != high)
    made = run_node(mapped, Number(value), low=low, high=high, to_low=to_low, to_high=to_high).value
    slack = 1e-9 * max(1.0, abs(to_low), abs(to_high))
    assert min(to_low, to_high) - slack <= made <= max(to_low, to_high) + slack


def test_how_many_there_are() -> None:
    frame = Frame.of(100, 100)
    boxes = Detections(np.zeros((3, 4), np.float32), np.ones(3, np.float32), np.zeros(3, np.int64), ("cat",), frame)
    assert run_node(count, boxes) == Number(3)
    assert run_node(count, Items((Number(1), Number(2)))) == Number(2)
    assert run_node(count, Items(())) == Number(0)
    assert run_node(count, Table(("a",), ((1,), (2,)))) == Number(2)
    with pytest.raises(NodeError, match="nothing to count"):
        run_node(count, Text("three"))


def test_a_number_is_followed_slowly() -> None:
    with open_node(Smooth, frames=10.0) as smooth:
        assert smooth(Number(0.0, "px")) == Number(0.0, "px")
        followed = [smooth(Number(1.0, "px")).value for _ in range(10)]
    assert followed == pytest.approx([1 - math.exp(-n / 10) for n in range(1, 11)])
    assert run_node(Smooth, Number(7.0), frames=0.0) == Number(7.0)


def test_what_is_no_number_is_not_remembered() -> None:
    with open_node(Smooth, frames=1.0) as smooth:
        smooth(Number(2.0))
        assert math.isnan(smooth(Number(math.nan)).value)
        assert smooth(Number(2.0)) == Number(2.0)
