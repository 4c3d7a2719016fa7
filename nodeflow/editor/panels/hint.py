"""What an empty canvas says in its middle. GUI thread only."""

from __future__ import annotations

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.fonts import UI_SIZE
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace


class Hint:
    """Words on the canvas, which is a child window."""

    def __init__(self, ui: Ui, workspace: Workspace, canvas: int) -> None:
        self._ui, self._workspace = ui, workspace
        self._text = int(dpg.add_text("", parent=canvas))
        dpg.bind_item_theme(self._text, ui.themes.faint)

    def update(self, canvas: Rect, hidden: bool) -> None:
        """Once per frame; `canvas` is its place in logical pixels. An empty one says nothing while `hidden`."""
        workspace, ui = self._workspace, self._ui
        empty = workspace.ready and not workspace.graph.nodes and not hidden
        text = "Loading nodes \u2026" if not workspace.ready else "Press Tab to add the first node" if empty else ""
        if dpg.get_value(self._text) != text:
            dpg.set_value(self._text, text)
        if text:
            width = ui.faces.width(text, ui.fonts.text) * UI_SIZE
            dpg.set_item_pos(self._text, [ui.px((canvas.width - width) / 2), ui.px(canvas.height / 2 - 8.0)])
