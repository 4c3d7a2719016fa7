"""Nodes make way for the wires that pass them. Pure.

    make_way(tops, layers, strands, lefts, sizes, room, step)

A wire over several layers is one curve from port to port: it does not bend where its place between the nodes is. So a
node that it would run behind moves up or down, whichever is nearer, and takes along what lies further out there. Where
two chase one another, as each is at the end of the wire that passes the other, one of them tries the other side. What
is kept is the best that was met on the way: few wires behind nodes, and nodes not far from where they were.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from nodeflow.editor.canvas.geometry import Point, wire_curve
from nodeflow.editor.canvas.layers import Bend, Spot, Strand
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.steps import Step

_CLEAR: Final = GRID + 6.0
"""Room between a wire and a node that it passes; one step of the grid may be lost when places are rounded."""
_ROUNDS, _FEW_ROUNDS, _MANY = 24, 2, 300
"""How often all wires are gone through at most; of more than `_MANY` passings, fewer times."""
_CHASED: Final = 3
"""After how often a node that made way for a wire, and still has to, tries the other side."""
_BEHIND: Final = 400.0
"""What it costs that a wire runs behind a node, in the lengths that nodes move."""
_POINTS: Final = 32


class _Passing(NamedTuple):
    """That a long wire passes a layer."""

    strand: Strand
    layer: int


def make_way(
    tops: dict[Spot, float],
    full: Sequence[Sequence[Spot]],
    strands: Sequence[Strand],
    lefts: Sequence[float],
    sizes: Mapping[str, Point],
    apart: float,
    step: Step,
) -> None:
    """Change `tops`, how far down each node of the layers `full` is. `lefts` is where each layer begins, `apart` the
    room between the nodes of one."""
    bends = sorted(spot for layer in full for spot in layer if isinstance(spot, Bend))  # wire by wire
    passings = [_Passing(strands[bend.strand], bend.layer) for bend in bends]
    if not passings:
        return
    columns = [[spot for spot in layer if isinstance(spot, str)] for layer in full]
    yard = _Yard({node: tops[node] for column in columns for node in column}, columns, lefts, sizes, apart)
    least, best = yard.cost(passings), dict(yard.tops)
    for _ in range(_ROUNDS if len(passings) <= _MANY else _FEW_ROUNDS):
        step(0)
        if not yard.make_way(passings):
            break
        if (cost := yard.cost(passings)) < least:
            least, best = cost, dict(yard.tops)
    tops.update(best)


class _Yard:
    """Where the nodes are while they make way."""

    def __init__(
        self,
        tops: dict[str, float],
        columns: Sequence[Sequence[str]],
        lefts: Sequence[float],
        sizes: Mapping[str, Point],
        apart: float,
    ) -> None:
        self.tops = tops
        self._before = dict(tops)
        self._columns, self._lefts, self._sizes, self._apart = columns, lefts, sizes, apart
        self._rights = [
            left + max(sizes[node][0] for node in column) for left, column in zip(lefts, columns, strict=True)
        ]
        self._layer_of = {node: at for at, column in enumerate(columns) for node in column}
        self._curve: tuple[Point, Point, list[Point]] = ((0.0, 0.0), (0.0, 0.0), [])
        """The wire that was looked at last, by its ends."""
        self._goes_up: dict[tuple[_Passing, str], bool] = {}
        self._chased: dict[tuple[_Passing, str], int] = {}

    def cost(self, passings: Sequence[_Passing]) -> float:
        """How bad it is as it is."""
        behind = sum(1 for passing in passings for _ in self._in_the_way(passing))
        return _BEHIND * behind + sum(abs(top - self._before[node]) for node, top in self.tops.items())

    def make_way(self, passings: Sequence[_Passing]) -> bool:
        """Move what is in the way of each wire in turn; False where nothing is."""
        moved = False
        for passing in passings:
            for node, up, down in list(self._in_the_way(passing)):
                moved = True
                self._push(node, -up if self._up(passing, node, up < down) else down)
        return moved

    def _in_the_way(self, passing: _Passing) -> Iterator[tuple[str, float, float]]:
        """The nodes of the layer that the wire runs behind, and how far up and how far down they would be clear."""
        strand, column = passing.strand, self._columns[passing.layer]
        high, low = _reach(self._points(strand), self._lefts[passing.layer], self._rights[passing.layer])
        place = bisect_left(column, low + _CLEAR, key=self.tops.__getitem__) - 1
        while place >= 0:
            node = column[place]
            top, bottom = self.tops[node], self.tops[node] + self._sizes[node][1]
            if bottom + _CLEAR <= high:
                return
            yield node, bottom + _CLEAR - high, low + _CLEAR - top
            place -= 1

    def _points(self, strand: Strand) -> list[Point]:
        first, last = self._layer_of[strand.source], self._layer_of[strand.target]
        start = self._lefts[first] + self._sizes[strand.source][0], self.tops[strand.source] + strand.leaves
        end = self._lefts[last], self.tops[strand.target] + strand.enters
        if self._curve[:2] != (start, end):  # a wire passes many layers
            self._curve = start, end, wire_curve(start, end).points(_POINTS)
        return self._curve[2]

    def _up(self, passing: _Passing, node: str, nearer: bool) -> bool:
        """Whether a node makes way upwards: as it did before, unless that leads nowhere."""
        key = passing, node
        up = self._goes_up.setdefault(key, nearer)
        self._chased[key] = self._chased.get(key, 0) + 1
        if self._chased[key] % _CHASED == 0:
            self._goes_up[key] = up = not up
        return up

    def _push(self, node: str, way: float) -> None:
        """Move a node down, or up where `way` is negative, with what would then be too near to it on that side."""
        column = self._columns[self._layer_of[node]]
        place = column.index(node)
        self.tops[node] += way
        if way < 0:
            for under, over in pairwise(reversed(column[: place + 1])):
                self.tops[over] = min(self.tops[over], self.tops[under] - self._apart - self._sizes[over][1])
        else:
            for over, under in pairwise(column[place:]):
                self.tops[under] = max(self.tops[under], self.tops[over] + self._sizes[over][1] + self._apart)


def _reach(points: Sequence[Point], left: float, right: float) -> tuple[float, float]:
    """The highest and the lowest place of a curve between two others across."""
    pieces = (piece for piece in pairwise(points) if piece[1][0] >= left and piece[0][0] <= right)
    heights = [y for piece in pieces for _, y in piece] or [points[0][1]]
    return min(heights), max(heights)
