"""What this program is, which versions it is made of and what it can run on. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.settings.about import Facts
from nodeflow.editor.ui import Ui

_WIDTH: Final = 520.0
_NAME: Final = 120.0


class AboutWindow(Popup):
    def __init__(self, ui: Ui) -> None:
        super().__init__(ui, _WIDTH, holds=True)
        self._facts = Facts.ask()
        self._shown: list[tuple[str, str]] = []
        dpg.push_container_stack(self.window)
        ui.text("NodeFlow", font=ui.fonts.large)
        ui.text("Wire models and inputs and outputs into a graph, and see it run, live.", ui.themes.dim)
        ui.text("Apache License 2.0. Models have licences of their own; their cards say which.", ui.themes.dim)
        ui.gap(6)
        self._view = int(dpg.add_child_window(width=ui.px(_WIDTH - 28.0), height=10))
        self._lines = int(dpg.add_group(parent=self._view))
        ui.gap(8)
        with dpg.group(horizontal=True):
            self._copy = ui.button("Copy", self._copy_text, ui.themes.primary, width=96)
            ui.button("Close", self.close, width=96)
        dpg.pop_container_stack()

    def update(self) -> None:
        super().update()
        self.fit(self._view, self._lines)
        lines = self._facts.lines()
        if lines != self._shown:
            self._shown = lines
            dpg.delete_item(self._lines, children_only=True)
            dpg.push_container_stack(self._lines)
            for name, value in lines:
                with dpg.group(horizontal=True, xoffset=self.ui.px(_NAME)):
                    self.ui.text(name, self.ui.themes.faint)
                    self.ui.text(value, wrap=_WIDTH - _NAME - 40.0)
            dpg.pop_container_stack()

    def key(self, chord: str) -> bool:
        if chord == "Enter":
            self.close()
            return True
        if chord == "Ctrl+C":
            self._copy_text()
            return True
        return super().key(chord)

    def _copy_text(self) -> None:
        dpg.set_clipboard_text(self._facts.text())
        dpg.configure_item(self._copy, label="Copied")
