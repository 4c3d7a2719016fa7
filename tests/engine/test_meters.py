"""What the meters say of calls and frames, against the plainest way to work it out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.meters import Flow, Meter, percentile

TIMES = st.lists(st.floats(0, 1e4), min_size=1, max_size=50)


@given(TIMES, st.floats(0, 100))
def test_a_percentile_is_the_nearest_rank(values: list[float], percent: float) -> None:
    assert percentile(values, percent) == np.percentile(values, percent, method="inverted_cdf")


@given(TIMES)
def test_times_are_smoothed_from_the_first_call_on(times: list[float]) -> None:
    meter, smoothed = Meter(), times[0]
    for ms in times:
        meter.add(ms, waited=ms)
        smoothed += 0.1 * (ms - smoothed)
        assert meter.ms == pytest.approx(smoothed)
    assert (meter.runs, list(meter.recent)) == (len(times), times)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_node_is_trivial_where_one_of_its_last_two_calls_was_short(short: list[bool]) -> None:
    meter = Meter()
    for at, is_short in enumerate(short):
        meter.add(0.01 if is_short else 1.0)
        assert meter.trivial == (at > 0 and any(short[at - 1 : at + 1]))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 10)), min_size=1, max_size=30))
def test_a_flow_lasts_from_the_first_capture_to_the_last_end(frames: list[tuple[float, float]]) -> None:
    """Frames may end in another order than that in which they were captured."""
    flow = Flow()
    ends = sorted(captured + took for captured, took in frames)
    for (captured, _), end in zip(frames, ends, strict=True):
        flow.add(captured, end)
    assert flow.finished == len(frames)
    assert flow.seconds == pytest.approx(ends[-1] - min(captured for captured, _ in frames))
