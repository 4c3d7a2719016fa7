"""What the panels beside the canvas take of the window: the library at the left, viewer and inspector at the right.

    place = SidePlace(memory)
    library, side = place.shared(width, library=336.0)

The canvas comes first. Where there is too little room for it beside both, the right side folds while the library is
open, and is back when that closes. All lengths are logical pixels. Pure.
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.settings.kept import Kept
from nodeflow.editor.settings.memory import Memory

WIDTH: Final = 356.0
LEAST: Final = 280.0
_MOST: Final = 900.0
_SHARE: Final = 0.36
"""Of the window, as long as nobody has pulled the edge."""
_CANVAS: Final = 320.0
"""What is left for the canvas in any case."""
_FIELD: Final = "side panel"


class SidePlace:
    """Whether the right side is there and how wide, as it was left. `width` is 0 while nobody has chosen one."""

    def __init__(self, memory: Memory) -> None:
        self._kept = Kept(memory, _FIELD)
        self.open = self._kept.is_open(usual=True)
        self.width = self._kept.length("width", LEAST, _MOST) or 0.0

    def shared(self, window: float, library: float) -> tuple[float, float]:
        """The widths of a library that wants `library` (0: it is closed), and of the right side; 0 is folded."""
        side = self.width or min(WIDTH, max(LEAST, _SHARE * window))
        side = min(side, max(LEAST, window - _CANVAS)) if self.open else 0.0
        if not library:
            return 0.0, side
        if window - side - LEAST < _CANVAS:
            side = 0.0
        return min(library, max(LEAST, window - side - _CANVAS)), side

    def pull(self, width: float) -> None:
        """Make it that wide while its edge is dragged; `keep` remembers it."""
        self.width = min(max(width, LEAST), _MOST)

    def keep(self) -> None:
        self._kept.keep(open=self.open, width=round(self.width))

    def toggle(self) -> None:
        """Show it or hide it."""
        self.open = not self.open
        self.keep()
