"""Which nodes beat together: the streams of a graph.

A node below a source streams; sources that meet anywhere downstream share one clock. A node that holds a value does
not pass its clock on; what hangs on nothing but held values beats with the clock of what is held. Everything else is
still.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

STILL = -1
"""The clock of nodes that run once."""


def clock_numbers(
    givers: Sequence[Sequence[int]], sources: Collection[int], holding: Collection[int], back: Mapping[int, int]
) -> list[int]:
    """The clock of each node: 0, 1, ... in the order of their first nodes, or STILL.

    Nodes are numbered so that each comes behind its `givers`. `back` are the streaming nodes that get something over a
    loop, one frame later, and from whom.
    """
    beats = _Beats()
    beat: list[int | None] = [None] * len(givers)
    held: list[tuple[int, int]] = []
    for node, its in enumerate(givers):
        if node in sources or node in back:
            beat[node] = beats.new(node in sources)
        for giver in its:
            mine, other = beat[node], beat[giver]
            if other is None:
                continue
            if giver not in holding:
                beat[node] = other if mine is None else beats.join(mine, other)
            else:
                beat[node] = mine = beats.new() if mine is None else mine
                held.append((mine, other))
    for node, giver in back.items():
        mine, other = beat[node], beat[giver]
        if mine is not None and other is not None:
            if giver in holding:
                held.append((mine, other))
            else:
                beats.join(mine, other)
    for mine, other in held:
        if not beats.driven[beats.leader(mine)]:
            beats.join(mine, other)
    numbers: dict[int, int] = {}
    clocks: dict[int | None, int] = {None: STILL}
    for each in dict.fromkeys(beat):
        if each is not None:
            clocks[each] = numbers.setdefault(beats.leader(each), len(numbers))
    return [clocks[each] for each in beat]


class _Beats:
    """Beats that turn out to be one (disjoint sets: Tarjan and van Leeuwen, 1984), and whether a source drives them."""

    def __init__(self) -> None:
        self.driven: list[bool] = []
        """By leader."""
        self._above: list[int] = []

    def new(self, driven: bool = False) -> int:
        self._above.append(len(self._above))
        self.driven.append(driven)
        return len(self._above) - 1

    def leader(self, beat: int) -> int:
        """The one that stands for all that are one with `beat`; the way to it is halved on the way."""
        above = self._above
        while above[beat] != beat:
            above[beat] = above[above[beat]]
            beat = above[beat]
        return beat

    def join(self, one: int, other: int) -> int:
        """Make two beats one. Returns its leader."""
        one, other = self.leader(one), self.leader(other)
        self.driven[other] = self.driven[one] or self.driven[other]
        self._above[one] = other
        return other
