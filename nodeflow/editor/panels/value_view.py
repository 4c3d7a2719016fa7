"""A value that is no picture, as the viewer shows it: a plot, a table, a text, a wave, a spread of numbers.

Lengths are logical pixels. What changes many times a second is drawn ten times a second at most. GUI thread only.
"""

from __future__ import annotations

import bisect
import time
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.drawing.value_art import bounds_of, curve_of, draw_bars, draw_wave, spread_lines
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.numbers import number
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.tables import columns_of, spots_of
from nodeflow.editor.ui import Ui
from nodeflow.engine.look import Look, Rows, Series, Spread, Wave, Words

_EVERY: Final = 0.1
_ROW: Final = 24.0
_PAD: Final = 14.0
_AXIS: Final = 52.0
_TEXT: Final = 14.0
_CELL: Final = 13.0
_GAP: Final = 14.0
_SLACK: Final = 1.0
"""What is as wide as its column is not cut for a rounding."""


class ValueView:
    """Draws into `drawing`, a drawlist; texts stand in a field over it, where they can be selected."""

    def __init__(self, ui: Ui, drawing: int, parent: int) -> None:
        self._ui, self._drawing = ui, drawing
        self._field = int(dpg.add_input_text(parent=parent, multiline=True, readonly=True, show=False, pos=(0, 0)))
        dpg.bind_item_theme(self._field, ui.themes.quiet)
        self._pen: Pen | None = None
        self._next = 0.0
        self._first = 0
        """The first row of a table that is seen."""
        self._key: tuple[object, ...] = ()
        self._spot: tuple[str, str] = ("", "")
        with dpg.handler_registry():
            dpg.add_mouse_wheel_handler(callback=self._wheel)

    def forget(self) -> None:
        """Something else is drawn there now."""
        self._key, self._pen = (), None
        dpg.configure_item(self._field, show=False)

    def draw(self, room: Rect, look: Look) -> None:
        """Once per frame."""
        if (look.node, look.output) != self._spot:
            self._spot, self._first, self._next = (look.node, look.output), 0, 0.0
        if isinstance(look.shows, Words):
            self._write(room, look.shows)
            return
        pointer = self._pointer(room)
        now = time.monotonic()
        steady = (room, colors.version, self._spot, self._first, pointer)
        if now < self._next and self._key[:-1] == steady:
            return
        key = (*steady, look.serial)
        if key == self._key:
            return
        self._next, self._key = now + _EVERY, key
        pen = self._fresh_pen()
        inside = room.grown(-_PAD)
        match look.shows:
            case Series() as series:
                self._plot(pen, inside, series, pointer)
            case Rows() as rows:
                self._table(pen, room, rows)
            case Wave() as wave:
                channels = f"{wave.channels} channel{'s' if wave.channels > 1 else ''}"
                said = f"{wave.seconds:.2f} s, {wave.rate} Hz, {channels}"
                pen.text((inside.left, inside.top), said, colors.text_dim, _TEXT)
                draw_wave(pen, Rect(inside.left, inside.top + 26.0, inside.right, inside.bottom), wave)
            case Spread() as spread:
                self._spread(pen, inside, spread)

    # ---- kinds of values -----------------------------------------------------------------------------------------

    def _write(self, room: Rect, words: Words) -> None:
        px = self._ui.px
        key = (room, words.text, colors.version)
        if key != self._key:
            if not dpg.is_item_shown(self._field):
                self._fresh_pen()
            self._key = key
            more = words.total - len(words.text)
            text = words.text + (f"\n\u2026 and {more} letters more" if more else "")
            dpg.configure_item(
                self._field, show=True, pos=(px(room.left + 6), px(room.top + 6)), width=px(room.width - 12),
                height=px(room.height - 12),
            )  # fmt: skip
            dpg.set_value(self._field, self._wrapped(text, room.width - 48.0))

    def _wrapped(self, text: str, room: float) -> str:
        """A field does not break its lines, so they are broken here."""
        faces = self._ui.faces
        return "\n".join(
            broken
            for line in text.split("\n")[:2000]
            for broken in (faces.wrap(line, faces.text, 15.0, room, 10_000) if line.strip() else [""])
        )

    def _plot(self, pen: Pen, room: Rect, series: Series, pointer: tuple[float, float] | None) -> None:
        faces = self._ui.faces
        if not series.values:
            return
        unit = f" {series.unit}" if series.unit else ""
        pen.text((room.left, room.top), number(series.values[-1]) + unit, colors.text, 24.0, faces.medium)
        chart = Rect(room.left + _AXIS, room.top + 40.0, room.right, room.bottom - 22.0)
        finite = [value for value in series.values if abs(value) < float("inf")]
        if chart.height < 30.0 or not finite:
            return
        low, high = bounds_of(finite)
        for share in (0.0, 0.5, 1.0):
            y = chart.bottom - share * chart.height
            pen.line([(chart.left, y), (chart.right, y)], fade(colors.text_faint, 0.35), 1.0)
            pen.text_right(chart.left - 8.0, y - 7.0, number(low + share * (high - low)), colors.text_faint, 12.0)
        spent = series.times[-1] - series.times[0]
        pen.text((chart.left, chart.bottom + 5.0), f"{spent:.1f} s ago", colors.text_faint, 12.0)
        pen.text_right(chart.right, chart.bottom + 5.0, "now", colors.text_faint, 12.0)
        line = curve_of(series, chart)
        if len(line) > 1:
            pen.line(line, colors.accent, 2.0)
        if pointer is not None and chart.contains(pointer) and line:
            place = min(bisect.bisect_left([at[0] for at in line], pointer[0]), len(line) - 1)
            at = line[place]
            pen.line([(at[0], chart.top), (at[0], chart.bottom)], fade(colors.text, 0.4), 1.0)
            pen.circle(at, 4.0, colors.accent)
            value = low + (chart.bottom - at[1]) / chart.height * (high - low)
            pen.text_right(room.right, room.top + 6.0, number(value) + unit, colors.text_dim, _TEXT)

    def _table(self, pen: Pen, room: Rect, rows: Rows) -> None:
        faces = self._ui.faces
        lines = max(1, int((room.height - _ROW) // _ROW) - 1)
        self._first = min(self._first, max(0, len(rows.rows) - lines))
        columns = columns_of(rows, self._first, lines)
        inner = room.width - 2 * _PAD
        spots = spots_of(columns, inner, lambda text: faces.width(text, faces.text) * _CELL, _GAP)
        pen.rect(Rect.of(room.left, room.top, room.width, _ROW + 4.0), colors.ground)
        seen = len(columns[0].texts) if columns else 0
        for line in range(2, seen + 1, 2):
            band = Rect.of(room.left, room.top + line * _ROW + 2.0, room.width, _ROW)
            pen.rect(band, fade(colors.contrast, 0.03))
        for column, (left, width) in zip(columns, spots, strict=True):
            for line, text in enumerate((column.title, *column.texts)):
                top = room.top + line * _ROW + (6.0 if line else 5.0)
                fitted = faces.fit(text, faces.text, _CELL, width - _GAP + _SLACK)
                color = colors.text if line else colors.text_faint
                if column.numeric:
                    pen.text_right(room.left + _PAD + left + width - _GAP, top, fitted, color, _CELL)
                else:
                    pen.text((room.left + _PAD + left, top), fitted, color, _CELL)
        shown = f"{self._first + 1} to {self._first + seen} of {rows.total}" if seen else "no rows"
        pen.text_right(room.right - _PAD, room.bottom - 20.0, shown, colors.text_faint, 12.0)

    def _spread(self, pen: Pen, room: Rect, spread: Spread) -> None:
        y = room.top
        axes = [("axes: " + ", ".join(spread.axes), colors.text_faint)] if spread.axes else []
        for text, color in [*spread_lines(spread), *axes]:
            pen.text((room.left, y), text, color, _TEXT)
            y += 20.0
        draw_bars(pen, Rect(room.left, y + 8.0, room.right, room.bottom), spread.first or spread.bins)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _fresh_pen(self) -> Pen:
        """A pen that takes logical pixels, on an empty sheet."""
        scale = self._ui.scale
        dpg.delete_item(self._drawing, children_only=True)
        world = int(dpg.add_draw_node(parent=self._drawing))
        dpg.apply_transform(world, dpg.create_scale_matrix([scale, scale, 1.0]))
        self._pen = Pen(world, self._ui.faces, scale)
        return self._pen

    def _pointer(self, room: Rect) -> tuple[float, float] | None:
        """Where the pointer is, if it is here."""
        if not dpg.is_item_hovered(self._drawing):
            return None
        at = self._ui.pointer_in(self._drawing)
        return at if room.contains(at) else None

    def _wheel(self, _sender: int, turns: float) -> None:
        if self._pen is not None and dpg.is_item_hovered(self._drawing):
            self._first = max(0, self._first - round(turns * 3))
