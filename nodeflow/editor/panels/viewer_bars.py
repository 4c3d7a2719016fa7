"""What stands over and under a value in the viewer: its name, what is read of it, and what can be done with it.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.table import Commands
from nodeflow.editor.icons import Icon
from nodeflow.editor.looking.pixels import whole_parts
from nodeflow.editor.ui import Ui

HEAD: Final = 34.0
FOOT: Final = 28.0
_SIDE: Final = 26.0
"""Of a button."""
_PAD: Final = 14.0
_EDGE: Final = 8.0
"""From the last button to the edge."""
_BUTTONS: Final = ("fit", "actual", "counts", "overlays", "compare", "copy", "save")
"""Commands of the viewer that are pressed under the value."""


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said of what the viewer shows: while it is the same, nothing is written anew."""

    title: str
    port: str
    several: bool
    """Whether its node has other values to choose among."""
    about: str
    """Its size, or its kind."""
    read: str
    """The pixel under the pointer, or else what there is to say."""
    seen: bool
    pictured: bool
    pinned: bool
    expanded: bool
    counted: bool
    compared: bool
    bare: bool


class ViewerHead:
    """A child window: what is shown, of which node and output, and whether it is pinned and large."""

    def __init__(self, ui: Ui, commands: Commands, parent: int, choose_port: Callable[[], None]) -> None:
        self._ui = ui
        self._root = _part(parent)
        dpg.push_container_stack(self._root)
        self._title = ui.text("", font=ui.fonts.medium)
        self._about = ui.text("", ui.themes.faint)
        self.port = ui.button("", choose_port, ui.themes.small_quiet)
        dpg.bind_item_font(self.port, ui.fonts.small)
        with dpg.group(horizontal=True, horizontal_spacing=0) as self._row:
            self.pin, self.expand = (_button(ui, commands, name) for name in ("view.viewer_pin", "view.viewer"))
        dpg.pop_container_stack()
        self._told: tuple[object, ...] = ()

    def place(self, width: float) -> None:
        px = self._ui.px
        dpg.configure_item(self._root, pos=(0, 0), width=px(width), height=px(HEAD))
        dpg.set_item_pos(self._row, [px(width - 2 * _SIDE - 10.0), px(4)])

    def update(self, said: Said, width: float) -> None:
        told = (said.title, said.port, said.several, said.about, said.pinned, said.expanded, width)
        if told == self._told:
            return
        self._told = told
        ui, faces, px = self._ui, self._ui.faces, self._ui.px
        title = faces.fit(said.title, ui.fonts.medium, 15.0, width - 200.0)
        dpg.set_value(self._title, title)
        dpg.set_value(self._about, said.about)
        ui.place_text(self._title, px(_PAD), px(9))
        left = _PAD + faces.width(title, ui.fonts.medium) * 15.0 + 8.0
        dpg.configure_item(self.port, label=said.port, show=said.several)
        if said.several:
            dpg.set_item_pos(self.port, [px(left), px(5)])
            left += faces.width(said.port, ui.fonts.text) * 13.0 + 20.0
        ui.place_text(self._about, px(left + 4.0), px(9))
        dpg.configure_item(self.expand, label=Icon.SHRINK if said.expanded else Icon.EXPAND)
        dpg.bind_item_theme(self.pin, ui.themes.pinned if said.pinned else ui.themes.quiet)


class ViewerFoot:
    """A child window, in which pins and transport stand, too: what is read of a value, and what can be done with it."""

    def __init__(self, ui: Ui, commands: Commands, parent: int) -> None:
        self._ui = ui
        self.root = _part(parent)
        dpg.push_container_stack(self.root)
        self._readout = ui.text("", ui.themes.dim, ui.fonts.small)
        with dpg.group(horizontal=True, horizontal_spacing=0) as self._row:
            self.buttons = {name: _button(ui, commands, f"view.viewer_{name}") for name in _BUTTONS}
        dpg.pop_container_stack()
        self._read: tuple[object, ...] = ()
        self._shown: tuple[object, ...] = ()

    def place(self, top: int, width: float, height: int, above: float) -> None:
        """`top` and `height` in real pixels; `above` is what stands over the line of buttons, in logical ones."""
        px = self._ui.px
        dpg.configure_item(self.root, pos=(0, top), width=px(width), height=height)
        dpg.set_item_pos(self._row, [px(width - self._reach), px(above + 1)])
        self._ui.place_text(self._readout, px(_PAD), px(above + 7))

    def update(self, said: Said, width: float) -> None:
        read = (said.read, width)
        if read != self._read:
            self._read = read
            self._write(said.read, width - _PAD - self._reach - 8.0)
        shown = (said.seen, said.pictured, said.counted, said.compared, said.bare)
        if shown != self._shown:
            self._shown = shown
            self._light(said)

    @property
    def _reach(self) -> float:
        """How far the buttons reach from the right edge."""
        return len(self.buttons) * _SIDE + _EDGE

    def _write(self, text: str, room: float) -> None:
        ui, font = self._ui, self._ui.fonts.small
        whole = whole_parts(text, lambda part: ui.faces.width(part, font) * 13.0 <= room)
        dpg.set_value(self._readout, ui.faces.fit(whole, font, 13.0, max(room, 0.0)))

    def _light(self, said: Said) -> None:
        """Light the buttons of what is on, and dim those of what cannot be done."""
        themes = self._ui.themes
        for name, lit in (("counts", said.counted), ("compare", said.compared), ("overlays", said.bare)):
            dpg.bind_item_theme(self.buttons[name], themes.pinned if lit else themes.quiet)
        can = dict.fromkeys(("fit", "actual", "counts", "compare", "save"), said.pictured)
        for name, enabled in {**can, "overlays": said.pictured or said.bare, "copy": said.seen}.items():
            dpg.configure_item(self.buttons[name], enabled=enabled)


def _button(ui: Ui, commands: Commands, name: str) -> int:
    icon, run = commands[name].icon, partial(commands.run, name)
    return ui.icon_button(icon, run, lambda: commands[name].tip, _SIDE)


def _part(parent: int) -> int:
    return int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True))
