"""Nodes make way for the wires that pass them. Pure.

    make_way(tops, layers, passing, lefts, sizes)

A wire over several layers is one curve from port to port: it does not bend where its place between the nodes is. So a
node that it would run behind moves up or down, to the side of the wire on which it lies in its layer, and takes along
what lies further out there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from nodeflow.editor.canvas.geometry import Point, wire_curve
from nodeflow.editor.canvas.layers import Bend, Spot, Strand
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.steps import Step

_CLEAR = GRID + 6.0
"""Room between a wire and a node that it passes; one step of the grid may be lost when places are rounded."""
_ROUNDS, _FEW_ROUNDS, _MANY = 40, 3, 300
"""How often all wires are gone through at most: who makes way for one may get into the way of another. Of more than
`_MANY` bends, fewer times."""
_POINTS = 32


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
    layer_of = {spot: at for at, layer in enumerate(full) for spot in layer if isinstance(spot, str)}
    columns = [[spot for spot in layer if isinstance(spot, str)] for layer in full]
    passed = _passed(full)
    rounds = _ROUNDS if sum(map(len, passed.values())) <= _MANY else _FEW_ROUNDS
    for _ in range(rounds):
        step(0)
        still = True
        for at, bends in passed.items():
            strand = strands[at]
            first, last = layer_of[strand.source], layer_of[strand.target]
            start = lefts[first] + sizes[strand.source][0], tops[strand.source] + strand.leaves
            points = wire_curve(start, (lefts[last], tops[strand.target] + strand.enters)).points(_POINTS)
            for layer, over, under in bends:
                column = columns[layer]
                if over is not None:
                    reach = _reach(points, lefts[layer], lefts[layer] + sizes[column[over]][0])
                    way = tops[column[over]] + sizes[column[over]][1] + _CLEAR - reach[0]
                    still = not _push_up(tops, column[: over + 1], sizes, way, apart) and still
                if under is not None:
                    reach = _reach(points, lefts[layer], lefts[layer] + sizes[column[under]][0])
                    way = reach[1] + _CLEAR - tops[column[under]]
                    still = not _push_down(tops, column[under:], sizes, way, apart) and still
        if still:
            return


def _passed(full: Sequence[Sequence[Spot]]) -> dict[int, list[tuple[int, int | None, int | None]]]:
    """By long wire, the layers that it passes, and the places of the nodes next over and under it there."""
    passed: dict[int, list[tuple[int, int | None, int | None]]] = {}
    for at, layer in enumerate(full):
        nodes = sum(isinstance(spot, str) for spot in layer)
        met = 0
        for spot in layer:
            if isinstance(spot, Bend):
                over, under = met - 1 if met else None, met if met < nodes else None
                passed.setdefault(spot.strand, []).append((at, over, under))
            else:
                met += 1
    return passed


def _reach(points: Sequence[Point], left: float, right: float) -> tuple[float, float]:
    """The highest and the lowest place of a curve between two others across."""
    heights = [y for one, other in _pieces(points, left, right) for y in (one[1], other[1])]
    return (min(heights), max(heights)) if heights else (points[0][1], points[0][1])


def _pieces(points: Sequence[Point], left: float, right: float) -> Iterator[tuple[Point, Point]]:
    return ((one, other) for one, other in pairwise(points) if other[0] >= left and one[0] <= right)


def _push_up(
    tops: dict[Spot, float], column: Sequence[str], sizes: Mapping[str, Point], way: float, apart: float
) -> bool:
    """Move the last node of a column up, and what would be too near over it; False where there is nothing to do."""
    if way <= 0:
        return False
    tops[column[-1]] -= way
    for node, over in pairwise(reversed(column)):
        tops[over] = min(tops[over], tops[node] - apart - sizes[over][1])
    return True


def _push_down(
    tops: dict[Spot, float], column: Sequence[str], sizes: Mapping[str, Point], way: float, apart: float
) -> bool:
    """Move the first node of a column down, and what would be too near under it; False where there is nothing to do."""
    if way <= 0:
        return False
    tops[column[0]] += way
    for node, below in pairwise(column):
        tops[below] = max(tops[below], tops[node] + sizes[node][1] + apart)
    return True
