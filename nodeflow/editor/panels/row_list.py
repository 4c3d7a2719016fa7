"""Rows of one height in a scrolled window: only those in sight are drawn, however many there are. GUI thread only.

rows = RowList(ui, parent, 22.0, draw=self._draw_row, press=self._press)
rows.update(len(things), width, height, (version, selected))       # once per frame; draws when something changed
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.clicks import Clicks
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.ui import Ui, mouse_at, second_press

SCROLLBAR: Final = 14.0
"""What a row leaves free at its right end."""


class RowList:
    """`draw` is given a pen, the place of a row, and where it is; `press` the place that was pressed, and how far from
    its left end; `double` the place of a double click."""

    def __init__(
        self,
        ui: Ui,
        parent: int,
        row: float,
        draw: Callable[[Pen, int, Rect], None],
        press: Callable[[int, float], None],
        double: Callable[[int], None] = lambda _place: None,
    ) -> None:
        self._ui, self._row = ui, row
        self._draw, self._press, self._double = draw, press, double
        self._clicks = Clicks()
        self._count = 0
        self._drawn: tuple[object, ...] = ()
        self._scroll_to: float | None = None
        self.item = int(dpg.add_child_window(parent=parent))
        self._rows = int(dpg.add_drawlist(10, 10, parent=self.item))
        self._pen = ui.pen(self._rows)
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._clicked)
        dpg.bind_item_handler_registry(self._rows, clicked)

    def update(self, count: int, place: Rect, key: tuple[object, ...], marked: range | tuple[int, ...] = ()) -> None:
        """Show `count` rows at `place` in the parent, in logical pixels; `key` is all that their look depends on but
        for which are `marked`."""
        self._count = count
        px = self._ui.px
        top = dpg.get_y_scroll(self.item)
        if self._scroll_to is not None:
            dpg.set_y_scroll(self.item, top := self._scroll_to)
            self._scroll_to = None
        first = int(top / px(self._row))
        seen = range(first, min(count, first + int(place.height / self._row) + 2))
        pointed = self.pointed()
        drawn = (colors.version, place, count, seen, pointed, marked, key)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        dpg.configure_item(
            self.item, pos=(px(place.left), px(place.top)), width=px(place.width), height=px(place.height)
        )
        dpg.configure_item(self._rows, width=px(place.width - SCROLLBAR), height=max(1, px(self._row) * count))
        self._pen.clear()
        for each in seen:
            row = Rect.of(0.0, each * px(self._row) / self._ui.scale, place.width - SCROLLBAR, self._row)
            if each in marked:
                self._pen.rect(row, fade(colors.accent, 0.22))
            elif each == pointed:
                self._pen.rect(row, colors.field)
            self._draw(self._pen, each, row)

    @property
    def width(self) -> float:
        """Of a row, in logical pixels."""
        return float(dpg.get_item_width(self._rows)) / self._ui.scale

    @property
    def top(self) -> tuple[float, float]:
        """Where the first row begins, in window pixels, and how high a row is."""
        return float(dpg.get_item_rect_min(self._rows)[1]), float(self._ui.px(self._row))

    def pointed(self) -> int | None:
        """The row that the pointer is on."""
        if not dpg.is_item_hovered(self._rows):
            return None
        place = int((mouse_at()[1] - dpg.get_item_rect_min(self._rows)[1]) / self._ui.px(self._row))
        return place if 0 <= place < self._count else None

    def page(self) -> int:
        """How many rows are in sight."""
        return max(1, int(dpg.get_item_height(self.item) / self._ui.px(self._row)))

    def at_end(self) -> bool:
        """Whether the last row is in sight."""
        return bool(dpg.get_y_scroll(self.item) >= dpg.get_y_scroll_max(self.item) - self._ui.px(self._row))

    def show_end(self) -> None:
        """Scroll to the last row, once it is there."""
        self._scroll_to = float(max(0, self._ui.px(self._row) * self._count - dpg.get_item_height(self.item)))

    def reveal(self, place: int) -> None:
        """Scroll as far as it takes to have a row in sight."""
        row, height = self._ui.px(self._row), dpg.get_item_height(self.item)
        top = dpg.get_y_scroll(self.item)
        if place * row < top:
            self._scroll_to = float(place * row)
        elif (place + 1) * row > top + height:
            self._scroll_to = float((place + 1) * row - height)

    def _clicked(self) -> None:
        place = self.pointed()
        if place is not None:
            self._press(place, (mouse_at()[0] - dpg.get_item_rect_min(self._rows)[0]) / self._ui.scale)
            if second_press(self._clicks):
                self._double(place)
