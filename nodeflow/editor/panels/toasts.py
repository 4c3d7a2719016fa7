"""Notices as small cards: in the corner, or beside the thing they are about. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.icons import Icon
from nodeflow.editor.notices import Level, Notice, Notices
from nodeflow.editor.palette import Rgba, colors, mix
from nodeflow.editor.ui import Ui

_LOOKS: Final[dict[Level, tuple[str, str]]] = {
    "info": (Icon.INFO, "accent"),
    "done": (Icon.FINE, "good"),
    "warning": (Icon.WARNING, "warn"),
    "error": (Icon.ERROR, "bad"),
}
"""An icon, and the role of its colour."""
_WIDTH: Final = 340.0
_SIZE: Final = 14.0
_LINE: Final = 19.0


class Toasts:
    """Draws over everything else; takes no press."""

    def __init__(self, ui: Ui, notices: Notices) -> None:
        self._ui, self._notices = ui, notices
        self._layer = int(dpg.add_viewport_drawlist(front=True))
        self._drawn: tuple[object, ...] = ()

    def update(self, canvas: tuple[float, float, float, float]) -> None:
        """Once per frame; `canvas` is the canvas's left, top, right and bottom in window pixels."""
        notices = self._notices.current()
        drawn = (colors.version, canvas, *notices)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        dpg.delete_item(self._layer, children_only=True)
        bottom = canvas[3] - self._ui.px(16)
        for notice in reversed(notices):
            lines = self._lines(notice)
            height = self._ui.px(len(lines) * _LINE + 20.0)
            if notice.at is None:
                bottom -= height
                self._draw(notice, lines, canvas[0] + self._ui.px(16), bottom)
                bottom -= self._ui.px(8)
            else:
                scale = self._ui.scale
                x = canvas[0] + notice.at[0] * scale + self._ui.px(14)
                y = canvas[1] + notice.at[1] * scale + self._ui.px(14)
                x = min(x, canvas[2] - self._ui.px(self._width(lines)) - self._ui.px(8))
                self._draw(notice, lines, x, min(y, canvas[3] - height - self._ui.px(8)))

    def _lines(self, notice: Notice) -> list[str]:
        return self._ui.faces.wrap(notice.text, self._ui.fonts.text, _SIZE, _WIDTH - 54.0, 8)

    def _width(self, lines: list[str]) -> float:
        return 54.0 + max((self._ui.faces.width(line, self._ui.fonts.text) * _SIZE for line in lines), default=0.0)

    def _draw(self, notice: Notice, lines: list[str], x: float, y: float) -> None:
        ui, layer = self._ui, self._layer
        glyph, role = _LOOKS[notice.level]
        color: Rgba = getattr(colors, role)
        width, height = ui.px(self._width(lines)), ui.px(len(lines) * _LINE + 20.0)
        dpg.draw_rectangle(
            (x, y), (x + width, y + height), parent=layer, fill=mix(colors.raised, color, 0.08),
            color=mix(colors.border, color, 0.35), rounding=ui.px(7),
        )  # fmt: skip
        icon = dpg.draw_text((x + ui.px(14), y + ui.px(12)), glyph, parent=layer, color=color, size=ui.px(14))
        dpg.bind_item_font(icon, ui.fonts.icons)
        for place, line in enumerate(lines):
            at = (x + ui.px(38), y + ui.px(11.0 + place * _LINE))
            dpg.draw_text(at, line, parent=layer, color=colors.text, size=ui.px(_SIZE))
