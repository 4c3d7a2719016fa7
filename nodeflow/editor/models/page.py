"""Where things lie in the library's list. Pure; lengths are logical pixels from the top left corner of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.models.browsing import Section
from nodeflow.editor.models.entries import Entry

PAD: Final = 12.0
HEADING: Final = 34.0
ROW: Final = 66.0
TILE_FOOT: Final = 46.0
"""What a tile has under its picture."""
_TILE_LEAST: Final = 140.0
_GAP: Final = 10.0
_BELOW: Final = 12.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One model in the list."""

    entry: Entry
    rect: Rect
    tile: bool

    @property
    def picture(self) -> Rect:
        rect = self.rect
        if self.tile:
            return Rect(rect.left, rect.top, rect.right, rect.bottom - TILE_FOOT)
        return Rect.of(rect.left + 8.0, rect.top + 8.0, ROW - 16.0, ROW - 16.0)


@dataclass(frozen=True, slots=True)
class Page:
    """`headings` are titles with the point where each begins; `height` is that of all of it."""

    spots: tuple[Spot, ...]
    headings: tuple[tuple[str, Point], ...]
    height: float

    @classmethod
    def of(cls, sections: Sequence[Section], width: float) -> Page:
        spots: list[Spot] = []
        headings: list[tuple[str, Point]] = []
        top = 0.0
        for section in sections:
            headings.append((section.title, (PAD, top + 12.0)))
            top += HEADING
            columns = max(1, int((width - 2 * PAD + _GAP) / (_TILE_LEAST + _GAP))) if section.tiles else 1
            wide = (width - 2 * PAD - (columns - 1) * _GAP) / columns
            high = wide * 0.56 + TILE_FOOT if section.tiles else ROW
            step = high + (_GAP if section.tiles else 0.0)
            for place, entry in enumerate(section.entries):
                row, column = divmod(place, columns)
                rect = Rect.of(PAD + column * (wide + _GAP), top + row * step, wide, high)
                spots.append(Spot(entry, rect, section.tiles))
            top += -(-len(section.entries) // columns) * step
        return cls(tuple(spots), tuple(headings), top + _BELOW)

    def at(self, point: Point) -> int:
        """The place of the model at a point, or -1."""
        return next((place for place, spot in enumerate(self.spots) if spot.rect.contains(point)), -1)

    def beside(self, place: int, dx: int, dy: int) -> int:
        """The model that an arrow leads to from another; from none, the first."""
        if not 0 <= place < len(self.spots):
            return 0 if self.spots else -1
        x, y = self.spots[place].rect.center
        best: tuple[float, int] | None = None
        for other, spot in enumerate(self.spots):
            away = spot.rect.center[0] - x, spot.rect.center[1] - y
            ahead, aside = (away[0] * dx, abs(away[1])) if dx else (away[1] * dy, abs(away[0]))
            if ahead > 1.0 and not (dx and aside > 1.0):
                best = min(best or (ahead + 0.5 * aside, other), (ahead + 0.5 * aside, other))
        return best[1] if best else place
