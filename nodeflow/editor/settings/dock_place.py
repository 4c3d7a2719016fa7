"""Whether the panel under the canvas is there, with which tab and how high, as it was left. Pure.

place = DockPlace(memory); place.change(open=True, tab="log")
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.settings.memory import Memory

LEAST: Final = 120.0
_MOST: Final = 2000.0
_FIELD: Final = "bottom panel"


class DockPlace:
    """`tab` is a name that may be of no tab there is; `height` in logical pixels, `LEAST` or more."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        kept = memory.value(_FIELD)
        said = kept if isinstance(kept, dict) else {}
        height, tab = said.get("height"), said.get("tab")
        self.open = said.get("open") is True
        self.tab = tab if isinstance(tab, str) else ""
        self.height = 240.0
        if isinstance(height, int | float) and not isinstance(height, bool):
            self.height = self._bounded(height)

    def change(self, *, open: bool | None = None, tab: str | None = None, height: float | None = None) -> None:  # noqa: A002
        """Put some of it into force, and remember all."""
        self.open = self.open if open is None else open
        self.tab = self.tab if tab is None else tab
        self.height = self.height if height is None else self._bounded(height)
        self._memory.keep(_FIELD, {"open": self.open, "tab": self.tab, "height": round(self.height)})

    @staticmethod
    def _bounded(height: float) -> float:
        return min(max(float(height), LEAST), _MOST) if height == height else LEAST
