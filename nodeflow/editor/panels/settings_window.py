"""The settings: a section at a time, in force as soon as they are changed. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.binding import Binder
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.panels.shortcut_rows import ShortcutRows
from nodeflow.editor.settings.values import DEFAULTS, OPTIONS, SECTIONS, Option, Preferences
from nodeflow.editor.ui import Ui

SHORTCUTS: Final = "Shortcuts"
_SIDE: Final = 150.0
_BODY: Final = 590.0
_HEIGHT: Final = 460.0
_LABEL: Final = 190.0
_FIELD: Final = 280.0


class SettingsWindow(Popup):
    """`section` is what it shows first."""

    def __init__(self, ui: Ui, preferences: Preferences, binder: Binder, section: str = "") -> None:
        room = self.room(ui)
        self._width, self._height = min(_BODY, room[0] - _SIDE - 46.0), min(_HEIGHT, room[1] - 90.0)
        super().__init__(ui, _SIDE + self._width + 46.0, holds=True)
        self._preferences, self._binder = preferences, binder
        self.section = ""
        """The one that is shown."""
        self._shown = preferences.now
        self._shortcuts: ShortcutRows | None = None
        self._buttons: dict[str, int] = {}
        dpg.push_container_stack(self.window)
        with dpg.group(horizontal=True):
            ui.text("Settings", font=ui.fonts.large)
            ui.gap(width=_SIDE + self._width - 88.0)
            ui.icon_button(Icon.CLOSE, self.close, "Close   Escape", 26)
        ui.gap(4)
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(18)):
            with dpg.child_window(width=ui.px(_SIDE), height=ui.px(self._height)):
                for name in (*SECTIONS, SHORTCUTS):
                    self._buttons[name] = ui.button(name, partial(self.open_section, name), width=_SIDE)
            self._body = int(dpg.add_child_window(width=ui.px(self._width), height=ui.px(self._height)))
        dpg.pop_container_stack()
        self.open_section(section or SECTIONS[0])

    @property
    def key_buttons(self) -> dict[str, int]:
        """The buttons of the shortcuts that are listed."""
        return self._shortcuts.buttons if self._shortcuts else {}

    def open_section(self, section: str) -> None:
        self.section = section
        self._binder.leave()
        for name, button in self._buttons.items():
            dpg.bind_item_theme(button, self.ui.themes.chosen if name == section else self.ui.themes.entry)
        self._fill()

    def update(self) -> None:
        super().update()
        if self._shortcuts is not None:
            self._shortcuts.update()
        elif self._preferences.now is not self._shown and not dpg.is_item_active(dpg.get_focused_item() or self._body):
            self._fill()

    def key(self, chord: str) -> bool:
        return self._binder.press(chord) or super().key(chord)

    def close(self) -> None:
        self._binder.leave()
        super().close()

    def _fill(self) -> None:
        self._shown, self._shortcuts = self._preferences.now, None
        dpg.delete_item(self._body, children_only=True)
        dpg.push_container_stack(self._body)
        try:
            if self.section == SHORTCUTS:
                self._shortcuts = ShortcutRows(self.ui, self._binder, self._width, self._height)
            else:
                for name, option in OPTIONS.items():
                    if option.section == self.section:
                        self._add(name, option)
        finally:
            dpg.pop_container_stack()

    def _add(self, name: str, option: Option) -> None:
        ui, now = self.ui, getattr(self._preferences.now, name)
        with dpg.group(horizontal=True, xoffset=ui.px(_LABEL)):
            ui.text(option.title)
            with dpg.group(horizontal=True):
                self._add_field(option, now, partial(self._set, name))
                if now != getattr(DEFAULTS, name):
                    ui.icon_button(Icon.RESET, partial(self._preferences.reset, name), "As it was at first", 28)
        if option.help:
            with dpg.group(horizontal=True, xoffset=ui.px(_LABEL)):
                ui.text("")
                ui.text(option.help, ui.themes.faint, ui.fonts.small, wrap=self._width - _LABEL - 20.0)
        ui.gap(10)

    def _add_field(self, option: Option, now: Any, set_: Callable[[Any], None]) -> None:
        width = self.ui.px(min(_FIELD, self._width - _LABEL - 50.0))
        if option.choices:
            values = {words: value for value, words in option.choices.items()}
            dpg.add_combo(
                list(values), default_value=option.choices[now], width=width,
                callback=lambda _sender, words: set_(values[words]),
            )  # fmt: skip
        elif isinstance(now, bool):
            dpg.add_checkbox(default_value=now, callback=lambda _sender, on: set_(on))
        else:
            low, high = option.bounds or (0, 0)
            dpg.add_input_int(
                default_value=now, width=width, min_value=low, max_value=high, min_clamped=True, max_clamped=True,
                callback=lambda _sender, number: set_(number),
            )  # fmt: skip

    def _set(self, name: str, value: Any) -> None:
        self._preferences.change(**{name: value})
