"""The place for what floats over the window: one thing at most, which has mouse and keys. GUI thread only.

What there may be, and how it looks, is in panels/popup.py.
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.editor.canvas.geometry import Point


class Floating(Protocol):
    """What the window does with a popup. `holds`: only its answer ends it."""

    @property
    def open(self) -> bool: ...
    @property
    def holds(self) -> bool: ...
    def place(self, x: float, y: float) -> None: ...
    def center(self) -> None: ...
    def update(self) -> None: ...
    def press(self, at: Point) -> None: ...
    def key(self, chord: str) -> bool: ...
    def close(self) -> None: ...


class Popups:
    """Holds the one popup that may be open."""

    def __init__(self) -> None:
        self._now: Floating | None = None

    @property
    def now(self) -> Floating | None:
        if self._now is not None and not self._now.open:
            self._now = None
        return self._now

    def show(self, popup: Floating, x: float, y: float) -> None:
        """Show it in place of what is open, with its corner at a point in window pixels."""
        self._take(popup)
        popup.place(x, y)

    def show_centered(self, popup: Floating) -> None:
        self._take(popup)
        popup.center()

    def _take(self, popup: Floating) -> None:
        if self.now is not None:
            self.now.close()
        self._now = popup
