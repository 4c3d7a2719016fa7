"""What the run costs, node by node, the slowest first; a press on a node goes to it. GUI thread only."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.live import state_color
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.palette import colors, fade, mix
from nodeflow.editor.panels.row_list import RowList
from nodeflow.editor.running.figures import COLUMNS, Cost, column_ends, costs, flow
from nodeflow.editor.running.gpu_use import GpuMeter, Use
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

ROW: Final = 24.0
_HEAD: Final = 60.0
_PAD: Final = 16.0
_NAME: Final = 190.0
"""Where the bars begin."""
_EVERY: Final = 0.5
"""Seconds: all rows change while a graph runs, and nobody reads columns of digits faster."""
_LEAST_NAME: Final = 130.0
"""What is left of a node's title where there is little room."""
_GPU_BAR: Final = 60.0


class Performance:
    """A tab of the dock."""

    title = "Performance"
    badge = ""
    tools_width = 26.0

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, dock: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self._gpu = GpuMeter()
        self.root = int(dpg.add_child_window(parent=dock, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._head = int(dpg.add_drawlist(10, ui.px(_HEAD), parent=self.root))
        self._pen = ui.pen(self._head)
        self.rows = RowList(ui, self.root, ROW, self._draw_row, self._go_to)
        self.tools = int(dpg.add_group(parent=dock, show=False))
        save = commands["run.trace"]
        with dpg.group(parent=self.tools):
            self._save = ui.icon_button(save.icon, partial(commands.run, save.name), save.tip, 26)
        self._next = 0.0
        self._flow: list[tuple[str, str]] = []
        self.costs: list[Cost] = []
        self._drawn: tuple[object, ...] = ()

    def update(self, width: float, height: float) -> None:
        """Once per frame while it is in front; the GPU is asked only then."""
        now = time.monotonic()
        self._gpu.want(now)
        if now >= self._next:
            self._next = now + _EVERY
            self.costs = [
                cost for cost in costs(self._workspace.run.snapshot) if cost.node in self._workspace.graph.nodes
            ]
            dpg.configure_item(self._save, enabled=self._commands["run.trace"].enabled())
        self._flow = flow(self._workspace.run.told)
        drawn = (colors.version, self._flow, bool(self.costs), self._gpu.said, width)
        if drawn != self._drawn:
            self._drawn = drawn
            dpg.configure_item(self._head, width=self._ui.px(width))
            self._draw_head(width)
        selected = self._workspace.canvas.selection.nodes
        marked = tuple(place for place, cost in enumerate(self.costs) if cost.node in selected) if selected else ()
        self.rows.update(len(self.costs), Rect(0.0, _HEAD, width, height), (tuple(self.costs),), marked)

    def key(self, _chord: str) -> bool:
        return False

    def _draw_head(self, width: float) -> None:
        pen, faces = self._pen, self._ui.faces
        pen.clear()
        x = _PAD
        for name, number in self._flow:
            wide, more = faces.width(number, faces.medium) * 15.0 + 5.0, faces.width(name, faces.text) * 13.0
            if x + wide + more > width - _PAD:
                break
            pen.text((x, 9.0), number, colors.text, 15.0, faces.medium)
            pen.text((x + wide, 10.5), name, colors.text_faint, 13.0)
            x += wide + more + 20.0
        self._draw_gpu(width, x)
        title = "node" if self.costs else "Nothing has run yet"
        pen.text((_PAD, _HEAD - 20.0), title, colors.text_faint, 13.0)
        for title, right in self._columns(width) if self.costs else ():
            pen.text_right(right, _HEAD - 20.0, title, colors.text_faint, 13.0)

    def _columns(self, width: float) -> list[tuple[str, float]]:
        """The columns of numbers that there is room for, and where each ends."""
        ends = column_ends(width - _PAD - _LEAST_NAME)
        return [(title, width - _PAD - end) for title, end in ends.items()]

    def _draw_gpu(self, width: float, left: float) -> None:
        """At the right end of the first line, as many of the GPUs as there is room for."""
        pen, faces, right = self._pen, self._ui.faces, width - _PAD
        said = self._gpu.said
        if isinstance(said, str):
            words = faces.fit(said, faces.text, 13.0, max(right - left, 0.0))
            pen.text_right(right, 10.5, words, colors.text_faint, 13.0)
            return
        for use in said:
            words = use.words
            wide = faces.width(words, faces.text) * 13.0
            begins = right - wide - (_GPU_BAR + 8.0 if use.busy is not None else 0.0)
            if begins < left:
                break
            pen.text_right(right, 10.5, words, colors.text_dim, 13.0)
            if use.busy is not None:
                self._draw_bar(Rect.of(begins, 14.0, _GPU_BAR, 8.0), use)
            right = begins - 24.0

    def _draw_bar(self, bar: Rect, use: Use) -> None:
        self._pen.rect(bar, colors.field, rounding=3.0)
        if use.busy:
            spent = Rect.of(bar.left, bar.top, max(bar.width * use.busy, 4.0), bar.height)
            self._pen.rect(spent, fade(mix(colors.good, colors.warn, use.busy), 0.85), rounding=3.0)

    def _draw_row(self, pen: Pen, place: int, row: Rect) -> None:
        cost, faces = self.costs[place], self._ui.faces
        status, top, right = cost.status, row.top + 5.0, dpg.get_item_width(self._head) / self._ui.scale
        pen.circle((_PAD + 3.0, row.center[1]), 3.0, state_color(status.state))
        title = self._workspace.title(cost.node)
        columns = self._columns(right)
        numbers_begin = columns[-1][1] - COLUMNS["a call"]
        room = min(_NAME - 10.0, numbers_begin) - _PAD - 16.0
        pen.text((_PAD + 14.0, top), faces.fit(title, faces.text, 14.0, room), colors.text, 14.0)
        bars = Rect(_NAME, row.top + 8.0, numbers_begin, row.bottom - 8.0)
        if bars.width > 30.0:
            pen.rect(bars, colors.field, rounding=3.0)
            if cost.bar > 0.005:
                spent = Rect.of(bars.left, bars.top, max(bars.width * cost.bar, 4.0), bars.height)
                pen.rect(spent, fade(mix(colors.good, colors.warn, cost.bar), 0.85), rounding=3.0)
        ran = status.runs > 0
        numbers = {
            "a call": milliseconds(status.ms) if ran else "",
            "share": f"{cost.share:.0%}" if ran else "",
            "waits": milliseconds(status.waited_ms) if ran else "",
            "runs": str(status.runs),
            "failed": str(status.failed or ""),
            "on": faces.fit(status.provider, faces.text, 14.0, 110.0),
        }
        for title, end in columns:
            color = colors.text if title == "a call" else colors.bad if title == "failed" else colors.text_dim
            pen.text_right(end, top, numbers[title], color, 14.0)

    def _go_to(self, place: int, _x: float) -> None:
        self._workspace.jump_to(self.costs[place].node)
