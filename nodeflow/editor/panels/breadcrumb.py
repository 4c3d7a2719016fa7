"""The way into the subgraph that is shown, above the canvas: each part of it leads back out. The
last one renames the subgraph. GUI thread only."""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.nesting import ask_title
from nodeflow.editor.icons import Icon
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

HEIGHT: Final = 34.0
_MOST: Final = 40
"""Letters of a title that are shown."""


class Breadcrumb:
    """A child window of its own; there is none to see outside of subgraphs."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._shown: tuple[object, ...] = ()

    @property
    def height(self) -> float:
        return HEIGHT if self._workspace.sheet.levels.path else 0.0

    def update(self) -> None:
        """Once per frame."""
        sheet = self._workspace.sheet
        titles = sheet.levels.titles(sheet.document.graph) if sheet.levels.path else []
        shown = (sheet, sheet.document.name, *sheet.levels.definitions(sheet.document.graph), *titles)
        if shown == self._shown:
            return
        self._shown = shown
        dpg.configure_item(self.root, show=bool(titles))
        dpg.delete_item(self.root, children_only=True)
        if titles:
            with dpg.group(parent=self.root, horizontal=True):
                self._ui.gap(width=4.0)
                leave = self._commands["subgraph.leave"]
                self._ui.icon_button(Icon.LEAVE, partial(self._commands.run, leave.name), lambda: leave.tip, size=28.0)
                for depth, title in enumerate([sheet.document.name, *titles[:-1]]):
                    self._ui.button(title[:_MOST], partial(sheet.leave, depth), self._ui.themes.quiet)
                    self._ui.text("\u203a", self._ui.themes.faint)
                name = sheet.levels.definitions(sheet.document.graph)[-1]
                here = self._ui.button(titles[-1][:_MOST], partial(ask_title, sheet, name), self._ui.themes.quiet)
                dpg.bind_item_font(here, self._ui.fonts.medium)
                self._ui.tip(here, "Rename the subgraph")
