"""How each kind looks on the canvas: a colour *and* a shape, so that nobody needs the colour.

`kind_style(kind)` answers for every kind, also one that a pack invented: those get a style from their name, the same
one every time. Hues are Okabe and Ito's colour-blind-safe set (jfly.uni-koeln.de/color, 2008), lightened or darkened
until they stand out from the palette's canvas; no two kinds share both outline and filling.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.palette import Rgb, colors
from nodeflow.graph import LIST

Hue = Literal["sky", "orange", "green", "yellow", "blue", "red", "pink", "grey"]
Shape = Literal["circle", "square", "diamond", "triangle", "hexagon", "plus", "bar"]


@dataclass(frozen=True, slots=True)
class KindStyle:
    """The hue; the outline of the port; whether it is filled or a ring. `many` is a list of what else it looks like."""

    hue: Hue
    shape: Shape
    filled: bool = True
    many: bool = False

    @property
    def color(self) -> Rgb:
        """Red, green and blue, 0..255, in the palette of now."""
        red, green, blue, _ = getattr(colors, self.hue)
        return red, green, blue


def _polygon(sides: int, turn: float) -> tuple[Point, ...]:
    angles = (turn + 2 * math.pi * i / sides for i in range(sides))
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


OUTLINES: dict[Shape, tuple[Point, ...]] = {
    "circle": (),
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "diamond": _polygon(4, 0),
    "triangle": _polygon(3, 0),
    "hexagon": _polygon(6, 0),
    "plus": (
        *((-0.35, -1.0), (0.35, -1.0), (0.35, -0.35), (1.0, -0.35), (1.0, 0.35), (0.35, 0.35)),
        *((0.35, 1.0), (-0.35, 1.0), (-0.35, 0.35), (-1.0, 0.35), (-1.0, -0.35), (-0.35, -0.35)),
    ),
    "bar": ((-0.5, -1.0), (0.5, -1.0), (0.5, 1.0), (-0.5, 1.0)),
}
"""Each shape's corners about the port's centre, to be scaled by its radius. A circle has none."""

_STYLES: dict[str, KindStyle] = {
    "Image": KindStyle("sky", "circle"),
    "Mask": KindStyle("grey", "circle", filled=False),
    "Detections": KindStyle("orange", "square"),
    "Poses": KindStyle("green", "diamond"),
    "Classes": KindStyle("blue", "square", filled=False),
    "Text": KindStyle("yellow", "bar"),
    "Number": KindStyle("pink", "triangle"),
    "Boolean": KindStyle("red", "triangle", filled=False),
    "Color": KindStyle("red", "hexagon"),
    "Vector": KindStyle("orange", "diamond", filled=False),
    "Audio": KindStyle("pink", "plus"),
    "Table": KindStyle("blue", "bar", filled=False),
    "Tensor": KindStyle("sky", "hexagon", filled=False),
    "Any": KindStyle("grey", "plus", filled=False),
}

_HUES: tuple[Hue, ...] = ("sky", "orange", "green", "yellow", "blue", "red", "pink")


@lru_cache(maxsize=256)
def kind_style(kind: str) -> KindStyle:
    """The style of a kind, known or not."""
    bare = kind
    while bare.endswith(LIST):
        bare = bare.removesuffix(LIST)
    return replace(_style(bare), many=bare != kind)


def _style(kind: str) -> KindStyle:
    known = _STYLES.get(kind)
    if known is not None:
        return known
    number = zlib.crc32(kind.encode())  # not hash(): that changes from run to run
    shapes = tuple(OUTLINES)
    return KindStyle(_HUES[number % len(_HUES)], shapes[number // 7 % len(shapes)], filled=bool(number // 64 % 2))
