"""The numbers of the performance panel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.running.figures import COLUMNS, column_ends, costs, flow
from nodeflow.engine.messages import NodeStatus, Snapshot


def test_the_slowest_node_comes_first_with_its_share_of_all_time() -> None:
    nodes = {"draw": NodeStatus(runs=9, ms=10.0), "pose": NodeStatus(runs=9, ms=30.0), "off": NodeStatus(ms=5.0)}
    ranked = costs(Snapshot(nodes=nodes))
    assert [cost.node for cost in ranked] == ["pose", "draw", "off"]
    assert [cost.share for cost in ranked] == pytest.approx([0.75, 0.25, 0.0])
    assert [cost.bar for cost in ranked] == pytest.approx([1.0, 1 / 3, 0.0])
    assert ranked[0].status is nodes["pose"]


def test_nodes_whose_times_read_the_same_keep_their_places() -> None:
    first = Snapshot(nodes={"b": NodeStatus(runs=1, ms=2.01), "a": NodeStatus(runs=1, ms=2.00)})
    then = Snapshot(nodes={"b": NodeStatus(runs=2, ms=1.99), "a": NodeStatus(runs=2, ms=2.02)})
    assert [cost.node for cost in costs(first)] == [cost.node for cost in costs(then)] == ["a", "b"]


def test_a_run_that_has_not_begun_costs_nothing() -> None:
    assert costs(Snapshot()) == []
    assert [cost.bar for cost in costs(Snapshot(nodes={"a": NodeStatus()}))] == [0.0]
    assert dict(flow(Snapshot()))["fps"] == "\u2013"


def test_frames_are_told_and_memory_where_there_is_any() -> None:
    told = flow(
        Snapshot("running", fps=29.97, latency_ms=48.2, admitted=7, finished=5, in_flight=2, cache_host=3_000_000)
    )
    assert told == [
        ("fps", "30.0"), ("latency", "48.2 ms"), ("admitted", "7"), ("finished", "5"), ("dropped", "0"),
        ("waiting", "0"), ("in flight", "2"), ("cache", "3.0 MB"),
    ]  # fmt: skip
    assert flow(Snapshot(cache_device=10**9))[-1] == ("on the GPU", "1.0 GB")


def test_numbers_are_short() -> None:
    assert [milliseconds(ms) for ms in (0.04, 99.94, 100.4, 1234.0)] == ["0.0 ms", "99.9 ms", "100 ms", "1.2 s"]


@given(st.floats(0.0, 1000.0))
def test_columns_are_left_out_where_there_is_no_room_and_lie_side_by_side(room: float) -> None:
    ends = column_ends(room)
    assert "a call" in ends
    assert ends.keys() == COLUMNS.keys() or room < sum(COLUMNS.values())
    spans = sorted((end, end + COLUMNS[name]) for name, end in ends.items())
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert spans[0][0] == 0.0
    assert spans[-1][1] <= max(room, COLUMNS["a call"])
