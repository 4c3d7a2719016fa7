"""The line at the bottom: how many problems there are, what one waits for or why nothing runs, and how near the canvas
is seen.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.fonts import SMALL_SIZE
from nodeflow.editor.mending.troubles import Troubles
from nodeflow.editor.running.standing import stopping_words, trouble_words
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

HEIGHT: Final = 28.0
_AFTER_PROBLEMS: Final = 130.0
_ZOOM: Final = 52.0


class StatusBar:
    """`show_problems` is what a press on their number does."""

    def __init__(
        self, ui: Ui, workspace: Workspace, troubles: Troubles, parent: int, show_problems: Callable[[], object]
    ) -> None:
        self._ui, self._workspace, self._troubles = ui, workspace, troubles
        self._told: tuple[int, int, bool, str, str, float] | None = None
        self._line = int(dpg.add_child_window(parent=parent, height=ui.px(HEIGHT), no_scrollbar=True))
        dpg.push_container_stack(self._line)
        self._right = ui.text("", ui.themes.faint, ui.fonts.small)
        self._problems = ui.button("", show_problems, ui.themes.small_quiet)
        dpg.bind_item_font(self._problems, ui.fonts.small)
        dpg.set_item_pos(self._problems, [ui.px(8), ui.px(2)])
        self._waiting = ui.text("", ui.themes.warn, ui.fonts.small)
        dpg.pop_container_stack()

    def place(self, top: float, width: float) -> None:
        """In logical pixels."""
        px = self._ui.px
        dpg.configure_item(self._line, pos=(0, px(top)), width=px(width))

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        troubles, workspace = self._troubles, self._workspace
        empty = not workspace.document.graph.nodes
        zoom = f"{workspace.canvas.viewport.zoom:.0%}"
        run, title_of = workspace.run, workspace.sheet.title_of
        waiting = workspace.sheet.aside.words or stopping_words(run, title_of) or trouble_words(run, title_of)
        told = (troubles.count, troubles.bad, empty, waiting, zoom, width)
        if told != self._told:
            self._told = told
            self._tell(*told)

    def _tell(self, count: int, errors: int, empty: bool, waiting: str, zoom: str, width: float) -> None:
        ui = self._ui
        fine = "" if empty else "No problems"
        label = f"{count} problem{'s' if count > 1 else ''}" if count else fine
        dpg.configure_item(self._problems, label=label, show=bool(label))
        theme = ui.themes.small_bad if errors else ui.themes.small_warn if count else ui.themes.small_quiet
        dpg.bind_item_theme(self._problems, theme)
        room = width - _AFTER_PROBLEMS - _ZOOM
        dpg.set_value(self._waiting, ui.faces.fit(waiting, ui.fonts.small, SMALL_SIZE, room))
        ui.place_text(self._waiting, ui.px(_AFTER_PROBLEMS), ui.px(7))
        dpg.set_value(self._right, zoom)
        ui.place_text(self._right, ui.px(width - _ZOOM), ui.px(7))
