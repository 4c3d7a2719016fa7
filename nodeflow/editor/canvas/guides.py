"""Lines to which a dragged thing keeps: the edges and middles of what lies around. Pure; lengths are world units.

    guides = Guides(rects)                  # once, when the drag begins
    fit = guides.fit(rect, reach)           # how far to move `rect`, and the lines that it lies on then

Left edges keep to left edges, middles to middles, right edges to right edges, and the same from top to bottom.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from nodeflow.editor.canvas.geometry import Point, Rect

Line = tuple[Point, Point]
_SAME: Final = 0.01

_ACROSS: Final[tuple[Callable[[Rect], float], ...]] = (
    lambda rect: rect.left,
    lambda rect: rect.center[0],
    lambda rect: rect.right,
)
_DOWN: Final[tuple[Callable[[Rect], float], ...]] = (
    lambda rect: rect.top,
    lambda rect: rect.center[1],
    lambda rect: rect.bottom,
)


class Fit(NamedTuple):
    """How far to go, and the lines to show."""

    dx: float = 0.0
    dy: float = 0.0
    lines: tuple[Line, ...] = ()


class Guides:
    """See the module's head. A fit costs a search in six sorted lists."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        there = list(rects)
        self._across = [sorted((of(rect), rect) for rect in there) for of in _ACROSS]
        self._down = [sorted((of(rect), rect) for rect in there) for of in _DOWN]

    def fit(self, rect: Rect, reach: float) -> Fit:
        """The nearest lines within `reach`, one from top to bottom and one across, each if there is one."""
        dx, dy = _nearest(self._across, _ACROSS, rect, reach), _nearest(self._down, _DOWN, rect, reach)
        there = rect.moved(dx or 0.0, dy or 0.0)
        lines = _lines(self._across, _ACROSS, there, across=True) if dx is not None else []
        lines += _lines(self._down, _DOWN, there, across=False) if dy is not None else []
        return Fit(dx or 0.0, dy or 0.0, tuple(lines))


_Sorted = list[tuple[float, Rect]]


def _nearest(sides: list[_Sorted], of: tuple[Callable[[Rect], float], ...], rect: Rect, reach: float) -> float | None:
    """How far it is to the nearest line, or None if there is none within reach."""
    best: float | None = None
    for values, place in zip(sides, of, strict=True):
        here = place(rect)
        after = bisect_left(values, here, key=lambda pair: pair[0])
        for value, _rect in values[max(after - 1, 0) : after + 1]:
            way = value - here
            if abs(way) <= reach and (best is None or abs(way) < abs(best)):
                best = way
    return best


def _lines(sides: list[_Sorted], of: tuple[Callable[[Rect], float], ...], rect: Rect, *, across: bool) -> list[Line]:
    """The lines that a rectangle lies on, each as long as what lies on it."""
    found = []
    for values, place in zip(sides, of, strict=True):
        here = place(rect)
        first = bisect_left(values, here - _SAME, key=lambda pair: pair[0])
        last = bisect_left(values, here + _SAME, first, key=lambda pair: pair[0])
        if first == last:
            continue
        whole = Rect.around([rect, *(other for _value, other in values[first:last])])
        if whole is not None and across:
            found.append(((here, whole.top), (here, whole.bottom)))
        elif whole is not None:
            found.append(((whole.left, here), (whole.right, here)))
    return found
