"""Whether the panel under the canvas is there, with which tab and how high, as it was left. Pure.

place = DockPlace(memory); place.change(open=True, tab="log")
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.settings.kept import Kept
from nodeflow.editor.settings.memory import Memory

LEAST: Final = 120.0
_USUAL, _MOST = 240.0, 2000.0
_FIELD: Final = "bottom panel"


class DockPlace:
    """`tab` is a name that may be of no tab there is; `height` in logical pixels, `LEAST` or more."""

    def __init__(self, memory: Memory) -> None:
        self._kept = Kept(memory, _FIELD)
        self.open = self._kept.is_open(usual=False)
        self.tab = self._kept.text("tab")
        self.height = self._kept.length("height", LEAST, _MOST) or _USUAL

    def change(self, *, open: bool | None = None, tab: str | None = None, height: float | None = None) -> None:  # noqa: A002
        """Put some of it into force, and remember all."""
        self.open = self.open if open is None else open
        self.tab = self.tab if tab is None else tab
        self.height = self.height if height is None else min(max(height, LEAST), _MOST)
        self._kept.keep(open=self.open, tab=self.tab, height=round(self.height))
