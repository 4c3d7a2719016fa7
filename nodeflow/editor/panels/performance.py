"""What the run costs, node by node, the slowest first; a click on a node goes to it. GUI thread only."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.live import state_color
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.fonts import Icon
from nodeflow.editor.palette import colors, fade, mix
from nodeflow.editor.running.figures import Cost, costs, flow, milliseconds
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import Snapshot

HEIGHT: Final = 236.0
_HEAD: Final = 64.0
ROW: Final = 24.0
_PAD: Final = 16.0
_NAME: Final = 190.0
"""Where the bars begin."""
_EVERY: Final = 0.2
_COLUMNS: Final = (
    ("a call", 412.0),
    ("share", 348.0),
    ("waits", 278.0),
    ("runs", 206.0),
    ("failed", 146.0),
    ("on", 16.0),
)
"""Titles of the columns of numbers, and how far from the right edge each ends."""


class Performance:
    """A child window of its own, shown while `open`."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self.open = False
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        dpg.bind_item_theme(self.root, ui.themes.panel)
        self._head = int(dpg.add_drawlist(10, ui.px(_HEAD), parent=self.root))
        self._buttons = int(dpg.add_group(parent=self.root, horizontal=True, horizontal_spacing=ui.px(2)))
        dpg.push_container_stack(self._buttons)
        save = commands["run.trace"]
        self._save = ui.icon_button(save.icon, partial(commands.run, save.name), save.tip, 26)
        ui.icon_button(Icon.CLOSE, self.toggle, "Close", 26)
        dpg.pop_container_stack()
        self._list = int(dpg.add_child_window(parent=self.root))
        self._rows = int(dpg.add_drawlist(10, 10, parent=self._list))
        self._pens = tuple(ui.pen(item) for item in (self._head, self._rows))
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._go_to)
        dpg.bind_item_handler_registry(self._rows, clicked)
        self._next = 0.0
        self._snapshot = Snapshot()
        self._costs: list[Cost] = []
        self._drawn: tuple[object, ...] = ()

    @property
    def height(self) -> float:
        """In logical pixels; 0 while it is not shown."""
        return HEIGHT if self.open else 0.0

    def toggle(self) -> None:
        self.open = not self.open

    def update(self, width: float, height: float) -> None:
        """Once per frame; the panel's size in logical pixels."""
        if not self.open:
            return
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            self._snapshot = self._workspace.run.snapshot
            self._costs = [cost for cost in costs(self._snapshot) if cost.node in self._workspace.graph.nodes]
        room = height - _HEAD
        first = int(dpg.get_y_scroll(self._list) / self._ui.px(ROW))
        seen = range(first, min(len(self._costs), first + int(room / ROW) + 2))
        selected = self._workspace.canvas.selection.nodes
        drawn = (colors.version, flow(self._snapshot), self._costs, seen, self._pointed(), selected, width, height)
        if drawn != self._drawn:
            self._drawn = drawn
            self._place(width, height)
            self._draw_head(width)
            self._draw_rows(width, seen)

    def _place(self, width: float, height: float) -> None:
        ui = self._ui
        dpg.configure_item(self._head, width=ui.px(width))
        dpg.configure_item(self._list, pos=(0, ui.px(_HEAD)), width=ui.px(width), height=ui.px(height - _HEAD))
        dpg.configure_item(self._rows, width=ui.px(width), height=max(1, ui.px(ROW) * len(self._costs)))
        dpg.configure_item(self._save, enabled=self._commands["run.trace"].enabled())
        dpg.set_item_pos(self._buttons, [ui.px(width - 66), ui.px(5)])

    def _draw_head(self, width: float) -> None:
        pen, faces = self._pens[0], self._ui.faces
        pen.clear()
        pen.rect(Rect(0.0, 0.0, width, 1.0), colors.border)
        x = _PAD
        for name, number in flow(self._snapshot):
            pen.text((x, 11.0), number, colors.text, 15.0, faces.medium)
            x += faces.width(number, faces.medium) * 15.0 + 5.0
            pen.text((x, 12.5), name, colors.text_faint, 13.0)
            x += faces.width(name, faces.text) * 13.0 + 20.0
        for title, right in _COLUMNS:
            pen.text_right(width - right, _HEAD - 20.0, title, colors.text_faint, 13.0)
        title = "node" if self._costs else "Nothing has run yet"
        pen.text((_PAD, _HEAD - 20.0), title, colors.text_faint, 13.0)

    def _draw_rows(self, width: float, seen: range) -> None:
        self._pens[1].clear()
        pointed = self._pointed()
        for place in seen:
            cost, row = self._costs[place], Rect.of(0.0, place * ROW, width, ROW)
            if cost.node in self._workspace.canvas.selection.nodes:
                self._pens[1].rect(row, fade(colors.accent, 0.22))
            elif cost is pointed:
                self._pens[1].rect(row, colors.field)
            self._draw_row(row, cost)

    def _draw_row(self, row: Rect, cost: Cost) -> None:
        pen, faces, status = self._pens[1], self._ui.faces, cost.status
        top = row.top + 5.0
        pen.circle((_PAD + 3.0, row.center[1]), 3.0, state_color(status.state))
        title = self._workspace.title(cost.node)
        pen.text((_PAD + 14.0, top), faces.fit(title, faces.text, 14.0, _NAME - _PAD - 26.0), colors.text, 14.0)
        bars = Rect(_NAME, row.top + 8.0, row.right - _COLUMNS[0][1] - 66.0, row.bottom - 8.0)
        if bars.width > 30.0:
            pen.rect(bars, colors.field, rounding=3.0)
            if cost.bar > 0.005:
                spent = Rect.of(bars.left, bars.top, max(bars.width * cost.bar, 4.0), bars.height)
                pen.rect(spent, fade(mix(colors.good, colors.warn, cost.bar), 0.85), rounding=3.0)
        ran = status.runs > 0
        numbers = (
            milliseconds(status.ms) if ran else "",
            f"{cost.share:.0%}" if ran else "",
            milliseconds(status.waited_ms) if ran else "",
            str(status.runs),
            str(status.failed or ""),
            faces.fit(status.provider, faces.text, 14.0, 110.0),
        )
        for (title, right), number in zip(_COLUMNS, numbers, strict=True):
            color = colors.text if title == "a call" else colors.bad if title == "failed" else colors.text_dim
            pen.text_right(row.right - right, top, number, color, 14.0)

    def _pointed(self) -> Cost | None:
        """What the pointer is on."""
        if not dpg.is_item_hovered(self._rows):
            return None
        place = int((mouse_at()[1] - dpg.get_item_rect_min(self._rows)[1]) / (ROW * self._ui.scale))
        return self._costs[place] if 0 <= place < len(self._costs) else None

    def _go_to(self) -> None:
        pointed = self._pointed()
        if pointed is not None:
            self._workspace.jump_to(pointed.node)
