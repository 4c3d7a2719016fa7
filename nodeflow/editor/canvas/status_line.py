"""The line at the foot of a node: what is said there as far as there is room, and what a call takes at its end. Pure.

line = line_of(live, face.status, faces)
line.words, line.cost, line.cut
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import STATUS_TEXT
from nodeflow.editor.canvas.live import Live

INDENT: Final = 14.0
"""What the mark before the words takes."""
_GAP: Final = 8.0


class Measure(Protocol):
    """How wide texts are: `pen.Faces`."""

    @property
    def text(self) -> int: ...
    def width(self, text: str, font: int, /) -> float: ...
    def fit(self, text: str, font: int, size: float, room: float) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """`cut` tells that there was no room for all the words."""

    words: str
    cost: str
    cut: bool


def line_of(live: Live, row: Rect, faces: Measure) -> Line:
    """What stands in the status row of a node. The time has its room first."""

    def width(text: str) -> float:
        return faces.width(text, faces.text) * STATUS_TEXT

    room = row.width - INDENT - 2.0
    cost = live.cost_beside(room - _GAP, width)
    if cost:
        room -= width(cost) + _GAP
    words = faces.fit(live.words, faces.text, STATUS_TEXT, room)
    return Line(words, cost, words != live.words)
