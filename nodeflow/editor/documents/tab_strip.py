"""Where the tabs of the open graphs lie, and what is under the pointer. Pure; lengths are logical pixels.

Tabs are as wide as their names. Where they do not fit, the widest become narrower; where even that is not enough, the
strip is shifted so that the tab in front can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nodeflow.editor.canvas.geometry import Point, Rect

HEIGHT = 34.0
_LEAST, _MOST = 80.0, 260.0
_AROUND = 80.0
"""What a tab holds beside its name: the state at its left, the cross at its right."""
_CROSS = 20.0
_PLUS = 34.0

Part = Literal["tab", "cross", "plus", "empty"]


@dataclass(frozen=True, slots=True)
class Strip:
    """The tabs in order, and the button behind them that opens another."""

    tabs: tuple[Rect, ...]
    plus: Rect

    @classmethod
    def of(cls, names: Sequence[float], front: int, room: float) -> Strip:
        """`names` are the widths of the names, `front` is the place of the tab in front."""
        wanted = [min(max(name + _AROUND, _LEAST), _MOST) for name in names]
        widths = _squeezed(wanted, room - _PLUS)
        rights = [sum(widths[: place + 1]) for place in range(len(widths))]
        shift = max(0.0, rights[front] - (room - _PLUS))
        tabs = tuple(
            Rect(right - width - shift, 0.0, right - shift, HEIGHT) for right, width in zip(rights, widths, strict=True)
        )
        plus = min(tabs[-1].right, room - _PLUS)
        return cls(tabs, Rect(plus, 0.0, plus + _PLUS, HEIGHT))

    def cross(self, place: int) -> Rect:
        """Where a tab is closed."""
        tab = self.tabs[place]
        return Rect.of(tab.right - _CROSS - 7.0, (HEIGHT - _CROSS) / 2, _CROSS, _CROSS)

    def hit(self, at: Point) -> tuple[Part, int]:
        """What is under a point, and the place of its tab, or -1."""
        if self.plus.contains(at):
            return "plus", -1
        for place, tab in enumerate(self.tabs):
            if tab.contains(at):
                return ("cross" if self.cross(place).contains(at) else "tab"), place
        return "empty", -1

    def landing(self, place: int, x: float) -> int:
        """Where the tab that is dragged from `place` belongs while the pointer is at `x`: past every tab whose middle
        the pointer has passed."""
        while place + 1 < len(self.tabs) and x > self.tabs[place + 1].center[0]:
            place += 1
        while place > 0 and x < self.tabs[place - 1].center[0]:
            place -= 1
        return place


def _squeezed(wanted: Sequence[float], room: float) -> list[float]:
    """The widths, the widest cut to one common width so that all fit into `room`, if they can."""
    left, cap = room, _MOST
    for done, width in enumerate(sorted(wanted)):
        cap = left / (len(wanted) - done)
        if width > cap:
            break
        left -= width
    else:
        return list(wanted)
    return [min(width, max(cap, _LEAST)) for width in wanted]
