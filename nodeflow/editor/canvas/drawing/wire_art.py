"""Wires as drawn: a curve in the colour of its kind on a dark one that parts it from what it crosses.

The kind is told without colour, too: half way there is the shape of its ports, except on pictures, the commonest; and
a list is a double line. A ring half way marks a conversion.

GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.boxes import Wire
from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.geometry import Curve
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.layout import PORTS_ZOOM, ROWS_ZOOM
from nodeflow.editor.palette import Rgba, colors, fade, mix, rgba
from nodeflow.graph import ANY

_WIDTH: Final = 2.25
_UNSIGNED: Final = ("Image", ANY)


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
        many = kind_style(wire.kind).many
        width = _WIDTH * (2.2 if many else 1.0)
        self._under = self._pen.curve(wire.curve, fade(colors.ground, 0.9), width + 2.5)
        self._line = self._pen.curve(wire.curve, color, width)
        self._curves = [self._under, self._line]
        if many:
            self._curves.append(self._pen.curve(wire.curve, colors.ground, _WIDTH * 0.7))
        self._sign_at = 0
        self._sign = Pen(0, faces, 1.0)
        if wire.converts or wire.kind not in _UNSIGNED:
            self._sign_at = int(dpg.add_draw_node(parent=parent))
            self._sign = Pen(self._sign_at, faces, 1.0)
            self._draw_sign(color)
            self._place_sign()

    def delete(self) -> None:
        self._pen.delete()
        if self._sign_at:
            dpg.delete_item(self._sign_at)

    def _draw_sign(self, color: Rgba) -> None:
        """The mark half way, about the origin."""
        if self.wire.converts:
            self._sign.circle((0.0, 0.0), 5.5, colors.ground, color, 1.5)
            self._sign.circle((0.0, 0.0), 2.0, color)
        else:
            self._sign.port((0.0, 0.0), kind_style(self.wire.kind), 3.6, 0.35 if self.wire.quiet else 1.0)

    def _place_sign(self) -> None:
        x, y = self.wire.curve.at(0.5)
        dpg.apply_transform(self._sign_at, dpg.create_translation_matrix([x, y, 0.0]))

    def follow(self, wire: Wire) -> bool:
        """Take the new place of the same link; False if it must be drawn anew."""
        old = self.wire
        if wire._replace(link=old.link, curve=old.curve, bounds=old.bounds) != old:
            return False
        self.wire = wire
        for item in self._curves[1:] if self._far else self._curves:
            move_curve(item, wire.curve)
        if self._sign_at:
            self._place_sign()
        return True

    def show(self, shown: bool) -> None:
        self._pen.show(shown)
        if self._sign_at:
            dpg.configure_item(self._sign_at, show=shown)

    def zoom_to(self, zoom: float, pixel: float) -> None:
        far = zoom < ROWS_ZOOM  # the dark one is hardly wider than the wire then
        if far != self._far:
            self._far = far
            move_curve(self._under, self.wire.curve)  # it does not follow while it is hidden
            dpg.configure_item(self._under, show=not far)
        self._pen.resize(pixel)
        if self._sign_at:
            self._sign.show(zoom >= (PORTS_ZOOM if self.wire.converts else ROWS_ZOOM))
            self._sign.resize(pixel)

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
