"""What is in memory, at the foot of the library: each model with its device, memory and users, how long it took to load
and to make its first call, and a cross that unloads it.

GUI thread only.
"""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.models.held import told, warm_up
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.ui import Ui
from nodeflow.sizes import size_text

_HEAD: Final = 34.0
_ROW: Final = 38.0
_MOST: Final = 5
"""Rows that are seen at once."""
_PAD: Final = 12.0
_CROSS: Final = 34.0
"""The width of what unloads a model, at the right end of its row."""


class LoadedModels:
    """A child window of its own; no height while nothing is in memory. A press on its head folds it."""

    def __init__(self, ui: Ui, room: ModelRoom, parent: int) -> None:
        self._ui, self._room, self._held = ui, room, room.held
        self._folded = True
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._head = int(dpg.add_drawlist(10, ui.px(_HEAD), parent=self.root))
        dpg.push_container_stack(self.root)
        self._unload = ui.button("Unload unused", self._held.let_go, ui.themes.small_quiet)
        dpg.pop_container_stack()
        dpg.bind_item_font(self._unload, ui.fonts.small)
        ui.tip(self._unload, "Models that no node uses go from memory. They come back when they are needed.")
        self._view = int(dpg.add_child_window(parent=self.root))
        self._list = int(dpg.add_drawlist(10, 10, parent=self._view))
        self._pens = ui.pen(self._head), ui.pen(self._list)
        self._drawn: tuple[object, ...] = ()
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._turn)
        dpg.bind_item_handler_registry(self._head, clicked)
        with dpg.item_handler_registry() as pressed:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._press)
        dpg.bind_item_handler_registry(self._list, pressed)
        self._pointed = -1
        """The row whose cross the pointer is on, or -1."""

    @property
    def height(self) -> float:
        """In logical pixels."""
        models = self._held.models
        if not models:
            return 0.0
        return _HEAD + (0.0 if self._folded else min(len(models), _MOST) * _ROW + 6.0)

    def update(self, top: float, width: float) -> None:
        """Once per frame: where it begins in the panel, and how wide it is."""
        models = self._held.models
        said = tuple((model.name, told(model), warm_up(model), model.users == 0) for model in models)
        self._pointed = self._pointed_cross(width)
        drawn = (said, self._pointed, self._folded, top, width, self._ui.scale, colors.version)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        px = self._ui.px
        dpg.configure_item(self.root, show=bool(models), pos=(0, px(top)), width=px(width), height=px(self.height))
        if not models:
            return
        dpg.configure_item(self._head, width=px(width))
        dpg.configure_item(self._unload, show=self._held.spare and not self._folded, pos=(px(width - 112.0), px(6)))
        size = {"width": px(width), "height": max(1, px(self.height - _HEAD))}
        dpg.configure_item(self._view, pos=(0, px(_HEAD)), show=not self._folded, **size)
        dpg.configure_item(self._list, width=px(width - 12.0), height=px(len(said) * _ROW))
        self._draw(said, width)

    def _draw(self, said: tuple[tuple[str, str, str, bool], ...], width: float) -> None:
        (head, rows), faces, many = self._pens, self._ui.faces, len(said)
        head.clear()
        head.rect(Rect(0.0, 0.0, width, 1.0), colors.border)
        glyph = Icon.CHEVRON_RIGHT if self._folded else Icon.CHEVRON
        head.text((_PAD, 12.0), glyph, colors.text_faint, 10.0, faces.icons)
        head.text((_PAD + 18.0, 9.0), "In memory", colors.text, 14.0, faces.medium)
        words = f"{many} model{'s' * (many != 1)}, {size_text(self._held.bytes)}"
        head.text((_PAD + 96.0, 10.0), words, colors.text_faint, 13.0)
        rows.clear()
        for place, (name, about, warm, spare) in enumerate(said):
            top, room = place * _ROW, width - 2 * _PAD - 12.0 - _CROSS
            ink = colors.text if place == self._pointed and spare else colors.text_faint
            cross = ink if spare else fade(colors.text_faint, 0.4)
            rows.text((width - 12.0 - _CROSS, top + 10.0), Icon.CLOSE, cross, 12.0, faces.icons)
            shown = faces.fit(name, faces.text, 13.5, room)
            rows.text((_PAD, top + 2.0), shown, colors.text, 13.5)
            beside = faces.width(shown, faces.text) * 13.5 + 10.0
            if beside + faces.width(warm, faces.text) * 12.0 <= room:
                rows.text((_PAD + beside, top + 3.5), warm, colors.text_faint, 12.0)
            rows.text((_PAD, top + 18.0), faces.fit(about, faces.text, 12.0, room), colors.text_faint, 12.0)

    def _pointed_cross(self, width: float) -> int:
        """The row on whose cross the pointer is, or -1."""
        if self._folded or not dpg.is_item_hovered(self._list):
            return -1
        x, y = self._ui.pointer_in(self._list)
        row = int(y // _ROW)
        return row if x >= width - 20.0 - _CROSS and 0 <= row < len(self._held.models) else -1

    def _press(self) -> None:
        """Unload the model whose cross was pressed, or say why that cannot be."""
        models = self._held.models
        if 0 <= self._pointed < len(models):
            self._room.unload(models[self._pointed])

    def _turn(self) -> None:
        self._folded = not self._folded
