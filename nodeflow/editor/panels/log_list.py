"""What was said, newest last: by level, searched, marked and copied. GUI thread only."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.keys import held
from nodeflow.editor.palette import Rgba, colors
from nodeflow.editor.panels.row_list import SCROLLBAR, RowList
from nodeflow.editor.running.log import Level, Log
from nodeflow.editor.running.log_view import LogView
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

ROW: Final = 22.0
_SIZE: Final = 14.0
_ICON, _SOURCE, _TEXT = 76.0, 98.0, 250.0
"""Where the parts of a row begin, after the time."""
_EVERY: Final = 0.2
_LOOKS: Final[dict[Level, tuple[str, str]]] = {
    "debug": (Icon.INFO, "text_faint"),
    "info": (Icon.INFO, "text_faint"),
    "warning": (Icon.WARNING, "warn"),
    "error": (Icon.ERROR, "bad"),
}
_LEVELS: Final[dict[Level, str]] = {"info": "All", "warning": "Warnings", "error": "Errors"}


class LogList:
    """A tab of the dock."""

    title = "Log"
    badge = ""
    tools_width = 472.0

    def __init__(self, ui: Ui, workspace: Workspace, log: Log, dock: int) -> None:
        self._ui, self._workspace, self._log = ui, workspace, log
        self.view = LogView(log)
        self._next = 0.0
        self._version = 0
        self._levels: dict[Level, int] = {}
        self.root = int(dpg.add_child_window(parent=dock, no_scrollbar=True, show=False))
        self.rows = RowList(ui, self.root, ROW, self._draw, self._press, self._double)
        self.tools = int(dpg.add_group(parent=dock, horizontal=True, horizontal_spacing=ui.px(2), show=False))
        dpg.push_container_stack(self.tools)
        for level, words in _LEVELS.items():
            self._levels[level] = ui.button(words, partial(self.choose, level), ui.themes.entry)
        self._field = int(dpg.add_input_text(hint="Find in the log", width=ui.px(190)))
        ui.icon_button(Icon.COPY, self.copy, "Copy what is marked, or else all that is listed", 26)
        ui.icon_button(Icon.TRASH, log.clear, "Clear", 26)
        dpg.pop_container_stack()
        self.choose("info")

    def choose(self, level: Level) -> None:
        """List what is at least so grave."""
        self.view.least = level
        for each, button in self._levels.items():
            dpg.bind_item_theme(button, self._ui.themes.chosen if each == level else self._ui.themes.entry)
        self._next = 0.0

    def copy(self) -> None:
        text = self.view.text()
        dpg.set_clipboard_text(text)
        count = sum(row.rest is None for row in (self.view.rows[place] for place in self.view.marked()))
        said = f"{count} line{'s' * (count != 1)} of the log copied" if count else "The log is on the clipboard"
        self._workspace.notices.say(said, "done")

    def update(self, width: float, height: float) -> None:
        now, query = time.monotonic(), str(dpg.get_value(self._field))
        if now >= self._next or query != self.view.query:
            self._next = now + _EVERY
            end = self.rows.at_end()
            self.view.query = query
            self.view.wrap = max(20, int((width - _SOURCE - SCROLLBAR) / 7.5))
            if self.view.update():
                self._version += 1
                if end:
                    self._show(width, height)
                    self.rows.show_end()
        self._show(width, height)

    def key(self, chord: str) -> bool:
        view, extend = self.view, chord.startswith("Shift+")
        page, all_ = self.rows.page(), len(view.rows)
        steps = {"Up": -1, "Down": 1, "PageUp": -page, "PageDown": page, "Home": -all_, "End": all_}
        step = steps.get(chord.removeprefix("Shift+"))
        if step is not None:
            self.rows.reveal(view.step(step, extend))
        elif chord == "Enter":
            self._unfold()
        elif chord == "Ctrl+C":
            self.copy()
        elif chord == "Ctrl+A":
            view.select_all()
        else:
            return chord == "Escape" and view.forget()
        return True

    def _show(self, width: float, height: float) -> None:
        count = max(len(self.view.rows), 1)
        self.rows.update(count, Rect(0.0, 0.0, width, height), (self._version,), self.view.marked())

    def _unfold(self) -> None:
        self.view.unfold()
        self.view.update()
        self._version += 1

    def _press(self, place: int, _x: float) -> None:
        if place < len(self.view.rows):
            self.view.press(place, held().shift)

    def _double(self, place: int) -> None:
        if place < len(self.view.rows):
            self._unfold()

    def _draw(self, pen: Pen, place: int, row: Rect) -> None:
        faces, top = self._ui.faces, row.top + 3.0
        if place >= len(self.view.rows):
            words = "Nothing matches" if self.view.query or self.view.least != "info" else "Nothing was said yet"
            pen.text((14.0, top), words, colors.text_faint, _SIZE)
            return
        shown = self.view.rows[place]
        line = shown.line
        if shown.rest is not None:
            pen.text((_SOURCE, top), shown.rest, colors.text_dim, _SIZE)
            return
        glyph, role = _LOOKS[line.level]
        color: Rgba = getattr(colors, role)
        pen.text((14.0, top), line.clock, colors.text_faint, 13.0)
        pen.text((_ICON, top + 1.0), glyph, color, 12.0, faces.icons)
        source = faces.fit(line.source, faces.text, _SIZE, _TEXT - _SOURCE - 10.0)
        pen.text((_SOURCE, top), source, colors.text_dim, _SIZE)
        room = row.right - _TEXT - 70.0
        loud = color if line.level == "error" else colors.text
        pen.text((_TEXT, top), faces.fit(line.text, faces.text, _SIZE, room), loud, _SIZE)
        if line.count > 1:
            pen.text_right(row.right - 24.0, top, f"\u00d7{line.count}", colors.text_faint, 13.0)
        if line.more or faces.width(line.text, faces.text) * _SIZE > room:
            pen.text((row.right - 16.0, top + 2.0), Icon.CHEVRON, colors.text_faint, 10.0, faces.icons)
