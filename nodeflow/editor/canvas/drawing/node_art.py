"""One node as drawn: built from its `Face` once, then changed only where something changed.

What a face says is drawn in three pens, shown by level of detail: the box, its ports, and everything that is to be
read. What a run says (state, time, message, picture) is drawn over it by `LiveArt`. GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.geometry import Rect, wire_curve
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.layout import (
    CORNER,
    PAD,
    PORT_RADIUS,
    PORTS_ZOOM,
    ROWS_ZOOM,
    TEXT,
    TITLE,
    TITLE_TEXT,
    Face,
    ParamFace,
    Side,
)
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import BLACK, CLEAR, Rgba, colors, fade, rgb, rgba, title_color

_DIMMED: Final = 0.25
_SHADE: Final = 0.5
"""How much of a node is hidden on which a wire in hand can end nowhere."""
_NAME_TEXT: Final = 28.0
_SHADOW: Final = 9.0
"""How far a shadow reaches, counted from under the box."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the pointer and the selection say of a node."""

    selected: bool = False
    hovered: bool = False
    param: str | None = None
    """The parameter row under the pointer."""
    lit: frozenset[tuple[Side, str]] | None = None
    """The ports that the wire in hand may go to; None where there is no wire in hand."""


class NodeArt:
    """The drawing of one face, under a DearPyGui node that carries its place; `over` is for what lies on the face.

    It begins as two plain rectangles. `zoom_to` adds what is worth seeing then: that takes longer than a frame has for
    many nodes, so the painter does it in its own time, and until then a node stands there as it was.
    """

    def __init__(self, parent: int, face: Face, category: str, linked: frozenset[str], faces: Faces) -> None:
        self.face = face
        self.root = int(dpg.add_draw_node(parent=parent))
        self._faces = faces
        self._category = category
        self._linked = linked
        self._has_sockets = any(port.socket for port in face.ports)
        self._marks = Marks()
        self._pixel = 0.0
        self._rows: dict[str, int] = {}
        shade = int(dpg.add_draw_node(parent=self.root))
        ground = int(dpg.add_draw_node(parent=self.root))
        top = ground if face.mode == "on" else int(dpg.add_draw_node(parent=self.root))
        self.over = int(dpg.add_draw_node(parent=self.root))
        self._shadow = Pen(shade, faces, 1.0)
        self._shade = Pen(self.root, faces, 1.0)
        self._far = Pen(ground, faces, 1.0)
        self._near = Pen(ground, faces, 1.0)
        self._name = Pen(ground, faces, 1.0)
        self._words = Pen(ground, faces, 1.0)
        self._ports = Pen(top, faces, 1.0)
        self._veil = Pen(top, faces, 1.0)
        self._far_edge = self._draw_far(self._far)
        self._near_edge = 0
        self._edge: tuple[Rgba, float, int] | None = None
        self._named = self._written = False
        if face.mode != "on":
            self._draw_veil(self._veil)

    def delete(self) -> None:
        dpg.delete_item(self.root)

    def place(self, at: tuple[float, float]) -> None:
        dpg.apply_transform(self.root, dpg.create_translation_matrix([at[0], at[1], 0.0]))

    def show(self, shown: bool) -> None:
        dpg.configure_item(self.root, show=shown)

    def mark(self, marks: Marks) -> None:
        if marks == self._marks:
            return
        before, self._marks = self._marks, marks
        self._mark_edge()
        self._mark_row(before.param, marks.param)
        if before.lit != marks.lit:
            self._mark_shade()
        if self._near_edge and (before.lit != marks.lit or (before.hovered != marks.hovered and self._has_sockets)):
            self._ports.clear()
            self._draw_ports(self._ports)

    def zoom_to(self, zoom: float, pixel: float) -> None:
        """Show what is worth showing at `zoom`, for `pixel` real pixels to a world unit."""
        if pixel == self._pixel:
            return
        self._pixel = pixel
        near, written = zoom >= PORTS_ZOOM, zoom >= ROWS_ZOOM
        self._far.show(not near)
        for pen, shown in (
            (self._near, near),
            (self._shadow, written),
            (self._name, near and not written),
            (self._words, written),
            (self._ports, near),
        ):
            pen.show(shown)
            if shown:
                pen.resize(pixel)
        self._veil.resize(pixel)
        self._shade.resize(pixel)
        if near and not self._near_edge:
            self._near_edge = self._draw_near(self._near)
            self._draw_ports(self._ports)
        if near and not written and not self._named:
            self._named = True
            self._draw_name(self._name)
        if written and not self._written:
            self._written = True
            self._draw_shadow(self._shadow)
            self._draw_words(self._words)
            self._mark_row(None, self._marks.param)
        self._mark_edge()

    def _mark_edge(self) -> None:
        thickness = max(1.0, round((2.0 if self._marks.selected else 1.0) * max(self._pixel, 0.5)))
        edge = (self._edge_color(), thickness, self._near_edge)
        if edge != self._edge:
            self._edge = edge
            for item in (self._far_edge, self._near_edge):
                if item:
                    dpg.configure_item(item, color=edge[0], thickness=thickness)

    def _mark_shade(self) -> None:
        """Stand back from a wire in hand that can go nowhere here."""
        self._shade.clear()
        if self._marks.lit is not None and not self._marks.lit:
            whole = Rect(0.0, 0.0, self.face.width, self.face.height).grown(1.0)
            self._shade.rect(whole, fade(colors.ground, _SHADE), rounding=CORNER)

    def _mark_row(self, before: str | None, now: str | None) -> None:
        for name, fill in ((before, colors.field), (now, colors.field_active)):
            if before != now and name in self._rows:
                dpg.configure_item(self._rows[name], fill=fill)

    def _edge_color(self) -> Rgba:
        if self._marks.selected:
            return colors.accent
        if not self.face.known:
            return fade(colors.bad, 0.8)
        return fade(colors.contrast, 0.28) if self._marks.hovered else fade(colors.contrast, 0.07)

    def _draw_far(self, pen: Pen) -> int:
        """What is left of a node that is a few millimetres wide: two plain rectangles. Returns its edge."""
        face = self.face
        whole = Rect(0.0, 0.0, face.width, face.height)
        pen.rect(whole, colors.node)
        pen.rect(face.bar, self._title_color())
        return pen.rect(whole, CLEAR, fade(colors.contrast, 0.07))

    def _draw_near(self, pen: Pen) -> int:
        """The box. Returns its edge."""
        face = self.face
        whole = Rect(0.0, 0.0, face.width, face.height)
        if face.collapsed:
            pen.rect(face.bar, self._title_color(), rounding=CORNER)
        else:
            self._draw_body(pen)
            pen.rect(Rect(0.0, 0.0, face.width, 2 * CORNER), self._title_color(), rounding=CORNER)
            pen.rect(Rect(0.0, CORNER, face.width, TITLE), self._title_color())
        return pen.rect(whole.grown(0.5), CLEAR, fade(colors.contrast, 0.07), rounding=CORNER)

    def _draw_body(self, pen: Pen) -> None:
        """What is below the title, and the room of the preview in it.

        Without a GPU each fill costs, and a round corner more, the larger its box: it is filled as triangles from one
        corner to all others. So hardly a pixel is filled twice, and the boxes with round corners are low.
        """
        width, height, room = self.face.width, self.face.height, self.face.preview
        pen.rect(Rect(0.0, height - 2 * CORNER, width, height), colors.node, rounding=CORNER)
        foot = height - CORNER
        if room is None:
            pen.rect(Rect(0.0, TITLE, width, foot), colors.node)
            return
        pen.rect(Rect(0.0, TITLE, width, room.top), colors.node)
        pen.rect(Rect(0.0, room.top, room.left, room.bottom), colors.node)
        pen.rect(Rect(room.right, room.top, width, room.bottom), colors.node)
        pen.rect(Rect(0.0, room.bottom, width, foot), colors.node)
        pen.rect(room, colors.ground, fade(colors.contrast, 0.05))

    def _draw_shadow(self, pen: Pen) -> None:
        """Only what is seen of a shadow. From afar that is nothing."""
        whole = Rect(0.0, 0.0, self.face.width, self.face.height)
        pen.shadow(whole.grown(-CORNER / 2).moved(0.0, 1.5), _SHADOW, fade(colors.shadow, 0.36))

    def _draw_veil(self, pen: Pen) -> None:
        """What makes a node that does not run a ghost: the canvas shines through, and what it hands on runs past it."""
        face = self.face
        pen.rect(Rect(0.0, 0.0, face.width, face.height), fade(colors.ground, 0.62), rounding=CORNER)
        for into, out in face.through:
            start, end = face.port("in", into), face.port("out", out)
            if start and end:
                pen.curve(wire_curve(start.at, end.at), rgba(kind_style(end.kind).color), 2.25)
        sign = Icon.MUTED if face.mode == "muted" else Icon.BYPASSED
        pen.text((face.eye.left - 15.0, (TITLE - 11.0) / 2), sign, colors.text_dim, 11.0, self._faces.icons)

    def _draw_name(self, pen: Pen) -> None:
        """The title across the box, over its picture if it has one, for when nothing else of it can be read."""
        face, faces = self.face, self._faces
        top, size, most = (0.0, TITLE_TEXT, 1) if face.collapsed else (TITLE, _NAME_TEXT, 2)
        room = (face.preview.top if face.preview else face.height) - top
        size = min(size, room)
        lines = faces.wrap(face.title, faces.medium, size, face.width - 3 * PAD, min(most, int(room / size)))
        top += (room - len(lines) * size) / 2
        for place, line in enumerate(lines):
            left = (face.width - faces.width(line, faces.medium) * size) / 2
            pen.text((left, top + place * size), line, fade(colors.text, 0.8), size, faces.medium)

    def _title_color(self) -> Rgba:
        return title_color(self._category) if self.face.known else colors.node_title

    def _draw_ports(self, pen: Pen) -> None:
        lit = self._marks.lit
        for port in self.face.ports:
            taken = lit is None or (port.side, port.name) in lit
            if port.socket and f"in.{port.name}" not in self._linked and not (taken and (lit or self._marks.hovered)):
                continue
            if lit is not None and taken:
                pen.circle(port.at, PORT_RADIUS * 2.2, fade(rgba(kind_style(port.kind).color), 0.25))
            pen.port(port.at, kind_style(port.kind), PORT_RADIUS, 1.0 if taken else _DIMMED)

    def _draw_words(self, pen: Pen) -> None:
        face, faces = self.face, self._faces
        middle = (TITLE - TITLE_TEXT) / 2
        folded = Icon.CHEVRON_RIGHT if face.collapsed else Icon.CHEVRON
        pen.text((face.fold.left + 6.0, (TITLE - 10.0) / 2), folded, fade(colors.contrast, 0.45), 10.0, faces.icons)
        eye = Icon.EYE if face.preview else Icon.EYE_OFF
        pen.text(
            (face.eye.left + 3.0, (TITLE - 11.0) / 2),
            eye,
            fade(colors.contrast, 0.5 if face.preview else 0.22),
            11.0,
            faces.icons,
        )
        room = face.eye.left - face.fold.right - (6.0 if face.mode == "on" else 24.0)
        title = faces.fit(face.title, faces.medium, TITLE_TEXT, room)
        pen.text(
            (face.fold.right + 2.0, middle),
            title,
            colors.text if face.known else colors.text_dim,
            TITLE_TEXT,
            faces.medium,
        )
        if not face.collapsed:
            self._draw_port_names(pen)
            for param in face.params:
                self._draw_row(pen, param)
            if face.grip:
                self._draw_grip(pen, face.grip)

    def _draw_port_names(self, pen: Pen) -> None:
        face, faces = self.face, self._faces
        for port in face.ports:
            if port.socket:
                continue
            color = (
                colors.text_faint
                if port.optional and f"{port.side}.{port.name}" not in self._linked
                else colors.text_dim
            )
            color = color if port.known else colors.bad
            top = port.at[1] - TEXT / 2
            name = faces.fit(port.text, faces.text, TEXT, face.width - 2 * PAD)
            if port.side == "in":
                pen.text((PAD + 2.0, top), name, color, TEXT)
            else:
                pen.text_right(face.width - PAD - 2.0, top, name, color, TEXT)

    def _draw_row(self, pen: Pen, param: ParamFace) -> None:
        rect, faces = param.rect, self._faces
        self._rows[param.name] = pen.rect(rect, colors.field, rounding=4.0)
        if param.fraction:
            filled = Rect(rect.left, rect.top, rect.left + rect.width * param.fraction, rect.bottom)
            pen.rect(filled, fade(colors.accent, 0.20), rounding=4.0)
        top, left, right = rect.center[1] - TEXT / 2, rect.left + 7.0, rect.right - 7.0
        kind = param.schema.type
        if param.open and kind in ("choice", "model"):
            pen.text((right - 8.0, rect.center[1] - 4.0), Icon.CHEVRON, colors.text_faint, 8.0, faces.icons)
            right -= 14.0
        elif kind in ("file", "folder", "save"):
            pen.text((right - 10.0, rect.center[1] - 5.0), Icon.FOLDER, colors.text_faint, 10.0, faces.icons)
            right -= 16.0
        if param.exposed:
            pen.text((left - 2.0, rect.center[1] - 4.5), Icon.LEAVE, colors.accent, 9.0, faces.icons)
            left += 10.0
        label = param.name.replace("_", " ")
        label_width = faces.width(label, faces.text) * TEXT
        pen.text((left, top), faces.fit(label, faces.text, TEXT, right - left), colors.text_dim, TEXT)
        room = right - left - label_width - 8.0
        if kind == "toggle":
            self._draw_switch(pen, right, rect.center[1], bool(param.value))
        elif kind == "color":
            swatch = Rect(right - 26.0, rect.center[1] - 6.0, right, rect.center[1] + 6.0)
            pen.rect(swatch, hex_color(param.value), fade(colors.contrast, 0.2), rounding=3.0)
        else:
            text = faces.fit(param.text, faces.text, TEXT, room)
            is_faint = param.text == "none" or not param.open
            pen.text_right(right, top, text, colors.text_faint if is_faint else colors.text, TEXT)

    def _draw_switch(self, pen: Pen, right: float, middle: float, on: bool) -> None:
        track = Rect(right - 22.0, middle - 6.0, right, middle + 6.0)
        pen.rect(track, colors.primary if on else colors.field_active, rounding=6.0)
        pen.circle(
            (track.right - 6.0 if on else track.left + 6.0, middle), 4.5, colors.on_primary if on else colors.text_dim
        )

    def _draw_grip(self, pen: Pen, grip: Rect) -> None:
        for inset in (3.0, 6.5):
            ends = [(grip.right - inset - 1.5, grip.bottom - 3.0), (grip.right - 3.0, grip.bottom - inset - 1.5)]
            pen.line(ends, fade(colors.contrast, 0.22), 1.0)


def hex_color(value: object) -> Rgba:
    """A "#rrggbb" of a parameter as a colour; black for anything else."""
    try:
        return rgb(int(str(value).lstrip("#")[:6], 16))
    except ValueError:
        return BLACK
