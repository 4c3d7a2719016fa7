"""What wants a person's eye, one row each: a press or Enter goes to its node, a button mends it. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.mending.troubles import Severity, Trouble, Troubles
from nodeflow.editor.palette import Rgba, colors, fade
from nodeflow.editor.panels.row_list import RowList
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

ROW: Final = 26.0
_SIZE: Final = 14.0
_WHERE: Final = 34.0
_MESSAGE: Final = 210.0
_SHARE: Final = 0.28
"""How much of a narrow row stands before the message, at most."""
_BUTTON: Final = 20.0
_LOOKS: Final[dict[Severity, tuple[str, str]]] = {
    "error": (Icon.ERROR, "bad"),
    "warning": (Icon.WARNING, "warn"),
    "info": (Icon.INFO, "accent"),
}
"""An icon, and the role of its colour."""


class ProblemList:
    """A tab of the dock."""

    title = "Problems"
    tools_width = 26.0

    def __init__(self, ui: Ui, workspace: Workspace, troubles: Troubles, dock: int) -> None:
        self._ui, self._workspace, self._troubles = ui, workspace, troubles
        self._marked: Trouble | None = None
        self._width = 0.0
        self.root = int(dpg.add_child_window(parent=dock, no_scrollbar=True, show=False))
        self.rows = RowList(ui, self.root, ROW, self._draw, self._press)
        self.tools = int(dpg.add_group(parent=dock, show=False))
        with dpg.group(parent=self.tools):
            ui.icon_button(Icon.COPY, self._copy, "Copy the list", 26)

    @property
    def badge(self) -> str:
        count = self._troubles.count
        return str(count) if count else ""

    @property
    def marked(self) -> int | None:
        """The row that keys are about."""
        found = self._troubles.list
        return found.index(self._marked) if self._marked in found else None

    def update(self, width: float, height: float) -> None:
        self._width = width
        count = len(self._troubles.list)
        marked = () if self.marked is None else (self.marked,)
        self.rows.update(max(count, 1), Rect(0.0, 0.0, width, height), (self._troubles.version,), marked)

    def key(self, chord: str) -> bool:
        found = self._troubles.list
        steps = {"Up": -1, "Down": 1, "PageUp": -self.rows.page(), "PageDown": self.rows.page()}
        if chord in steps and found:
            now = self.marked
            place = 0 if now is None else max(0, min(now + steps[chord], len(found) - 1))
            self._marked = found[place]
            self.rows.reveal(place)
        elif chord == "Enter" and self._marked in found:
            self._workspace.find(self._marked.node)
        elif chord == "Ctrl+C":
            self._copy()
        else:
            return chord in steps
        return True

    def button(self, trouble: Trouble, row: Rect) -> Rect | None:
        """Where the button that mends it is, on its row."""
        if trouble.fix is None:
            return None
        width = self._ui.faces.width(trouble.fix.title, self._ui.faces.text) * _SIZE + 20.0
        return Rect.of(row.right - width - 4.0, row.top + (ROW - _BUTTON) / 2, width, _BUTTON)

    def _press(self, place: int, x: float) -> None:
        found = self._troubles.list
        if place >= len(found):
            return
        trouble = self._marked = found[place]
        button = self.button(trouble, Rect.of(0.0, place * ROW, self.rows.width, ROW))
        if trouble.fix is not None and button is not None and x >= button.left:
            trouble.fix.do()
        elif trouble.node:
            self._workspace.find(trouble.node)

    def _copy(self) -> None:
        found = self._troubles.list
        dpg.set_clipboard_text("\n".join(trouble.text for trouble in found))
        self._workspace.notices.say(f"{len(found)} problem{'s' * (len(found) != 1)} copied", "done")

    def _draw(self, pen: Pen, place: int, row: Rect) -> None:
        faces, top = self._ui.faces, row.top + 5.0
        if place >= len(self._troubles.list):
            pen.text((14.0, top), "No problems", colors.text_faint, _SIZE)
            return
        trouble = self._troubles.list[place]
        glyph, role = _LOOKS[trouble.severity]
        color: Rgba = getattr(colors, role)
        pen.text((14.0, top + 0.5), glyph, color, 13.0, faces.icons)
        start = min(_MESSAGE, row.width * _SHARE)
        where = faces.fit(trouble.where, faces.medium, _SIZE, start - _WHERE - 12.0)
        pen.text((_WHERE, top), where, colors.text, _SIZE, faces.medium)
        button = self.button(trouble, row)
        end = button.left - 12.0 if button else row.right - 4.0
        message = faces.fit(trouble.message, faces.text, _SIZE, max(end - start, 20.0))
        pen.text((start, top), message, colors.text, _SIZE)
        after = start + faces.width(message, faces.text) * _SIZE + 8.0
        if message == trouble.message and end - after > 60.0:
            pen.text((after, top), faces.fit(trouble.hint, faces.text, _SIZE, end - after), colors.text_dim, _SIZE)
        if button is not None and trouble.fix is not None:
            pen.rect(button, fade(colors.accent, 0.16), fade(colors.accent, 0.55), 4.0)
            pen.text((button.left + 10.0, button.top + 2.5), trouble.fix.title, colors.text, _SIZE)
