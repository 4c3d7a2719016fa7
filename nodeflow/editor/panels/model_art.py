"""Small drawings of what models do: what goes in at the left, what comes out in the middle. GUI thread only.

A motif is drawn from the kinds that the card names, and for a few tasks from the task, so that hands look otherwise
than faces. What has no motif of its own is drawn as a network, so a model of a stranger's pack looks like one, too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.models.entries import Entry, Family
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, mix

_CHAINS: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "body": (
        ((0.36, 0.34), (0.64, 0.34), (0.58, 0.62), (0.42, 0.62), (0.36, 0.34)),
        ((0.36, 0.34), (0.22, 0.48), (0.27, 0.64)),
        ((0.64, 0.34), (0.79, 0.24), (0.85, 0.06)),
        ((0.42, 0.62), (0.34, 0.79), (0.3, 0.98)),
        ((0.58, 0.62), (0.66, 0.78), (0.71, 0.98)),
    ),
    "hand": (
        ((0.5, 0.97), (0.31, 0.8), (0.2, 0.62), (0.12, 0.48)),
        ((0.5, 0.97), (0.39, 0.55), (0.35, 0.32), (0.32, 0.14)),
        ((0.5, 0.97), (0.51, 0.51), (0.51, 0.26), (0.51, 0.05)),
        ((0.5, 0.97), (0.63, 0.55), (0.67, 0.32), (0.7, 0.15)),
        ((0.5, 0.97), (0.73, 0.64), (0.82, 0.47), (0.88, 0.33)),
    ),
}
_BARS: Final = (0.92, 0.56, 0.34, 0.18)
_WAVE: Final = (0.18, 0.4, 0.75, 0.5, 0.95, 0.62, 0.3, 0.7, 0.45, 0.2, 0.36, 0.14)


def hue(family: Family) -> Rgba:
    """The colour of a family."""
    return {"extract": colors.sky, "transform": colors.pink, "generate": colors.orange}[family]


def ground(family: Family) -> Rgba:
    """What a motif of the family stands on."""
    return mix(colors.ground, hue(family), 0.17)


def draw_art(pen: Pen, rect: Rect, entry: Entry, kinds: bool) -> None:
    """The picture of a model in `rect`; with `kinds`, what it takes and gives in the corner, as ports show it."""
    tint = hue(entry.family)
    pen.rect(rect, ground(entry.family), rounding=7.0)
    side = min(rect.height, rect.width) * 0.64
    x, y = rect.center
    spot = Rect.of(x - side / 2, y - side / 2, side, side)
    pen.circle((x, y), side * 0.78, fade(tint, 0.1))
    ink = mix(tint, colors.contrast, 0.3)
    motif = _BY_TASK.get(entry.task) or _by_kind(entry)
    motif(_Hand(pen, spot, ink, mix(ground(entry.family), tint, 0.55), max(1.2, side / 42.0)))
    if kinds:
        draw_kinds(pen, (rect.left + 12.0, rect.bottom - 12.0), entry, 4.0)


def draw_kinds(pen: Pen, at: Point, entry: Entry, radius: float) -> float:
    """What goes in, an arrow, what comes out, from a point to the right. Returns how far it reaches."""
    x, y = at
    step = radius * 3.4
    for kind in entry.inputs:
        pen.port((x, y), kind_style(kind), radius)
        x += step
    pen.line([(x - radius, y), (x + radius * 1.2, y)], colors.text_faint, 1.0)
    pen.line([(x + radius * 0.4, y - 2.5), (x + radius * 1.3, y), (x + radius * 0.4, y + 2.5)], colors.text_faint, 1.0)
    x += radius * 3.2
    for kind in entry.outputs:
        pen.port((x, y), kind_style(kind), radius)
        x += step
    return x


class _Hand:
    """Draws in a unit square, in two inks: what was found, and what it was found in."""

    def __init__(self, pen: Pen, square: Rect, ink: Rgba, pale: Rgba, thickness: float) -> None:
        self.pen, self.square, self.ink, self.pale, self.thickness = pen, square, ink, pale, thickness

    def at(self, point: Point) -> Point:
        return self.square.left + point[0] * self.square.width, self.square.top + point[1] * self.square.height

    def line(
        self, points: Sequence[Point], color: Rgba | None = None, thick: float = 1.0, closed: bool = False
    ) -> None:
        self.pen.line([self.at(point) for point in points], color or self.ink, self.thickness * thick, closed)

    def dot(self, point: Point, radius: float, fill: Rgba | None = None, edge: Rgba = CLEAR) -> None:
        self.pen.circle(
            self.at(point), radius * self.square.width, self.ink if fill is None else fill, edge, self.thickness
        )

    def box(self, left: float, top: float, right: float, bottom: float, fill: Rgba = CLEAR, edge: Rgba = CLEAR) -> None:
        rect = Rect(*self.at((left, top)), *self.at((right, bottom)))
        self.pen.rect(rect, fill, edge, 0.05 * self.square.width, self.thickness)

    def shape(self, points: Sequence[Point], fill: Rgba) -> None:
        """A convex shape."""
        corners = [self.at(point) for point in points]
        for one, other in itertools.pairwise(corners[1:]):
            dpg.draw_triangle(corners[0], one, other, parent=self.pen.group, fill=fill, color=fill)


Motif = Callable[[_Hand], None]


def _oval(center: Point, wide: float, high: float, points: int = 28) -> list[Point]:
    turn = 2 * math.pi / points
    return [
        (center[0] + wide * math.sin(turn * step), center[1] - high * math.cos(turn * step)) for step in range(points)
    ]


def _chains(hand: _Hand, name: str) -> None:
    for chain in _CHAINS[name]:
        hand.line(chain, hand.pale, 1.5)
    for point in {point for chain in _CHAINS[name] for point in chain}:
        hand.dot(point, 0.035)


def _body(hand: _Hand) -> None:
    hand.dot((0.5, 0.14), 0.095, CLEAR, hand.pale)
    hand.dot((0.5, 0.14), 0.035)
    _chains(hand, "body")


def _hand(hand: _Hand) -> None:
    _chains(hand, "hand")


def _face(hand: _Hand) -> None:
    hand.line(_oval((0.5, 0.5), 0.3, 0.4), hand.pale, 1.3, closed=True)
    for x in (0.38, 0.62):
        hand.dot((x, 0.43), 0.03, hand.pale)
    hand.line([(0.39, 0.66), (0.45, 0.71), (0.55, 0.71), (0.61, 0.66)], hand.pale, 1.3)


def _found_face(hand: _Hand) -> None:
    _face(hand)
    _corners(hand, 0.1, 0.02, 0.9, 0.98)


def _mesh(hand: _Hand) -> None:
    rings = [(0.3, 0.4), (0.2, 0.27), (0.09, 0.13)]
    for wide, high in rings:
        hand.line(_oval((0.5, 0.5), wide, high, 14), hand.pale, 0.9, closed=True)
    for wide, high in rings:
        for point in _oval((0.5, 0.5), wide, high, 14):
            hand.dot(point, 0.018)
    hand.dot((0.5, 0.5), 0.018)


def _feeling(hand: _Hand) -> None:
    hand.dot((0.5, 0.5), 0.42, CLEAR, hand.ink)
    for x in (0.36, 0.64):
        hand.dot((x, 0.4), 0.045)
    hand.line([(0.3, 0.58), (0.37, 0.69), (0.5, 0.74), (0.63, 0.69), (0.7, 0.58)], hand.ink, 1.4)


def _corners(hand: _Hand, left: float, top: float, right: float, bottom: float) -> None:
    arm = 0.14
    for x, dx in ((left, arm), (right, -arm)):
        for y, dy in ((top, arm), (bottom, -arm)):
            hand.line([(x + dx, y), (x, y), (x, y + dy)], hand.ink, 1.3)


def _boxes(hand: _Hand) -> None:
    hand.dot((0.3, 0.55), 0.15, hand.pale)
    hand.box(0.62, 0.5, 0.88, 0.86, hand.pale)
    _corners(hand, 0.06, 0.3, 0.5, 0.8)
    _corners(hand, 0.54, 0.4, 0.97, 0.96)
    hand.box(0.06, 0.14, 0.34, 0.24, hand.ink)
    hand.box(0.54, 0.24, 0.8, 0.34, hand.ink)


def _bars(hand: _Hand) -> None:
    for place, share in enumerate(_BARS):
        top = 0.08 + place * 0.24
        hand.box(0.02, top, 0.98, top + 0.13, fade(hand.pale, 0.35))
        hand.box(0.02, top, 0.02 + 0.96 * share, top + 0.13, hand.pale if place else hand.ink)


def _mask(hand: _Hand) -> None:
    for row in range(6):
        for column in range(row % 2, 6, 2):
            left, top = column / 6, row / 6
            hand.box(left, top, left + 1 / 6, top + 1 / 6, fade(hand.pale, 0.3))
    hand.dot((0.5, 0.33), 0.18)
    hand.shape([(0.14, 1.0), (0.2, 0.72), (0.36, 0.58), (0.64, 0.58), (0.8, 0.72), (0.86, 1.0)], hand.ink)


def _text(hand: _Hand) -> None:
    _corners(hand, 0.0, 0.06, 1.0, 0.94)
    for top, right in ((0.25, 0.84), (0.42, 0.68), (0.59, 0.8), (0.76, 0.46)):
        hand.line([(0.16, top), (right, top)], hand.ink if top < 0.3 else hand.pale, 2.2)


def _edges(hand: _Hand) -> None:
    hand.line([(0.04, 0.94), (0.36, 0.36), (0.68, 0.94)], hand.ink, 1.5)
    hand.line([(0.55, 0.7), (0.72, 0.52), (0.98, 0.94)], hand.ink, 1.5)
    hand.dot((0.76, 0.22), 0.12, CLEAR, hand.ink)
    hand.line([(0.26, 0.55), (0.36, 0.62), (0.45, 0.53)], hand.pale, 1.1)


def _depth(hand: _Hand) -> None:
    near = 5
    for step in range(near):
        share = step / (near - 1)
        inset = 0.34 * (1 - share)
        hand.box(inset, inset * 0.9, 1.0 - inset, 1.0 - inset * 0.3, CLEAR, mix(hand.pale, hand.ink, share))
    hand.dot((0.5, 0.56), 0.08)


def _segments(hand: _Hand) -> None:
    hand.box(0.0, 0.04, 1.0, 0.96, fade(hand.pale, 0.3))
    hand.shape([(0.0, 0.96), (0.0, 0.62), (0.5, 0.5), (1.0, 0.66), (1.0, 0.96)], fade(hand.pale, 0.8))
    hand.shape([(0.12, 0.78), (0.12, 0.34), (0.3, 0.2), (0.48, 0.34), (0.48, 0.78)], hand.ink)
    hand.dot((0.74, 0.42), 0.16, mix(hand.pale, hand.ink, 0.45))
    hand.box(0.71, 0.5, 0.77, 0.82, mix(hand.pale, hand.ink, 0.45))


def _landscape(hand: _Hand, left: float, top: float, size: float, ink: Rgba, sky: Rgba) -> None:
    def put(points: Sequence[Point]) -> list[Point]:
        return [(left + x * size, top + y * size) for x, y in points]

    hand.box(left, top, left + size, top + size, sky)
    hand.dot(put([(0.72, 0.28)])[0], 0.1 * size, ink)
    hand.shape(put([(0.06, 0.94), (0.38, 0.42), (0.7, 0.94)]), ink)
    hand.shape(put([(0.46, 0.94), (0.7, 0.58), (0.94, 0.94)]), fade(ink, 0.7))


def _restyled(hand: _Hand) -> None:
    _landscape(hand, 0.0, 0.0, 0.62, hand.pale, fade(hand.pale, 0.25))
    _landscape(hand, 0.36, 0.36, 0.64, hand.ink, mix(hand.pale, colors.ground, 0.55))
    for turn in range(3):
        hand.line(_oval((0.82, 0.54), 0.05 + turn * 0.045, 0.05 + turn * 0.045, 16), hand.pale, 0.8, closed=True)


def _larger(hand: _Hand) -> None:
    _landscape(hand, 0.02, 0.66, 0.32, hand.pale, fade(hand.pale, 0.3))
    _landscape(hand, 0.36, 0.0, 0.64, hand.ink, fade(hand.pale, 0.5))
    hand.line([(0.1, 0.56), (0.1, 0.4), (0.26, 0.4)], hand.ink, 1.3)
    hand.line([(0.1, 0.4), (0.27, 0.57)], hand.ink, 1.3)


def _made(hand: _Hand) -> None:
    for row in range(5):
        for column in range(3):
            strong = (row * 3 + column * 5) % 4 / 3
            hand.dot((0.04 + column * 0.12, 0.2 + row * 0.15), 0.032, mix(hand.pale, hand.ink, strong))
    hand.line([(0.38, 0.5), (0.46, 0.5)], hand.pale, 1.3)
    hand.box(0.52, 0.18, 1.0, 0.84, fade(hand.pale, 0.5))
    hand.line(_oval((0.76, 0.5), 0.13, 0.2, 20), hand.ink, 1.2, closed=True)
    for x in (0.71, 0.81):
        hand.dot((x, 0.47), 0.018)
    hand.line([(0.72, 0.59), (0.76, 0.61), (0.8, 0.59)], hand.ink, 1.1)


def _sound(hand: _Hand) -> None:
    for place, share in enumerate(_WAVE):
        x = 0.04 + place * 0.92 / (len(_WAVE) - 1)
        hand.line([(x, 0.5 - share * 0.42), (x, 0.5 + share * 0.42)], hand.ink if place % 3 else hand.pale, 2.2)


def _numbers(hand: _Hand) -> None:
    hand.line([(0.04, 0.08), (0.04, 0.94), (0.98, 0.94)], hand.pale, 1.2)
    hand.line([(0.1, 0.76), (0.28, 0.56), (0.44, 0.66), (0.64, 0.28), (0.8, 0.4), (0.95, 0.14)], hand.ink, 1.6)


def _table(hand: _Hand) -> None:
    for row in range(4):
        for column in range(3):
            fill = hand.ink if row == 0 else fade(hand.pale, 0.55)
            hand.box(column * 0.34, 0.1 + row * 0.21, column * 0.34 + 0.3, 0.26 + row * 0.21, fill)


def _network(hand: _Hand) -> None:
    layers = [[(0.06, 0.25), (0.06, 0.75)], [(0.5, 0.08), (0.5, 0.5), (0.5, 0.92)], [(0.94, 0.3), (0.94, 0.7)]]
    for before, after in itertools.pairwise(layers):
        for one in before:
            for other in after:
                hand.line([one, other], fade(hand.pale, 0.7), 0.9)
    for layer in layers:
        for point in layer:
            hand.dot(point, 0.07)


_BY_TASK: Final[dict[str, Motif]] = {
    "hands": _hand,
    "faces": _found_face,
    "face-mesh": _mesh,
    "face-description": _found_face,
    "emotion": _feeling,
    "upscale": _larger,
    "edges": _edges,
    "depth": _depth,
    "segments": _segments,
}
_BY_KIND: Final[dict[str, Motif]] = {
    "Poses": _body,
    "Detections": _boxes,
    "Classes": _bars,
    "Mask": _mask,
    "Text": _text,
    "Image": _restyled,
    "Audio": _sound,
    "Number": _numbers,
    "Vector": _numbers,
    "Table": _table,
}


def _by_kind(entry: Entry) -> Motif:
    if entry.family == "generate" and entry.outputs[:1] == ("Image",):
        return _made
    if "Audio" in entry.inputs:
        return _sound
    kinds = (kind.removesuffix("[]") for kind in entry.outputs)
    return next((_BY_KIND[kind] for kind in kinds if kind in _BY_KIND), _network)
