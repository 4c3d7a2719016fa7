"""Points, rectangles, wires and the viewport: the canvas's arithmetic, all of it pure.

Two spaces. *World* units are pixels at zoom 1; nodes live there. *Screen* pixels are counted from the canvas's own top
left corner. y grows downwards in both. `Viewport` is the one way between them:

    screen = world * zoom + pan

Everything here is immutable; a changed viewport is a new one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Point = tuple[float, float]

ZOOM_MIN, ZOOM_MAX = 0.1, 4.0

_WIRE_STEPS = 20
"""Straight pieces a wire is taken for in tests of distance and crossing: within a unit of usual wires."""


class Rect(NamedTuple):
    """An axis-aligned rectangle, edges included."""

    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def of(x: float, y: float, width: float, height: float) -> Rect:
        return Rect(x, y, x + width, y + height)

    @staticmethod
    def between(a: Point, b: Point) -> Rect:
        """The rectangle with corners `a` and `b`, whichever way they lie."""
        return Rect(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))

    @staticmethod
    def around(rects: Iterable[Rect]) -> Rect | None:
        """The smallest rectangle that holds them all, or None if there are none."""
        all_rects = list(rects)
        if not all_rects:
            return None
        return Rect(
            min(r.left for r in all_rects),
            min(r.top for r in all_rects),
            max(r.right for r in all_rects),
            max(r.bottom for r in all_rects),
        )

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def meets(self, other: Rect) -> bool:
        """Whether the two share at least a point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def holds(self, other: Rect) -> bool:
        """Whether all of `other` lies in it."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def grown(self, by: float) -> Rect:
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, dx: float, dy: float) -> Rect:
        return Rect(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)


@dataclass(frozen=True, slots=True)
class Viewport:
    """What part of the world the canvas shows, and how large."""

    zoom: float = 1.0
    pan: Point = (0.0, 0.0)

    def to_screen(self, world: Point) -> Point:
        return world[0] * self.zoom + self.pan[0], world[1] * self.zoom + self.pan[1]

    def to_world(self, screen: Point) -> Point:
        return (screen[0] - self.pan[0]) / self.zoom, (screen[1] - self.pan[1]) / self.zoom

    def shown(self, size: Point) -> Rect:
        """The world rectangle that a canvas of `size` pixels shows."""
        return Rect(*self.to_world((0.0, 0.0)), *self.to_world(size))

    def panned(self, dx: float, dy: float) -> Viewport:
        """The picture moved by (dx, dy) screen pixels."""
        return Viewport(self.zoom, (self.pan[0] + dx, self.pan[1] + dy))

    def zoomed(self, factor: float, about: Point) -> Viewport:
        """`factor` times as large, within the limits; what lies under the screen point `about` stays there."""
        zoom = min(max(self.zoom * factor, ZOOM_MIN), ZOOM_MAX)
        x, y = self.to_world(about)
        return Viewport(zoom, (about[0] - x * zoom, about[1] - y * zoom))

    def revealing(self, rect: Rect, size: Point, margin: float = 40.0) -> Viewport:
        """Moved no further than it takes to show `rect` on a canvas of `size` pixels; its top left corner at least."""
        (left, top), (right, bottom) = self.to_screen((rect.left, rect.top)), self.to_screen((rect.right, rect.bottom))
        dx = (
            max(min(0.0, size[0] - margin - right), margin - left) if left < margin or right > size[0] - margin else 0.0
        )
        dy = (
            max(min(0.0, size[1] - margin - bottom), margin - top) if top < margin or bottom > size[1] - margin else 0.0
        )
        return self.panned(dx, dy) if dx or dy else self

    @staticmethod
    def fitting(rect: Rect, size: Point, margin: float = 60.0, largest: float = 1.0) -> Viewport:
        """`rect` in the middle of a canvas of `size` pixels, zoom at most `largest`; `margin` to spare, or a tenth of a
        side that is short."""
        room = tuple(max(side - 2 * min(margin, side / 10), 1.0) for side in size)
        wanted = min(room[0] / max(rect.width, 1.0), room[1] / max(rect.height, 1.0), largest)
        zoom = min(max(wanted, ZOOM_MIN), ZOOM_MAX)
        x, y = rect.center
        return Viewport(zoom, (size[0] / 2 - x * zoom, size[1] / 2 - y * zoom))


class Curve(NamedTuple):
    """A wire: a cubic Bezier curve by its four control points."""

    a: Point
    b: Point
    c: Point
    d: Point

    @property
    def bounds(self) -> Rect:
        """A rectangle that holds the whole curve: its control points', so not the smallest."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self
        return Rect(min(ax, bx, cx, dx), min(ay, by, cy, dy), max(ax, bx, cx, dx), max(ay, by, cy, dy))

    def at(self, t: float) -> Point:
        """The point at `t`, 0 at the output to 1 at the input."""
        u = 1 - t
        wa, wb, wc, wd = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        return (
            wa * self.a[0] + wb * self.b[0] + wc * self.c[0] + wd * self.d[0],
            wa * self.a[1] + wb * self.b[1] + wc * self.c[1] + wd * self.d[1],
        )

    def points(self, steps: int = _WIRE_STEPS) -> list[Point]:
        """The curve as `steps` straight pieces."""
        return [self.at(i / steps) for i in range(steps + 1)]

    def distance(self, point: Point) -> float:
        """How far `point` lies from the curve."""
        points = self.points()
        return min(_segment_distance(point, a, b) for a, b in itertools.pairwise(points))

    def crosses(self, stroke: Sequence[Point]) -> bool:
        """Whether a line drawn through the points of `stroke` crosses the curve."""
        pieces = list(itertools.pairwise(stroke))
        if not pieces or not self.bounds.meets(_bounds(stroke)):
            return False
        points = self.points()
        return any(_segments_cross(a, b, c, d) for a, b in itertools.pairwise(points) for c, d in pieces)


def wire_curve(start: Point, end: Point) -> Curve:
    """The wire from an output at `start` to an input at `end`.

    It leaves and arrives level. Forwards the handles reach half way; a wire that has to run backwards swings out by
    the square root of the way back, so that it clears its nodes and yet does not fill the screen.
    """
    ahead = end[0] - start[0]
    swing = 30.0 + 6.0 * math.sqrt(max(0.0, -ahead))
    reach = max(ahead / 2, min(math.hypot(ahead, end[1] - start[1]) / 2, swing))
    return Curve(start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end)


def _bounds(points: Sequence[Point]) -> Rect:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _segment_distance(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0 else ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length2
    along = min(max(along, 0.0), 1.0)
    return math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments ab and cd share a point; parallel ones that only touch do not count."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    c_side, d_side, a_side, b_side = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
    if c_side == d_side == 0:
        return False
    return c_side * d_side <= 0 and a_side * b_side <= 0
