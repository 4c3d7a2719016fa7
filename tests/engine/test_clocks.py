"""Which nodes beat together, against groups that are merged one by one until nothing changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.engine.clocks import STILL, clock_numbers

Wiring = tuple[list[list[int]], set[int], set[int], dict[int, int]]


@st.composite
def wirings(draw: st.DrawFn) -> Wiring:
    """Up to ten nodes, each behind its givers: sources, such as hold a value, and loops one frame back."""
    count = draw(st.integers(1, 10))
    sources = draw(st.sets(st.integers(0, count - 1), max_size=2)) | draw(st.sampled_from(({0}, {0}, {0}, set())))
    givers = [
        [] if node == 0 or node in sources else draw(st.lists(st.integers(0, node - 1), min_size=1, max_size=2))
        for node in range(count)
    ]
    others = sorted(set(range(count)) - sources)
    holding = draw(st.sets(st.sampled_from(others), max_size=3)) if others else set()
    looping = draw(st.sets(st.sampled_from(others), max_size=2)) - holding if others else set()
    return givers, sources, holding, {node: draw(st.integers(0, count - 1)) for node in sorted(looping)}


def plainly(
    givers: list[list[int]], sources: set[int], holding: set[int], back: dict[int, int]
) -> tuple[list[set[int]], set[int]]:
    """The groups, and all nodes that stream."""
    streaming = sources | set(back)
    for node, its in enumerate(givers):
        if streaming & set(its):
            streaming.add(node)
    groups = [{node} for node in sorted(streaming)]

    def group(node: int) -> set[int]:
        return next(each for each in groups if node in each)

    def merge(one: int, other: int) -> None:
        mine, its = group(one), group(other)
        if mine is not its:
            groups.remove(its)
            mine |= its

    wires = [(node, giver) for node, its in enumerate(givers) for giver in its if giver in streaming]
    over_loops = [(node, giver) for node, giver in back.items() if giver in streaming]
    for node, giver in (*wires, *over_loops):
        if giver not in holding:
            merge(node, giver)
    for node, giver in (*wires, *over_loops):
        if giver in holding and not group(node) & sources:
            merge(node, giver)
    return groups, streaming


@settings(max_examples=1000)
@given(wirings())
def test_nodes_beat_together_where_they_meet(wiring: Wiring) -> None:
    givers, sources, holding, back = wiring
    numbers = clock_numbers(givers, sources, holding, back)
    groups, streaming = plainly(*wiring)
    assert {node for node, number in enumerate(numbers) if number != STILL} == streaming
    found = {number: {node for node, its in enumerate(numbers) if its == number} for number in set(numbers) - {STILL}}
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, groups))
    assert [min(found[number]) for number in sorted(found)] == sorted(map(min, found.values())), "out of order"
    assert sorted(found) == list(range(len(found)))
