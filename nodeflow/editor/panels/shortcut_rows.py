"""The keys of every command, to be searched and changed. GUI thread only."""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.binding import Binder, Conflict
from nodeflow.editor.commands.gesture_list import GESTURES
from nodeflow.editor.commands.menus import menu_of
from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.ui import Ui

_KEYS: Final = 280.0
"""Where the keys begin."""
_BUTTON: Final = 190.0


class ShortcutRows:
    """Fills the container that is open."""

    def __init__(self, ui: Ui, binder: Binder, width: float, height: float) -> None:
        self._ui, self._binder = ui, binder
        self._shown: tuple[object, ...] = ()
        self.buttons: dict[str, int] = {}
        """The button with the keys of each command that is listed."""
        with dpg.group(horizontal=True):
            self._field = int(
                dpg.add_input_text(hint="Find an action, or keys such as Ctrl+D", width=ui.px(width - 122))
            )
            ui.button("Reset all", binder.reset_all, width=110)
        ui.gap(4)
        self._list = int(dpg.add_child_window(height=ui.px(height - 52)))

    def update(self) -> None:
        """Once per frame."""
        binder = self._binder
        query = str(dpg.get_value(self._field))
        found = binder.found(query)
        gestures = [each for each in GESTURES if query.lower().strip() in " ".join(each).lower()]
        shown = (binder.listening, binder.conflict, *((command.name, command.keys) for command in found), *gestures)
        if shown != self._shown:
            self._shown = shown
            self.buttons.clear()
            dpg.delete_item(self._list, children_only=True)
            dpg.push_container_stack(self._list)
            for command in found:
                self._add(command)
            self._add_gestures(gestures)
            if not found and not gestures:
                self._ui.text("Nothing matches", self._ui.themes.faint)
            dpg.pop_container_stack()

    def _add(self, command: Command) -> None:
        ui, binder, name = self._ui, self._binder, command.name
        conflict = binder.conflict if binder.conflict and binder.conflict.name == name else None
        with dpg.group(horizontal=True, xoffset=ui.px(_KEYS)):
            with dpg.group(horizontal=True):
                ui.text(command.title)
                ui.text(menu_of(command), ui.themes.faint, ui.fonts.small)
            with dpg.group(horizontal=True, horizontal_spacing=ui.px(2)):
                listening = binder.listening == name
                label = "Press the new keys" if listening else ",  ".join(command.keys) or "none"
                button = self.buttons[name] = ui.button(label, partial(binder.listen, name), width=_BUTTON)
                if listening:
                    dpg.bind_item_theme(button, ui.themes.primary)
                elif not conflict:  # the pointer is still on the button, and its tip would cover the question below
                    ui.tip(button, "Click, then press the new keys. Escape leaves it as it is.")
                if not listening:
                    ui.icon_button(Icon.ADD, partial(binder.listen, name, more=True), "More keys for the same", 26)
                    if command.keys:
                        ui.icon_button(Icon.CLOSE, partial(binder.clear, name), "No keys", 26)
                    if binder.changed(name):
                        ui.icon_button(Icon.RESET, partial(binder.reset, name), "The usual keys", 26)
        if conflict:
            self._ask(conflict)

    def _add_gestures(self, gestures: list[tuple[str, str]]) -> None:
        """What the pointer does, to be read: it cannot be changed."""
        ui = self._ui
        if gestures:
            ui.gap(8)
            ui.text("With the pointer on the canvas", ui.themes.faint, ui.fonts.small)
        for how, what in gestures:
            with dpg.group(horizontal=True, xoffset=ui.px(_KEYS)):
                ui.text(what, wrap=_KEYS - 12.0)
                ui.text(how, ui.themes.dim)

    def _ask(self, conflict: Conflict) -> None:
        ui, binder = self._ui, self._binder
        with dpg.group(horizontal=True, xoffset=ui.px(_KEYS)):
            ui.text(f"{conflict.keys} is for \u201c{conflict.owner.title}\u201d.", ui.themes.warn)
            with dpg.group(horizontal=True, horizontal_spacing=ui.px(6)):
                ui.button("Take it", binder.take, ui.themes.primary, width=92)
                ui.button("Leave it", binder.leave, width=92)
