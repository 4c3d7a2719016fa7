"""The line at the bottom: what is wrong with the graph, and how near the canvas is seen. GUI thread only."""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Problem

HEIGHT: Final = 28.0
_ROW: Final = 27.0
_AIR: Final = 28.0
"""Over and under the rows together."""
_MOST: Final = 5


class StatusBar:
    """The line, and over it the list of problems while that is open."""

    def __init__(self, ui: Ui, workspace: Workspace, parent: int) -> None:
        self._ui, self._workspace = ui, workspace
        self._open = False
        self._told: tuple[int, int, bool, str, float] | None = None
        self._listed: list[Problem] = []
        self._list = int(dpg.add_child_window(parent=parent, height=1, show=False, always_use_window_padding=True))
        dpg.bind_item_theme(self._list, ui.themes.padded)
        self._line = int(dpg.add_child_window(parent=parent, height=ui.px(HEIGHT), no_scrollbar=True))
        dpg.bind_item_theme(self._line, ui.themes.panel)
        dpg.push_container_stack(self._line)
        self._right = ui.text("", ui.themes.faint, ui.fonts.small)
        self._problems = ui.button("", self.toggle, ui.themes.small_quiet)
        dpg.bind_item_font(self._problems, ui.fonts.small)
        dpg.set_item_pos(self._problems, [ui.px(8), ui.px(2)])
        dpg.pop_container_stack()

    @property
    def height(self) -> float:
        """In logical pixels, with the list."""
        return HEIGHT + self._list_height

    @property
    def _list_height(self) -> float:
        shown = min(len(self._workspace.problems), _MOST)
        return shown * _ROW + _AIR if self._open and shown else 0.0

    def place(self, left: float, top: float, width: float) -> None:
        """Put the list at `top` and the line under it, in logical pixels."""
        px, list_height = self._ui.px, self._list_height
        size = {"width": px(width), "height": max(1, px(list_height))}
        dpg.configure_item(self._list, pos=(px(left), px(top)), show=list_height > 0, **size)
        dpg.configure_item(self._line, pos=(px(left), px(top + list_height)), width=px(width))

    def toggle(self) -> None:
        self._open = not self._open

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        workspace = self._workspace
        problems = workspace.problems
        errors = sum(problem.severity == "error" for problem in problems)
        zoom = f"{workspace.canvas.viewport.zoom:.0%}"
        empty = not workspace.document.graph.nodes
        told = (len(problems), errors, empty, zoom, width)
        if told != self._told:
            self._told = told
            self._tell(*told)
        if problems is not self._listed:
            self._listed = problems
            self._fill(problems)

    def _tell(self, count: int, errors: int, empty: bool, zoom: str, width: float) -> None:
        ui = self._ui
        fine = "" if empty else "No problems"
        label = f"{count} problem{'s' if count > 1 else ''}" if count else fine
        dpg.configure_item(self._problems, label=label, show=bool(label))
        theme = ui.themes.small_bad if errors else ui.themes.small_warn if count else ui.themes.small_quiet
        dpg.bind_item_theme(self._problems, theme)
        dpg.set_value(self._right, zoom)
        ui.place_text(self._right, ui.px(width - 52), ui.px(7))

    def _fill(self, problems: list[Problem]) -> None:
        ui, themes = self._ui, self._ui.themes
        dpg.delete_item(self._list, children_only=True)
        dpg.push_container_stack(self._list)
        for problem in problems[:200]:
            with dpg.group(horizontal=True, xoffset=ui.px(170)):
                known = problem.node in self._workspace.graph.nodes
                name = self._workspace.title(problem.node) if known else problem.node or "Graph"
                where = f"{name}.{problem.port}" if problem.port else name
                theme = themes.small_bad if problem.severity == "error" else themes.small_warn
                button = ui.button(where, partial(self._workspace.find, problem.node), theme)
                dpg.bind_item_font(button, ui.fonts.small)
                with dpg.group(horizontal=True):
                    ui.text(problem.message, themes.dim, ui.fonts.small)
                    ui.text(problem.hint, themes.faint, ui.fonts.small)
        dpg.pop_container_stack()
