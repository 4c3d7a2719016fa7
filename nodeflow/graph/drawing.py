"""What a person drew, as a parameter: strokes on a sheet of paper, in the order in which they were made.

    {"size": [256, 256], "strokes": ["brush #0d3dfb 12 10,20 30.5,40", "rectangle clear 0,0 64,64", "fill #ff0000 5,5"]}

A stroke is a tool, a colour (or "clear", which takes paint away), for the brush its width, and points: where the brush
went, two corners, or where to fill from. Lengths are in pixels of the paper, from its top left corner; points may lie
beside it. A drawing on a picture of another size is stretched to it. `palette` names the colours that it is made with;
only who draws further needs to know. An empty drawing is None, too.

A text a stroke keeps a stroke on one line of the file, and cheap to keep: undo holds hundreds of drawings that share
nearly all of their strokes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, Self

from .problem import clip
from .schema import Json

Point = tuple[float, float]
Tool = Literal["brush", "rectangle", "fill"]

CLEAR: Final = "clear"
"""In place of a colour: what takes paint away."""
MOST_SIDE: Final = 4096
MOST_STROKES: Final = 2000
MOST_LETTERS: Final = 400_000
"""Of all strokes together: some 40,000 points."""
WIDEST: Final = 1024.0
MOST_WORK: Final = 1_000_000_000
"""Pixels that all strokes together may go over: some seconds of work."""
_ROW_WORK: Final = 150
"""What one row of one piece of a brush's way costs, in pixels."""

_NUMBER = r"\d{1,5}(?:\.\d{1,2})?"
_POINT = rf" -?{_NUMBER},-?{_NUMBER}"
_COLOR = r"(#[0-9a-f]{6}|clear)"
_FORMS: Final = {
    "brush": re.compile(rf"brush {_COLOR} ({_NUMBER})((?:{_POINT})+)"),
    "rectangle": re.compile(rf"rectangle {_COLOR}((?:{_POINT}){{2}})"),
    "fill": re.compile(rf"fill {_COLOR}({_POINT})"),
}
_EXAMPLES: Final = {
    "brush": '"brush #ff8800 12 10,20 30.5,40"',
    "rectangle": '"rectangle #ff8800 10,20 30,40"',
    "fill": '"fill #ff8800 10,20"',
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke: `points` in pixels of the paper, edge-based; `width` of a brush."""

    tool: Tool
    color: str
    points: tuple[Point, ...]
    width: float = 0.0

    def __str__(self) -> str:
        points = " ".join(f"{_digits(x)},{_digits(y)}" for x, y in self.points)
        width = f" {_digits(self.width)}" if self.tool == "brush" else ""
        return f"{self.tool} {self.color}{width} {points}"

    @classmethod
    def parse(cls, text: str) -> Stroke:
        """Raises ValueError saying how a stroke is written."""
        return _parsed(text)

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what a brush or a rectangle covers."""
        reach = self.width / 2
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes on a paper of `size`, width and height in pixels."""

    size: tuple[int, int]
    strokes: tuple[str, ...] = ()
    palette: str = ""

    @classmethod
    def read(cls, value: Json, size: tuple[int, int] = (256, 256)) -> Drawing:
        """A parameter's value; None is an empty paper of `size`. Raises ValueError saying what is wrong with it."""
        if value is None:
            return cls(size)
        if not isinstance(value, Mapping) or not value.keys() <= {"size", "strokes", "palette"}:
            raise ValueError("must be a drawing, an object with a size and strokes")
        return cls(_size(value.get("size")), _strokes(value.get("strokes", ())), _palette(value.get("palette", "")))

    def json(self) -> Json:
        """As `read` takes it."""
        value: dict[str, Json] = {"size": self.size, "strokes": self.strokes}
        return value | ({"palette": self.palette} if self.palette else {})

    def fault(self) -> str:
        """What keeps it from being drawn at its own size; "" if nothing does."""
        work = self.work(self.size)
        if work > MOST_WORK:
            return f"must be less to draw: its strokes go over {work / 1e6:,.0f} million pixels"
        return ""

    def with_stroke(self, stroke: Stroke) -> Self:
        """With one more stroke over the others."""
        return replace(self, strokes=(*self.strokes, str(stroke)))

    def work(self, size: tuple[int, int]) -> float:
        """How many pixels the strokes go over at a size, at most."""
        width, height = self.size
        share = sum(_work(text, self.size) for text in self.strokes)
        return share / (width * height) * size[0] * size[1]


def drawing_fault(value: Json) -> str:
    """What is wrong with a value as a drawing, such as "must be ..."; "" if nothing is."""
    try:
        return Drawing.read(value).fault()
    except ValueError as error:
        return str(error)


def _size(value: Json | None) -> tuple[int, int]:
    match value:
        case [int() as width, int() as height] if bool not in (type(width), type(height)):
            if 1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE:
                return width, height
    raise ValueError(f"must have a size of two whole numbers from 1 to {MOST_SIDE}, such as [256, 256]")


def _palette(value: Json) -> str:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("must have a palette that is a short name")
    return value


def _strokes(value: Json) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError("must have strokes that are a list of texts")
    if len(value) > MOST_STROKES:
        raise ValueError(f"must have {MOST_STROKES:,} strokes at most, not {len(value):,}")
    strokes = tuple(text for text in value if isinstance(text, str))
    if len(strokes) < len(value):
        raise ValueError("must have strokes that are a list of texts")
    if sum(map(len, strokes)) > MOST_LETTERS:
        raise ValueError(f"must have strokes of {MOST_LETTERS:,} letters at most in all")
    for place, text in enumerate(strokes):
        try:
            Stroke.parse(text)
        except ValueError as error:
            raise ValueError(f"must have strokes that can be drawn, and strokes[{place}] {error}") from None
    return strokes


@lru_cache(maxsize=2 * MOST_STROKES)
def _parsed(text: str) -> Stroke:
    tool = text.partition(" ")[0]
    form = _FORMS.get(tool)
    if form is None:
        raise ValueError(f'is of no tool: "{clip(text, 40)}"; it begins with {", ".join(_FORMS)}')
    found = form.fullmatch(text)
    if found is None:
        raise ValueError(f'is "{clip(text, 60)}", and not written like {_EXAMPLES[tool]}')
    color, *width, points = found.groups()
    wide = float(width[0]) if width else 0.0
    if width and not 0.0 < wide <= WIDEST:
        raise ValueError(f"is {wide:g} pixels wide, and a brush has more than 0 and at most {WIDEST:g}")
    pairs = [pair.partition(",") for pair in points.split()]
    return Stroke(tool, color, tuple([(float(x), float(y)) for x, _, y in pairs]), wide)  # type: ignore[arg-type]


@lru_cache(maxsize=2 * MOST_STROKES)
def _work(text: str, size: tuple[int, int]) -> float:
    """What a stroke costs: the pixels of the paper within its bounds, and for a brush the rows of its way."""
    stroke, (width, height) = Stroke.parse(text), size
    if stroke.tool == "fill":
        return 2.0 * width * height
    left, top, right, bottom = stroke.bounds()
    inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    rows = sum(min(height, abs(y - v) + stroke.width) for (_, y), (_, v) in pairwise(stroke.points))
    return inside + _ROW_WORK * (rows + stroke.width) * (stroke.tool == "brush")


def _digits(value: float) -> str:
    """Two decimals at most, and none where they are 0. What is beyond what a stroke may hold is brought back."""
    if not math.isfinite(value):
        raise ValueError("a point of a stroke is a finite number")
    text = f"{min(max(value, -99999.0), 99999.0):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
