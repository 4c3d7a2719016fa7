"""How each kind looks on the canvas: a colour *and* a shape, so that nobody needs the colour.

`kind_style(kind)` answers for every kind, also one that a pack invented: those get a style from their name, the same
one every time. Colours are Okabe and Ito's colour-blind-safe set (jfly.uni-koeln.de/color, 2008), lightened where the
dark canvas asks for it; no two kinds share both outline and filling.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Literal

from nodeflow.editor.canvas.geometry import Point

Rgb = tuple[int, int, int]
Shape = Literal["circle", "square", "diamond", "triangle", "hexagon", "plus", "bar"]


@dataclass(frozen=True, slots=True)
class KindStyle:
    """Colour 0..255; the outline of the port; whether it is filled or a ring."""

    color: Rgb
    shape: Shape
    filled: bool = True


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

_SKY: Rgb = (86, 180, 233)
_ORANGE: Rgb = (230, 159, 0)
_GREEN: Rgb = (0, 178, 130)
_YELLOW: Rgb = (240, 228, 66)
_BLUE: Rgb = (86, 140, 255)
_RED: Rgb = (232, 108, 32)
_PINK: Rgb = (214, 134, 178)
_GREY: Rgb = (190, 190, 190)

_STYLES: dict[str, KindStyle] = {
    "Image": KindStyle(_SKY, "circle"),
    "Mask": KindStyle(_GREY, "circle", filled=False),
    "Detections": KindStyle(_ORANGE, "square"),
    "Poses": KindStyle(_GREEN, "diamond"),
    "Classes": KindStyle(_BLUE, "square", filled=False),
    "Text": KindStyle(_YELLOW, "bar"),
    "Number": KindStyle(_PINK, "triangle"),
    "Boolean": KindStyle(_RED, "triangle", filled=False),
    "Color": KindStyle(_RED, "hexagon"),
    "Vector": KindStyle(_ORANGE, "diamond", filled=False),
    "Audio": KindStyle(_PINK, "plus"),
    "Table": KindStyle(_BLUE, "bar", filled=False),
    "Tensor": KindStyle(_SKY, "hexagon", filled=False),
    "Any": KindStyle(_GREY, "plus", filled=False),
}

_PALETTE = (_SKY, _ORANGE, _GREEN, _YELLOW, _BLUE, _RED, _PINK)


def kind_style(kind: str) -> KindStyle:
    """The style of a kind, known or not."""
    known = _STYLES.get(kind)
    if known is not None:
        return known
    number = zlib.crc32(kind.encode())  # not hash(): that changes from run to run
    shapes = tuple(OUTLINES)
    return KindStyle(_PALETTE[number % len(_PALETTE)], shapes[number // 7 % len(shapes)], filled=bool(number // 64 % 2))
