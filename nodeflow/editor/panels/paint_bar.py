"""The tools over a picture that can be painted on: brushes, their size, colours by name. GUI thread only.

Two rows: tools, size and what to paint with; the swatches of the palette. No height where nothing can be painted on.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.node_art import hex_color
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.commands.paint_commands import TOOLS
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.icons import Icon
from nodeflow.editor.painting.easel import NARROWEST, WIDEST, Easel
from nodeflow.editor.painting.palettes import PALETTES
from nodeflow.editor.palette import CLEAR, colors, fade
from nodeflow.editor.panels.fields import HIGH
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.questions import ColorPrompt
from nodeflow.editor.panels.swatch import Swatch
from nodeflow.editor.ui import Ui

_ROW: Final = 34.0
_TOOL: Final = 26.0
_SWATCH, _GAP, _PAD = 20.0, 4.0, 10.0


class PaintBar:
    """In `parent`, a child window, between the viewer's head and the picture."""

    def __init__(self, ui: Ui, easel: Easel, commands: Commands, parent: int) -> None:
        self._ui, self._easel = ui, easel
        self._root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        dpg.push_container_stack(self._root)
        self.tools: dict[str, int] = {}
        with dpg.group(horizontal=True, horizontal_spacing=0) as self._row:
            for kind, _title, _key, icon in TOOLS:
                command = commands[f"paint.{kind}"]
                tip = partial(_tip_of, commands, command.name)
                self.tools[kind] = ui.icon_button(icon, command.action, tip, _TOOL)
            dpg.add_spacer(width=ui.px(6))
            self.width = int(
                dpg.add_drag_int(
                    width=ui.px(62), min_value=round(NARROWEST), max_value=round(WIDEST), clamped=True, speed=0.5,
                    format="%d px", callback=self._set_width,
                )
            )  # fmt: skip
            ui.tip(self.width, lambda: f"Width of the brush   {' '.join(_keys(commands))}")
            dpg.add_spacer(width=ui.px(6))
            self.color = Swatch(ui, HIGH, self._pick_color)
            dpg.add_spacer(width=ui.px(2))
            self.palette = ui.icon_button(Icon.PALETTE, self._choose_palette, "Choose a set of colours", _TOOL)
            self.clear = ui.icon_button(Icon.TRASH, easel.clear, "Take all paint away", _TOOL)
        self._name = ui.text("", ui.themes.dim, ui.fonts.small)
        self._below = int(dpg.add_child_window(no_scrollbar=True, no_scroll_with_mouse=True))
        self._swatches = int(dpg.add_drawlist(10, 10, parent=self._below))
        self._pen = ui.pen(self._swatches)
        dpg.pop_container_stack()
        self._drawn: tuple[object, ...] = ()
        self._told: tuple[object, ...] = ()
        self._across = 0.0
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(callback=self._click)
        dpg.bind_item_handler_registry(self._swatches, clicked)

    def height(self, width: float) -> float:
        """In logical pixels, where there is so much room."""
        if self._easel.paper is None:
            return 0.0
        return _ROW + self._rows(width) * (_SWATCH + _GAP) + _GAP

    def update(self, top: float, width: float) -> None:
        """Once per frame; both in logical pixels."""
        easel, px = self._easel, self._ui.px
        height = self.height(width)
        shown = (top, width, height)
        if shown != self._told:
            self._told, self._across = shown, width
            dpg.configure_item(
                self._root, show=height > 0, pos=(0, px(top)), width=px(width), height=max(px(height), 1)
            )
            dpg.set_item_pos(self._row, [px(_PAD - 4.0), px(4)])
            size = {"width": px(width), "height": max(px(height - _ROW), 1)}
            dpg.configure_item(self._below, pos=(0, px(_ROW)), **size)
            dpg.configure_item(self._swatches, **size)
        if height <= 0:
            return
        if not dpg.is_item_active(self.width):
            dpg.set_value(self.width, round(easel.width))
        self.color.show(easel.color)
        pointed = self._pointed()
        drawn = (easel.kind, easel.color, easel.palette, pointed, width, colors.version)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        for kind, item in self.tools.items():
            dpg.bind_item_theme(item, self._ui.themes.pinned if kind == easel.kind else self._ui.themes.quiet)
        self._draw(pointed, width)

    def at(self, color: str) -> Point | None:
        """The middle of a swatch in window pixels."""
        for place, swatch in enumerate(self._easel.palette.swatches):
            if swatch.color == color:
                (left, top), scale = dpg.get_item_rect_min(self._swatches), self._ui.scale
                x, y = self._box(place, self._across).center
                return left + x * scale, top + y * scale
        return None

    def _draw(self, pointed: int | None, width: float) -> None:
        pen, easel = self._pen, self._easel
        pen.clear()
        for place, swatch in enumerate(easel.palette.swatches):
            box, chosen = self._box(place, width), swatch.color == easel.color
            pen.rect(box, hex_color(swatch.color), fade(colors.contrast, 0.25), rounding=3.0)
            if chosen or place == pointed:
                edge = colors.accent if chosen else fade(colors.contrast, 0.6)
                pen.rect(box.grown(2.0), CLEAR, edge, rounding=4.0, thickness=2.0)
        named = easel.palette.swatches[pointed] if pointed is not None else None
        words = named.name if named is not None else easel.palette.called(easel.color)
        left = 5 * _TOOL + 62 + 14 + 2 * _TOOL + 40 + _PAD
        fonts, faces, room = self._ui.fonts, self._ui.faces, max(width - left - 6.0, 0.0)
        if words.startswith("#") and faces.width(words, fonts.small) * 13.0 > room:
            words = ""  # a part of a number says nothing
        dpg.set_value(self._name, faces.fit(words, fonts.small, 13.0, room))
        self._ui.place_text(self._name, self._ui.px(left), self._ui.px(11))

    # ---- swatches ------------------------------------------------------------------------------------------------

    def _in_row(self, width: float) -> int:
        return max(1, int((width - 2 * _PAD + _GAP) // (_SWATCH + _GAP)))

    def _rows(self, width: float) -> int:
        return -(-len(self._easel.palette.swatches) // self._in_row(width))

    def _box(self, place: int, width: float) -> Rect:
        row, column = divmod(place, self._in_row(width))
        return Rect.of(_PAD + column * (_SWATCH + _GAP), 2.0 + row * (_SWATCH + _GAP), _SWATCH, _SWATCH)

    def _pointed(self) -> int | None:
        """The swatch that the pointer is on."""
        if not dpg.is_item_hovered(self._swatches):
            return None
        at, width = self._ui.pointer_in(self._swatches), dpg.get_item_width(self._swatches) / self._ui.scale
        count = len(self._easel.palette.swatches)
        return next((place for place in range(count) if self._box(place, width).grown(2.0).contains(at)), None)

    def _click(self) -> None:
        pointed = self._pointed()
        if pointed is not None:
            self._easel.choose(self._easel.palette.swatches[pointed].color)

    # ---- the rest ------------------------------------------------------------------------------------------------

    def _set_width(self) -> None:
        self._easel.width = float(dpg.get_value(self.width))

    def _pick_color(self) -> None:
        easel = self._easel
        picker = ColorPrompt(self._ui, easel.color, easel.choose, partial(easel.choose, easel.color))
        self._ui.popups.show(picker, *self._ui.under(self.color.item, 4.0))

    def _choose_palette(self) -> None:
        easel = self._easel
        rows = [
            Choice(each.title, partial(easel.use_palette, each.name), help=each.source, checked=each is easel.palette)
            for each in PALETTES
        ]
        self._ui.popups.show(Menu(self._ui, lambda _query: rows, width=280.0), *self._ui.under(self.palette, 4.0))


def _tip_of(commands: Commands, name: str) -> str:
    return commands[name].tip


def _keys(commands: Commands) -> list[str]:
    return [key for name in ("paint.narrower", "paint.wider") for key in commands[name].keys[:1]]
