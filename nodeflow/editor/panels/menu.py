"""A list to choose from, with a search field on top where there is much to choose: the add menu, choices, actions.

Arrows move, Enter chooses, Escape leaves; so do pointer and wheel. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.palette import CLEAR, Rgba, colors
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui, mouse_at

_ROW: Final = 30.0
_HEADING: Final = 26.0
_MOST: Final = 120
_MOST_HEIGHT: Final = 11.5 * _ROW
_PAD: Final = 14.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. Without an `action` it is a heading. `note` stands at its right, `help` under the list."""

    title: str
    action: Callable[[], None] | None = None
    note: str = ""
    help: str = ""
    icon: str = ""
    color: Rgba | None = None
    """Of the icon, where it has one of its own."""
    checked: bool = False

    @property
    def height(self) -> float:
        return _ROW if self.action else _HEADING


class Menu(Popup):
    """`find` gives the rows for what is typed, and again whenever `news` is another object than before.

    `hint` is the text of the empty search field; "" means that there is none.
    """

    def __init__(
        self,
        ui: Ui,
        find: Callable[[str], Sequence[Choice]],
        width: float = 320.0,
        hint: str = "",
        news: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(ui, width)
        self._find, self._width = find, width
        self._news = news
        self._known: object = news() if news else None
        self._rows: list[Choice] = []
        self._tops: list[float] = []
        self._row = -1
        self._fresh = 3
        self._field = 0
        self._mouse: Point = (0.0, 0.0)
        inner = width - 2 * _PAD
        with dpg.group(parent=self.window):
            if hint:
                self._field = int(dpg.add_input_text(hint=hint, width=ui.px(inner), callback=self._type))
                ui.gap(2)
            self._view = int(dpg.add_child_window(width=ui.px(inner), height=10))
            self._list = int(dpg.add_drawlist(ui.px(inner), 10, parent=self._view))
            self._help = ui.text("", ui.themes.faint, ui.fonts.small, wrap=inner) if hint else 0
        self._search("")

    def update(self) -> None:
        super().update()
        if self._fresh:
            self._fresh -= 1
            if self._field:
                dpg.focus_item(self._field)
        if self._news and self._news() is not self._known:
            self._known = self._news()
            self._search(dpg.get_value(self._field) if self._field else "")
        mouse = mouse_at()
        if mouse != self._mouse:
            self._mouse = mouse
            row = self._row_under(mouse)
            if row is not None:
                self._mark(row, scroll=False)

    def key(self, chord: str) -> bool:
        steps = {"Down": 1, "Up": -1, "Ctrl+N": 1, "Ctrl+P": -1, "Tab": 1, "Shift+Tab": -1}
        if chord in steps:
            self._move(steps[chord])
            return True
        if chord == "Enter":
            self._choose(self._row)
            return True
        return super().key(chord)

    def press(self, at: Point) -> None:
        row = self._row_under(at)
        if row is None:
            super().press(at)
        else:
            self._choose(row)

    def _type(self, _sender: int, text: str) -> None:
        if self.open:  # a letter may still be on its way when it closes
            self._search(text)

    def _search(self, text: str) -> None:
        self._rows = list(self._find(text))[:_MOST]
        self._tops, top = [], 0.0
        for row in self._rows:
            self._tops.append(top)
            top += row.height
        height = self.ui.px(max(top, _ROW))
        dpg.configure_item(self._list, height=height)
        dpg.configure_item(self._view, height=min(height, self.ui.px(_MOST_HEIGHT)))
        dpg.set_y_scroll(self._view, 0.0)
        self._draw()
        checked = next((place for place, row in enumerate(self._rows) if row.checked), -1)
        self._row = -1
        if checked >= 0:
            self._mark(checked)
        else:
            self._move(1)

    def _draw(self) -> None:
        ui, faces = self.ui, self.ui.faces
        dpg.delete_item(self._list, children_only=True)
        width = ui.px(self._width - 2 * _PAD)
        self._bar = dpg.draw_rectangle(
            (0, 0), (0, 0), parent=self._list, fill=colors.field_hover, color=CLEAR, rounding=5
        )
        if not self._rows:
            self._write((ui.px(8), ui.px(7)), "Nothing matches", colors.text_faint, 14.0)
        for row, top in zip(self._rows, self._tops, strict=True):
            y = ui.px(top)
            if row.action is None:
                self._write((ui.px(8), y + ui.px(9)), row.title, colors.text_faint, 12.0, ui.fonts.medium)
                continue
            left = ui.px(10)
            if row.icon:
                self._write((left, y + ui.px(9)), row.icon, row.color or colors.text_dim, 12.0, ui.fonts.icons)
                left += ui.px(22)
            note = faces.fit(row.note, ui.fonts.text, ui.px(13), width * 0.6)
            note_width = faces.width(note, ui.fonts.text) * ui.px(13)
            room = width - left - note_width - ui.px(24)
            title = faces.fit(row.title, ui.fonts.text, ui.px(15), room)
            self._write((left, y + ui.px(7)), title, colors.text, 15.0)
            self._write((width - note_width - ui.px(10), y + ui.px(8)), note, colors.text_faint, 13.0)

    def _write(self, at: Point, text: str, color: Rgba, size: float, font: int = 0) -> None:
        item = dpg.draw_text(at, text, parent=self._list, color=color, size=self.ui.px(size))
        if font:
            dpg.bind_item_font(item, font)

    def _move(self, step: int) -> None:
        """To the next row that can be chosen, round the end."""
        count = len(self._rows)
        for away in range(1, count + 1):
            row = (self._row + step * away) % count
            if self._rows[row].action:
                self._mark(row)
                return

    def _mark(self, row: int, scroll: bool = True) -> None:
        self._row = row
        ui, choice = self.ui, self._rows[row]
        top, bottom = ui.px(self._tops[row]), ui.px(self._tops[row] + choice.height)
        dpg.configure_item(self._bar, pmin=(0, top), pmax=(ui.px(self._width - 2 * _PAD), bottom))
        if self._help:
            dpg.set_value(self._help, choice.help)
        if scroll:
            height, seen = dpg.get_item_height(self._view) or 0, dpg.get_y_scroll(self._view)
            if top < seen:
                dpg.set_y_scroll(self._view, top)
            elif bottom > seen + height:
                dpg.set_y_scroll(self._view, bottom - height)

    def _row_under(self, at: Point) -> int | None:
        left, top = dpg.get_item_rect_min(self._list)
        width = dpg.get_item_rect_size(self._list)[0]
        seen = at[1] - top - dpg.get_y_scroll(self._view)
        if not (left <= at[0] < left + width and 0 <= seen < (dpg.get_item_height(self._view) or 0)):
            return None
        y = (at[1] - top) / self.ui.scale
        for place, (row, start) in enumerate(zip(self._rows, self._tops, strict=True)):
            if row.action and start <= y < start + row.height:
                return place
        return None

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            action = self._rows[row].action
            if action is not None:
                self.close()
                action()
