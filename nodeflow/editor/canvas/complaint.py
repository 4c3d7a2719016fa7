"""What stands under a node that failed: what went wrong, with what, and the ways out. Pure.

    complaint = complaint_of(live.status, face, faces, live.ways)
    way = complaint.way_at(point)           # one of the ways, or None

Measured in world units from the node's own top left corner, like its face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import PAD, STATUS_TEXT, Face
from nodeflow.editor.icons import Icon
from nodeflow.engine.messages import NodeStatus

Way = Literal["sample", "retry", "inspect", "report"]
Tone = Literal["message", "hint", "input"]

WAYS: Final[dict[Way, tuple[str, str]]] = {
    "sample": (Icon.PLAY, "Play a sample"),
    "retry": (Icon.REDO, "Retry"),
    "inspect": (Icon.INFO, "Inspect"),
    "report": (Icon.COPY, "Copy report"),
}
"""The icon and the title of each way out."""
COMMON_WAYS: Final[tuple[Way, ...]] = ("retry", "inspect", "report")
"""Those out of every failure."""
ICON_ROOM: Final = 17.0
BUTTON: Final = 22.0
_LINE: Final = STATUS_TEXT + 3.0
_GAP: Final = 4.0
_WIDTH: Final = 250.0
_MOST: Final[dict[Tone, int]] = {"message": 4, "hint": 2, "input": 2}
"""How many lines of each there may be: the inspector has the rest."""


class Measure(Protocol):
    """How wide texts are: `pen.Faces`."""

    @property
    def text(self) -> int: ...
    def width(self, text: str, font: int, /) -> float: ...
    def wrap(self, text: str, font: int, size: float, room: float, most: int) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Complaint:
    """The ground that it stands on, its lines with their places and tones, and its buttons."""

    ground: Rect
    lines: tuple[tuple[Point, str, Tone], ...]
    buttons: tuple[tuple[Way, Rect], ...]

    def way_at(self, point: Point) -> Way | None:
        """The way out whose button is at a point, given from the node's corner."""
        return next((way for way, rect in self.buttons if rect.contains(point)), None)


def complaint_of(status: NodeStatus, face: Face, faces: Measure, ways: tuple[Way, ...] = COMMON_WAYS) -> Complaint:
    """The complaint of a broken node under its face, with these ways out."""
    top = face.height + 6.0
    width = max(face.width, _WIDTH)
    room = width - 2 * PAD
    texts: tuple[tuple[Tone, str], ...] = (
        ("message", status.message),
        ("hint", status.hint),
        ("input", "  \u00b7  ".join(status.inputs)),
    )
    lines: list[tuple[Point, str, Tone]] = []
    y = top + 7.0
    for tone, text in texts:
        if not text.strip():
            continue
        for line in faces.wrap(text, faces.text, STATUS_TEXT, room, _MOST[tone]):
            lines.append(((PAD, y), line, tone))
            y += _LINE
        y += _GAP
    buttons: list[tuple[Way, Rect]] = []
    x = PAD - 6.0
    for way in ways:
        wide = ICON_ROOM + faces.width(WAYS[way][1], faces.text) * STATUS_TEXT + 12.0
        buttons.append((way, Rect.of(x, y, wide, BUTTON)))
        x += wide + 2.0
    return Complaint(Rect(0.0, top, max(width, x + PAD - 6.0), y + BUTTON + 6.0), tuple(lines), tuple(buttons))
