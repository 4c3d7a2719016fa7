"""Where things lie on the start screen, and how arrows move over it. Pure; lengths are logical pixels.

At the left what can be done and the recent files, at the right the templates as cards, which scroll. On a first run,
when there are no recent files, the first template is shown large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nodeflow.editor.canvas.geometry import Point, Rect

HEAD = 112.0
"""The height of the name of the program."""
ROW = 40.0
HEADING = 46.0
_MARGIN, _GAP = 48.0, 56.0
_NARROW = 1000.0
"""Windows below this width have less air beside and between the columns."""
_LEFT = 300.0
_MOST = 1320.0
_CARD_LEAST = 252.0
_BETWEEN = 20.0
CARD_FOOT = 78.0
"""What a card has under its picture."""
_LARGE = 250.0
_WORDS = 250.0
"""The least width of what is beside the large picture."""


@dataclass(frozen=True, slots=True)
class Page:
    """`actions` and `recent` are on the page; `cards` in `room`, the part that scrolls, from its own top left corner.

    With `large`, the first card lies across all columns, its picture at the left. `recent_title` and `cards_title` are
    where these headings stand.
    """

    actions: tuple[Rect, ...]
    recent: tuple[Rect, ...]
    recent_title: Point
    room: Rect
    cards: tuple[Rect, ...]
    cards_title: Point
    height: float
    """Of what scrolls."""
    large: bool

    @classmethod
    def of(cls, size: Point, actions: int, recent: int, cards: int, large: bool) -> Page:
        """The page for a window of `size`."""
        width, height = size
        margin, gap = (_MARGIN, _GAP) if width >= _NARROW else (_MARGIN / 3, _GAP / 2)
        whole = min(width - 2 * margin, _MOST)
        left = (width - whole) / 2
        acts = _rows(left, HEAD, actions)
        files_top = HEAD + actions * ROW + HEADING
        fitting = max(0, min(recent, int((height - files_top - 16.0) / ROW)))
        room = Rect(left + _LEFT + gap, HEAD - HEADING, left + whole, height)
        placed, bottom = _cards(room.width, cards, large)
        return cls(
            acts,
            _rows(left, files_top, fitting),
            (left + 12.0, files_top - 24.0),
            room,
            placed,
            (0.0, 14.0),
            bottom,
            large,
        )

    def picture(self, place: int) -> Rect:
        """Where the picture of a card is."""
        card = self.cards[place]
        if self.large and place == 0:
            return Rect(
                card.left,
                card.top,
                max(card.left, min(card.left + card.width * 0.58, card.right - _WORDS)),
                card.bottom,
            )
        return Rect(card.left, card.top, card.right, card.bottom - CARD_FOOT)

    @property
    def spots(self) -> tuple[Rect, ...]:
        """Everything that can be chosen, as if nothing had been scrolled: actions, recent files, cards."""
        cards = (card.moved(self.room.left, self.room.top) for card in self.cards)
        return (*self.actions, *self.recent, *cards)


def beside(spots: Sequence[Rect], now: int, dx: int, dy: int) -> int:
    """The spot that an arrow leads to: the nearest one in its direction, straight ahead before aside."""
    here = spots[now].center
    best: tuple[float, int] | None = None
    for place, spot in enumerate(spots):
        x, y = spot.center[0] - here[0], spot.center[1] - here[1]
        ahead, aside = (x * dx, abs(y)) if dx else (y * dy, abs(x))
        if place != now and ahead > 1.0:
            found = (ahead + 2.0 * aside, place)
            best = found if best is None else min(best, found)
    return best[1] if best else now


def _rows(left: float, top: float, count: int) -> tuple[Rect, ...]:
    return tuple(Rect.of(left, top + place * ROW, _LEFT, ROW) for place in range(count))


def _cards(width: float, count: int, large: bool) -> tuple[tuple[Rect, ...], float]:
    """The cards in rows, and where they end."""
    columns = max(1, int((width + _BETWEEN) / (_CARD_LEAST + _BETWEEN)))
    wide = (width - (columns - 1) * _BETWEEN) / columns
    high = wide * 0.52 + CARD_FOOT
    cards: list[Rect] = []
    top = HEADING
    if large and count:
        cards.append(Rect.of(0.0, top, width, _LARGE))
        top += _LARGE + _BETWEEN
    for place in range(count - len(cards)):
        row, column = divmod(place, columns)
        cards.append(Rect.of(column * (wide + _BETWEEN), top + row * (high + _BETWEEN), wide, high))
    return tuple(cards), (cards[-1].bottom if cards else top) + 28.0
