"""The strip of tabs, one for each open graph: its name, whether it is saved, how its run does. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.documents.tab_strip import HEIGHT, Part, Strip
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import Rgba, colors
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import RunState

_SIZE: Final = 14.0
_STATES: Final[dict[RunState, str]] = {
    "opening": Icon.WAITING,
    "running": Icon.PLAY,
    "paused": Icon.PAUSE,
    "failed": Icon.ERROR,
}
_REACH: Final = 5.0
"""How far a press moves before it drags its tab."""


class Tabs:
    """A child window of its own over the whole width."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True))
        self._item = int(dpg.add_drawlist(10, ui.px(HEIGHT), parent=self.root))
        self._pen = ui.pen(self._item)
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(callback=self._click)
        dpg.bind_item_handler_registry(self._item, clicked)
        self._tip = ui.tip(self.root, "")
        self._tooltip = dpg.get_item_parent(self._tip) or 0
        self._held: tuple[Sheet, float] | None = None
        """The tab that the left button went down on, and where."""
        self._dragging = False
        self._drawn: tuple[object, ...] = ()
        self._strip = Strip.of((0.0,), 0, 100.0)

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        sheets = tuple(self._workspace.sheets)
        names = tuple(sheet.document.name for sheet in sheets)
        front = sheets.index(self._workspace.sheet)
        self._strip = Strip.of(
            [self._ui.faces.width(name, self._ui.faces.text) * _SIZE for name in names], front, width
        )
        self._drag()
        part, place = self._pointed()
        told = tuple((sheet.document.dirty, _standing(sheet)) for sheet in sheets)
        drawn = (colors.version, sheets, names, front, width, part, place, told, self._dragging)
        if drawn != self._drawn:
            self._drawn = drawn
            dpg.configure_item(self._item, width=self._ui.px(width))
            self._explain(sheets[place] if part == "tab" else None)
            self._draw(sheets, width, part, place)

    @property
    def strip(self) -> Strip:
        return self._strip

    # ---- what the mouse does -------------------------------------------------------------------------------------

    def _click(self, _sender: int, about: tuple[int, int]) -> None:
        button, sheets = about[0], tuple(self._workspace.sheets)
        part, place = self._pointed()
        if part == "plus" and button == dpg.mvMouseButton_Left:
            self._commands.run("file.new")
        elif place < 0 or place >= len(sheets):
            return
        elif button == dpg.mvMouseButton_Middle or (part == "cross" and button == dpg.mvMouseButton_Left):
            self._workspace.files.close(sheets[place])
        elif button == dpg.mvMouseButton_Left:
            self._workspace.sheets.show(sheets[place])
            self._held = sheets[place], self._at()[0]

    def _drag(self) -> None:
        """Take the tab that is held to where the pointer is."""
        sheets = list(self._workspace.sheets)
        if self._held is None or self._held[0] not in sheets or not dpg.is_mouse_button_down(dpg.mvMouseButton_Left):
            self._held, self._dragging = None, False
            return
        sheet, start = self._held
        x = self._at()[0]
        self._dragging = self._dragging or abs(x - start) > _REACH
        place = sheets.index(sheet)
        landing = self._strip.landing(place, x) if self._dragging else place
        if landing != place:
            self._workspace.sheets.move(sheet, landing)

    def _at(self) -> Point:
        """The pointer in the strip's logical pixels."""
        return self._ui.pointer_in(self._item)

    def _pointed(self) -> tuple[Part, int]:
        return self._strip.hit(self._at()) if dpg.is_item_hovered(self._item) else ("empty", -1)

    def _explain(self, sheet: Sheet | None) -> None:
        document = sheet.document if sheet else None
        where = (str(document.path) if document.path else "Not saved yet") if document else ""
        dpg.set_value(self._tip, where)
        dpg.configure_item(self._tooltip, show=bool(where))

    # ---- how it looks --------------------------------------------------------------------------------------------

    def _draw(self, sheets: tuple[Sheet, ...], width: float, part: Part, pointed: int) -> None:
        pen = self._pen
        pen.clear()
        front = self._strip.tabs[sheets.index(self._workspace.sheet)]
        for left, right in ((0.0, front.left), (front.right - 1.0, width)):  # the tab in front opens onto the canvas
            pen.rect(Rect(left, HEIGHT - 1.0, right, HEIGHT), colors.border)
        for place, sheet in enumerate(sheets):
            self._draw_tab(sheet, place, part if place == pointed else "empty")
        plus = self._strip.plus
        pen.rect(plus, colors.field if part == "plus" else colors.ground)
        pen.text(
            (plus.left + 11.0, 11.0),
            Icon.ADD,
            colors.text if part == "plus" else colors.text_dim,
            12.0,
            self._ui.fonts.icons,
        )

    def _draw_tab(self, sheet: Sheet, place: int, part: Part) -> None:
        pen, faces, tab = self._pen, self._ui.faces, self._strip.tabs[place]
        front = sheet is self._workspace.sheet
        if part != "empty" and not front:
            pen.rect(tab, colors.field)
        pen.rect(Rect(tab.right - 1.0, 0.0, tab.right, HEIGHT), colors.border)
        if front:
            pen.rect(Rect(tab.left, 0.0, tab.right - 1.0, 2.0), colors.accent)
        x = tab.left + 14.0
        state, fine = _standing(sheet)
        if state in _STATES:
            pen.text((x, 12.0), _STATES[state], _state_color(state, fine), 10.0, self._ui.fonts.icons)
            x += 17.0
        name = faces.fit(sheet.document.name, faces.text, _SIZE, tab.right - 32.0 - x)
        pen.text((x, 9.5), name, colors.text if front else colors.text_dim, _SIZE)
        cross = self._strip.cross(place)
        if part == "cross":
            pen.rect(cross, colors.field_hover, rounding=4.0)
        if part == "empty" and sheet.document.dirty:
            pen.circle(cross.center, 3.5, colors.text if front else colors.text_dim)
        elif part != "empty" or front:
            pen.text(
                (cross.left + 6.0, cross.top + 4.0),
                Icon.CLOSE,
                colors.text if part == "cross" else colors.text_faint,
                11.0,
                self._ui.fonts.icons,
            )


def _standing(sheet: Sheet) -> tuple[RunState, bool]:
    """The state of a sheet's run, and whether nothing keeps it from running."""
    return sheet.run.snapshot.state, not sheet.run.snapshot.message


def _state_color(state: RunState, fine: bool) -> Rgba:
    if not fine:
        return colors.bad if state == "failed" else colors.warn
    return {"opening": colors.warn, "running": colors.good}.get(state, colors.text_dim)
