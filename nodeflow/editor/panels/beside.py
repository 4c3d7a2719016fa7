"""Where what follows the pointer stands: beside it, all of it within the window. GUI thread only."""

from __future__ import annotations

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.ui import Ui, mouse_at


def beside_pointer(ui: Ui, width: float, height: float) -> Rect:
    """A place of this size; in logical pixels."""
    x, y = (at / ui.scale for at in mouse_at())
    wide, tall = dpg.get_viewport_client_width() / ui.scale, dpg.get_viewport_client_height() / ui.scale
    left = x + 16.0 if x + 16.0 + width < wide - 8.0 else x - 16.0 - width
    top = y + 18.0 if y + 18.0 + height < tall - 8.0 else y - 18.0 - height
    return Rect.of(max(8.0, left), max(8.0, top), width, height)
