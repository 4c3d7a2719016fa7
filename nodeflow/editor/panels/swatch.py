"""A square of a colour that can be pressed: beside a colour that is typed, or among tools. GUI thread only.

Dear ImGui's own shows a large tip, which lies over the picker that the press opens.
"""

from __future__ import annotations

from collections.abc import Callable

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.node_art import hex_color
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.ui import Ui


class Swatch:
    """Made in the container that is open, `side` logical pixels wide and high."""

    def __init__(self, ui: Ui, side: float, press: Callable[[], object]) -> None:
        self.item = int(dpg.add_drawlist(ui.px(side), ui.px(side)))
        self._pen, self._box = ui.pen(self.item), Rect(0.5, 0.5, side - 0.5, side - 0.5)
        self._shown: tuple[object, ...] = ()
        with dpg.item_handler_registry() as self._pressed:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=lambda: press() and None)
        dpg.bind_item_handler_registry(self.item, self._pressed)

    def show(self, color: str) -> None:
        """Have this colour from now on. May be called in every frame."""
        pointed = bool(dpg.is_item_hovered(self.item))
        shown = (color, pointed, colors.version)
        if shown != self._shown:
            self._shown = shown
            self._pen.clear()
            edge = fade(colors.contrast, 0.6 if pointed else 0.25)
            self._pen.rect(self._box, hex_color(color), edge, rounding=6.0)

    def delete(self) -> None:
        """Forget the handlers, which DearPyGui keeps apart from the item."""
        dpg.delete_item(self._pressed)
