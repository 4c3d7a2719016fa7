"""The rows of a menu, and which of them is marked. Pure.

rows = Rows([Choice("Edit"), Choice("Undo", undo, note="Ctrl+Z"), ...])
rows.step(1); rows.now.action()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from nodeflow.editor.palette import Rgba

ROW: Final = 30.0
HEADING: Final = 26.0
LINE: Final = 11.0
MOST: Final = 200

_SEARCHED: Final = 12.5 * ROW
"""The most of a list that is searched: what is typed brings up what is wanted. Others show all they have."""
_AROUND, _AROUND_SEARCHED = 72.0, 170.0
"""What lies over and under a list, in its window and beside it: a field to search in, help, some room."""
_LEAST: Final = 3 * ROW


def most_height(room: float, searched: bool) -> float:
    """How high a list may be where a window has so much room, all of what is around it in sight."""
    if searched:
        return max(min(_SEARCHED, room - _AROUND_SEARCHED), _LEAST)
    return max(room - _AROUND, _LEAST)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. Without an `action` it is a heading, and without a title, too, a line between others."""

    title: str
    action: Callable[[], None] | None = None
    note: str = ""
    """At the right end."""
    help: str = ""
    """Under the list, while this is marked."""
    icon: str = ""
    color: Rgba | None = None
    """Of the icon, or of a heading, where it has one of its own."""
    checked: bool = False
    """The value that is set: it has a tick, and the mark begins there."""
    on: bool = False
    """Something that is on: it has a tick."""
    enabled: bool = True
    """Otherwise it is grey and cannot be chosen."""
    level: int = 0
    """How far it is indented."""
    unfolded: bool | None = None
    """Of a branch, whether what hangs on it is listed: its action changes that, and the menu stays. None: no branch."""
    starred: bool | None = None
    star: Callable[[], None] | None = None
    """What a press on its star does, where it has one."""
    about: object = None
    """What it stands for, for a menu that shows more of it."""

    @property
    def height(self) -> float:
        return ROW if self.action else HEADING if self.title else LINE

    @property
    def choosable(self) -> bool:
        return self.action is not None and self.enabled


class Rows:
    """A list of choices, one above the other; lengths are logical pixels from its top."""

    def __init__(self, choices: Sequence[Choice] = ()) -> None:
        self.choices = list(choices)[:MOST]
        self.tops: list[float] = []
        self.height = 0.0
        for choice in self.choices:
            self.tops.append(self.height)
            self.height += choice.height
        self.marked = -1
        checked = next((place for place, choice in enumerate(self.choices) if choice.checked), -1)
        if checked >= 0:
            self.marked = checked
        else:
            self.step(1)

    @property
    def now(self) -> Choice | None:
        """The marked row."""
        return self.choices[self.marked] if self.marked >= 0 else None

    @property
    def span(self) -> tuple[float, float]:
        """Top and bottom of the marked row."""
        choice = self.now
        return (self.tops[self.marked], self.tops[self.marked] + choice.height) if choice else (0.0, 0.0)

    @property
    def spread(self) -> tuple[float, float]:
        """Top and bottom of the marked row with what hangs on it."""
        top, bottom = self.span
        level = self.now.level if self.now else 0
        for choice in self.choices[self.marked + 1 :]:
            if choice.level <= level:
                break
            bottom += choice.height
        return top, bottom

    def step(self, by: int) -> None:
        """Mark the next row that can be chosen, forwards or backwards, round the end."""
        can = [place for place, choice in enumerate(self.choices) if choice.choosable]
        if can:
            before = can.index(self.marked) if self.marked in can else -1 if by > 0 else 0
            self.marked = can[(before + by) % len(can)]

    def mark(self, title: str) -> None:
        """Mark the first row of this title, if there is one that can be chosen."""
        for place, choice in enumerate(self.choices):
            if choice.title == title and choice.choosable:
                self.marked = place
                return

    def jump(self, letter: str) -> bool:
        """Mark the next row whose title begins with a letter, round the end; False if there is none."""
        after = (*range(self.marked + 1, len(self.choices)), *range(self.marked + 1))
        for place in after:
            choice = self.choices[place]
            if choice.choosable and choice.title.casefold().startswith(letter.casefold()):
                self.marked = place
                return True
        return False

    def branch(self) -> int:
        """The row that the marked one hangs on, or -1."""
        level = self.now.level if self.now else 0
        above = range(self.marked - 1, -1, -1)
        return next((place for place in above if self.choices[place].level < level), -1)

    def at(self, y: float) -> int | None:
        """The row at a height, if it can be chosen."""
        for place, (choice, top) in enumerate(zip(self.choices, self.tops, strict=True)):
            if choice.choosable and top <= y < top + choice.height:
                return place
        return None
