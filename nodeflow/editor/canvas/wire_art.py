"""Wires as drawn: a curve in the colour of its kind on a dark one that parts it from what it crosses.

GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Curve
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.layout import PORTS_ZOOM
from nodeflow.editor.canvas.pen import Faces, Pen
from nodeflow.editor.canvas.scene import Wire
from nodeflow.editor.palette import Rgba, colors, fade, mix, rgba

_WIDTH: Final = 2.25


@dataclass(frozen=True, slots=True)
class WireMarks:
    selected: bool = False
    hovered: bool = False
    doomed: bool = False
    """About to be cut."""


class WireArt:
    """One wire, drawn anew whenever the scene has another `Wire` for its link."""

    def __init__(self, parent: int, wire: Wire, faces: Faces) -> None:
        self.wire = wire
        self._pen = Pen(parent, faces, 1.0)
        self._marks = WireMarks()
        self._far = False
        color = wire_color(wire)
        self._under = self._pen.curve(wire.curve, fade(colors.canvas, 0.9), _WIDTH + 2.5)
        self._line = self._pen.curve(wire.curve, color, _WIDTH)
        if wire.converts:
            middle = wire.curve.at(0.5)
            self._pen.circle(middle, 5.5, colors.canvas, color, 1.5)
            self._pen.circle(middle, 2.0, color)

    def delete(self) -> None:
        self._pen.delete()

    def follow(self, wire: Wire) -> bool:
        """Take the new place of the same link; False if it must be drawn anew."""
        old = self.wire
        if wire._replace(link=old.link, curve=old.curve, bounds=old.bounds) != old:
            return False
        if wire.converts:
            return False
        self.wire = wire
        for item in (self._under, self._line):
            move_curve(item, wire.curve)
        return True

    def show(self, shown: bool) -> None:
        self._pen.show(shown)

    def zoom_to(self, zoom: float, pixel: float) -> None:
        far = zoom < PORTS_ZOOM
        if far != self._far:
            self._far = far
            dpg.configure_item(self._under, show=not far)
        self._pen.resize(pixel)

    def mark(self, marks: WireMarks) -> None:
        if marks != self._marks:
            self._marks = marks
            color = wire_color(self.wire)
            if marks.doomed:
                color = colors.bad
            elif marks.selected:
                color = mix(color, colors.contrast, 0.7)
            elif marks.hovered:
                color = mix(color, colors.contrast, 0.35)
            dpg.configure_item(self._line, color=color)


def wire_color(wire: Wire) -> Rgba:
    if not wire.fits:
        return colors.bad
    return rgba(kind_style(wire.kind).color, 0.3 if wire.quiet else 0.88)


def move_curve(item: int, curve: Curve) -> None:
    dpg.configure_item(item, p1=curve.a, p2=curve.b, p3=curve.c, p4=curve.d)
