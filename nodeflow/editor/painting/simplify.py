"""A way of a hand with as few points as draw the same line. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]

TOLERANCE: Final = 0.3
"""How far a line may move, in pixels: what is below half a pixel is not to be seen."""


def simplified(way: Sequence[Point]) -> list[Point]:
    """The ends of a way and the points that lie farther than `TOLERANCE` from the lines between the others (the method
    of Ramer, Douglas and Peucker). Points that are kept stay where they are."""
    if len(way) < 3:
        return list(dict.fromkeys(way)) if len(way) > 1 else list(way)
    kept = {0, len(way) - 1}
    parts = [(0, len(way) - 1)]
    while parts:
        first, last = parts.pop()
        farthest, distance = first, TOLERANCE
        for at in range(first + 1, last):
            away = _away(way[at], way[first], way[last])
            if away > distance:
                farthest, distance = at, away
        if farthest != first:
            kept.add(farthest)
            parts += [(first, farthest), (farthest, last)]
    points = [way[at] for at in sorted(kept)]
    return points[:1] if len(points) == 2 and points[0] == points[1] else points


def _away(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the line between two others, its ends included."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    square = (bx - ax) ** 2 + (by - ay) ** 2
    share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square if square else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
