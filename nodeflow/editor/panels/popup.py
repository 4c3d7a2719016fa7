"""Something that floats over the window until it is used or left: menus, fields, questions.

At most one is open (`ui.popups`). It closes by a press outside it, by Escape, or by itself; a question closes only by
its answer. GUI thread only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.ui import Ui, inside

_TABS: Final = {"Tab": 1, "Shift+Tab": -1}
_MARGIN: Final = 8.0
_LEAST: Final = 60.0
"""The height of a part that scrolls, however small the window is."""
_GONE: Final = 2
"""Frames after which a question that was answered is gone for Dear ImGui, too. One that is shown before, in its place,
goes with it: nobody would see it, and it would hold the window."""


class Popup:
    """A floating window. Make it, fill it with `with popup.window:`, then show it: `ui.popups.show(popup, x, y)`."""

    def __init__(self, ui: Ui, width: float, holds: bool = False) -> None:
        """With `holds`, only `close` ends it and the rest of the window is out of reach."""
        self.ui = ui
        self.holds = holds
        self.open = True
        self.on_tab: Callable[[int], None] | None = None
        """What to open when Tab (1) or Shift+Tab (-1) takes what is chosen here and goes on."""
        self._at: Point | None = None
        self._shown_in = _GONE if holds else 0
        """The frames until it is shown."""
        self.window = int(
            dpg.add_window(
                width=ui.px(width), no_title_bar=True, no_resize=True, no_move=True, no_collapse=True, autosize=True,
                no_saved_settings=True, min_size=(ui.px(width), 10), modal=holds, no_scrollbar=True,
                show=not holds,
            )
        )  # fmt: skip
        dpg.bind_item_theme(self.window, ui.themes.floating)

    @property
    def shown(self) -> bool:
        """Whether it is on the screen, and can have the keyboard."""
        return not self._shown_in

    @staticmethod
    def room(ui: Ui) -> Point:
        """How wide and high one can be and still be seen whole, in logical pixels."""
        width, height = dpg.get_viewport_client_width(), dpg.get_viewport_client_height()
        return width / ui.scale - 2 * _MARGIN, height / ui.scale - 2 * _MARGIN

    def place(self, x: float, y: float) -> None:
        """Put the top left corner at a point in window pixels, or where all of it can be seen."""
        self._at = (x, y)
        self.settle()

    def center(self) -> None:
        self._at = None
        self.settle()

    def settle(self) -> None:
        """Keep within the window; its size is known one frame after it was filled."""
        width, height = dpg.get_item_rect_size(self.window)
        room = dpg.get_viewport_client_width(), dpg.get_viewport_client_height()
        margin = self.ui.px(_MARGIN)
        if self._at is None:
            x, y = (room[0] - width) / 2, (room[1] - height) * 0.4
        else:
            x = max(margin, min(self._at[0], room[0] - width - margin))
            y = max(margin, min(self._at[1], room[1] - height - margin))
        dpg.set_item_pos(self.window, [round(x), round(y)])

    def fit(self, view: int, content: int, most: float = math.inf) -> None:
        """Make a child window as high as what is in it, at `most` logical pixels, where all around it stays in sight;
        then it scrolls. Once per frame: sizes are known one frame after something was filled."""
        whole, shown, wanted = (int(dpg.get_item_rect_size(item)[1]) for item in (self.window, view, content))
        if whole and wanted:
            room = self.ui.px(self.room(self.ui)[1]) - (whole - shown)
            height = round(max(min(wanted, room, most * self.ui.scale), self.ui.px(_LEAST)))
            if height != dpg.get_item_height(view):
                dpg.configure_item(view, height=height)

    def update(self) -> None:
        """Once per frame."""
        if self._shown_in:
            self._shown_in -= 1
            dpg.configure_item(self.window, show=not self._shown_in)
        self.settle()

    def key(self, chord: str) -> bool:
        """A key was pressed while this is open; False if it means nothing here."""
        if chord == "Escape":
            self.close()
            return True
        if self.on_tab is not None and chord in _TABS:
            self.finish()
            self.close()
            self.on_tab(_TABS[chord])
            return True
        return False

    def finish(self) -> None:
        """Take what is typed or marked, and close."""
        self.close()

    def press(self, at: Point) -> None:
        """A mouse button went down somewhere."""
        if not self.holds and not inside(self.window, at):
            self.close()

    def close(self) -> None:
        if self.open:
            self.open = False
            dpg.delete_item(self.window)
