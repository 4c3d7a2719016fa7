"""The menus on top of the window: every action, for whoever looks for one. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.commands.menus import MENUS, MenuBar
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.panels.menu import Menu
from nodeflow.editor.ui import Ui, inside

_WIDTH: Final = 330.0


class Menus:
    """A row of words in the container that is open. A press opens the menu of one; while one is open, to point at
    another word opens that, and so do Left and Right."""

    def __init__(self, ui: Ui, bar: MenuBar) -> None:
        self._ui, self._bar = ui, bar
        self._words: dict[str, int] = {}
        self._pressed = ""
        """The word whose menu was closed by the press that is under way."""
        self._pointed = ""
        for menu in MENUS:
            self._words[menu] = ui.button(menu, partial(self._press, menu), ui.themes.word)

    def update(self) -> None:
        """Once per frame."""
        popup = self._ui.popups.now
        if isinstance(popup, _OneMenu):
            pointed = next((menu for menu, item in self._words.items() if dpg.is_item_hovered(item)), "")
            if pointed and pointed not in (self._pointed, popup.title):
                self.open(pointed)
            self._pointed = pointed

    def open(self, menu: str) -> None:
        popup = _OneMenu(self._ui, menu, partial(self._bar.rows, menu), self._beside, self._closed_by)
        self._ui.popups.show(popup, *self._ui.under(self._words[menu], 4.0))

    def _press(self, menu: str) -> None:
        if self._pressed != menu:
            self.open(menu)
        self._pressed = ""

    def _beside(self, menu: str, step: int) -> None:
        self.open(MENUS[(MENUS.index(menu) + step) % len(MENUS)])

    def _closed_by(self, menu: str, at: Point) -> None:
        self._pressed = menu if inside(self._words[menu], at) else ""


class _OneMenu(Menu):
    def __init__(
        self,
        ui: Ui,
        title: str,
        rows: Callable[[], list[Choice]],
        beside: Callable[[str, int], None],
        closed_by: Callable[[str, Point], None],
    ) -> None:
        self.title, self._beside, self._closed_by = title, beside, closed_by
        super().__init__(ui, lambda _query: rows(), _WIDTH)

    def key(self, chord: str) -> bool:
        now = self.rows.now
        folds = now is not None and now.unfolded is (chord == "Left")
        if chord in ("Left", "Right") and not folds and not (chord == "Left" and self.rows.branch() >= 0):
            self._beside(self.title, 1 if chord == "Right" else -1)
            return True
        return super().key(chord)

    def press(self, at: Point) -> None:
        super().press(at)
        if not self.open:
            self._closed_by(self.title, at)
