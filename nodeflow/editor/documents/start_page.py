"""Where things lie on the start screen, and how arrows move over it. Pure; lengths are logical pixels.

At the left what can be done and the recent files, at the right the templates as cards under headings, which scroll.
Over them stand the search field and the groups that one may choose, as chips: beside the field, or under it where there
is no room. On a first run, when there are no recent files, the first template is shown large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nodeflow.editor.canvas.geometry import Point, Rect

HEAD = 112.0
"""The height of the name of the program."""
ROW = 40.0
HEADING = 42.0
CHIP = 26.0
_TOP = 30.0
"""Where the search field stands."""
_FIELD, _FIELD_WIDE = 28.0, 260.0
_MARGIN, _GAP = 48.0, 56.0
_NARROW = 1000.0
"""Windows below this width have less air beside and between the columns."""
_LEFT = 300.0
_MOST = 1320.0
_CARD_LEAST, _CARD_SMALL = 252.0, 176.0
"""How wide a card is at least; the second where only one of the first would find room."""
_BETWEEN = 20.0
_CHIPS_APART = 6.0
CARD_FOOT = 78.0
"""What a card has under its picture."""
_LARGE = 250.0
_WORDS = 250.0
"""The least width of what is beside the large picture."""


@dataclass(frozen=True, slots=True)
class Page:
    """`actions`, `recent`, `search` and `chips` are on the page; `cards` in `room`, the part that scrolls, from its own
    top left corner, and so are `headings`, one for each group of cards.

    With `large`, the first card lies across all columns, its picture at the left. `recent_title` is where that heading
    stands.
    """

    actions: tuple[Rect, ...]
    recent: tuple[Rect, ...]
    recent_title: Point
    search: Rect
    chips: tuple[Rect, ...]
    room: Rect
    cards: tuple[Rect, ...]
    headings: tuple[Point, ...]
    height: float
    """Of what scrolls."""
    large: bool

    @classmethod
    def of(
        cls, size: Point, actions: int, recent: int, chips: Sequence[float], groups: Sequence[int], large: bool
    ) -> Page:
        """The page for a window of `size`. `chips` are their widths, `groups` how many cards each has; with `large`,
        the first has one."""
        width, height = size
        margin, gap = (_MARGIN, _GAP) if width >= _NARROW else (_MARGIN / 3, _GAP / 2)
        whole = min(width - 2 * margin, _MOST)
        left = (width - whole) / 2
        acts = _rows(left, HEAD, actions)
        files_top = HEAD + actions * ROW + HEADING
        fitting = max(0, min(recent, int((height - files_top - 16.0) / ROW)))
        begin, end = left + _LEFT + gap, left + whole
        search = Rect.of(begin, _TOP, min(_FIELD_WIDE, end - begin), _FIELD)
        placed_chips = _chips(search, end, chips)
        top = max([search.bottom, *(chip.bottom for chip in placed_chips)]) + 6.0
        room = Rect(begin, top, end, max(height, top + 50.0))
        cards, headings, bottom = _cards(room.width, groups, large)
        return cls(
            acts,
            _rows(left, files_top, fitting),
            (left + 12.0, files_top - 24.0),
            search,
            placed_chips,
            room,
            cards,
            headings,
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
        """Everything that can be chosen, as if nothing had been scrolled: actions, recent files, chips, cards."""
        cards = (card.moved(self.room.left, self.room.top) for card in self.cards)
        return (*self.actions, *self.recent, *self.chips, *cards)

    def next_part(self, now: int, by: int) -> int:
        """Where Tab leads to from a spot: to the first one of the next part, or, round the end, to none (-1), which is
        the search field. The chips come first and the recent files last."""
        sizes = len(self.actions), len(self.recent), len(self.chips), len(self.cards)
        begins = [sum(sizes[:part]) for part in range(4)]
        ring = [-1, *(begins[part] for part in (2, 3, 0, 1) if sizes[part])]
        here = max((begin for begin in ring if begin <= now), default=-1)
        return ring[(ring.index(here) + by) % len(ring)]


def beside(spots: Sequence[Rect], now: int, dx: int, dy: int) -> int:
    """The spot that an arrow leads to: the nearest one that is wholly in its direction, straight ahead before aside."""
    here = spots[now]
    best: tuple[float, int] | None = None
    for place, spot in enumerate(spots):
        x, y = spot.center[0] - here.center[0], spot.center[1] - here.center[1]
        if dx:
            ahead, aside = spot.left - here.right if dx > 0 else here.left - spot.right, abs(y)
        else:
            ahead, aside = spot.top - here.bottom if dy > 0 else here.top - spot.bottom, abs(x)
        if place != now and ahead > -1.0:
            found = (ahead + 2.0 * aside, place)
            best = found if best is None else min(best, found)
    return best[1] if best else now


def _rows(left: float, top: float, count: int) -> tuple[Rect, ...]:
    return tuple(Rect.of(left, top + place * ROW, _LEFT, ROW) for place in range(count))


def _chips(search: Rect, end: float, widths: Sequence[float]) -> tuple[Rect, ...]:
    """The chips in a row beside the search field, or in rows under it."""
    chips: list[Rect] = []
    together = sum(widths) + _CHIPS_APART * (len(widths) - 1)
    x, y = search.right + 2 * _CHIPS_APART, search.center[1] - CHIP / 2
    if x + together > end:
        x, y = search.left, search.bottom + 10.0
    for width in widths:
        if x > search.left and x + width > end:
            x, y = search.left, y + CHIP + _CHIPS_APART
        chips.append(Rect.of(x, y, min(width, end - x), CHIP))
        x += width + _CHIPS_APART
    return tuple(chips)


def _cards(width: float, groups: Sequence[int], large: bool) -> tuple[tuple[Rect, ...], tuple[Point, ...], float]:
    """The cards in rows, the headings over them, and where all ends."""
    least = _CARD_LEAST if width >= 2 * _CARD_LEAST + _BETWEEN else _CARD_SMALL
    columns = max(1, int((width + _BETWEEN) / (least + _BETWEEN)))
    wide = (width - (columns - 1) * _BETWEEN) / columns
    high = wide * 0.52 + CARD_FOOT
    cards: list[Rect] = []
    headings: list[Point] = []
    top = 0.0
    for group, count in enumerate(groups):
        headings.append((0.0, top + 14.0))
        top += HEADING
        if large and group == 0:
            cards.append(Rect.of(0.0, top, width, _LARGE))
            top += _LARGE + _BETWEEN
            continue
        for place in range(count):
            row, column = divmod(place, columns)
            cards.append(Rect.of(column * (wide + _BETWEEN), top + row * (high + _BETWEEN), wide, high))
        top += -(-count // columns) * (high + _BETWEEN)
    return tuple(cards), tuple(headings), max(top, HEADING) + 8.0
