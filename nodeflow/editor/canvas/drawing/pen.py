"""Draws in world units under a DearPyGui transform.

A transform moves and stretches points only: text sizes, radii, roundings and thicknesses stay as they are. A `Pen`
remembers each of these by its size at zoom 1 and sets it anew when the zoom changes, in small steps: between two steps
nothing is called, and the font atlas meets few sizes. Delete the pen's `group` to delete what it drew. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Curve, Point, Rect
from nodeflow.editor.canvas.kinds_style import OUTLINES, KindStyle
from nodeflow.editor.canvas.wrap import fit, paragraphs, wrap
from nodeflow.editor.palette import CLEAR, Rgba, colors, rgba

Length = Literal["size", "radius", "rounding", "thickness"]

_STEP: Final[dict[Length, float]] = {"size": 0.5, "radius": 0.25, "rounding": 1.0, "thickness": 1.0}
"""Lines are whole pixels wide: Dear ImGui draws any other with three times the triangles."""
_LEAST: Final[dict[Length, float]] = {"size": 1.0, "radius": 1.0, "rounding": 0.0, "thickness": 1.0}
_RIM: Final = 1.5
"""How wide the rim of a port is."""
_SIDES: Final = {"circle": 0, "diamond": 4, "triangle": 3, "hexagon": 6}


@dataclass(frozen=True, slots=True)
class Faces:
    """Font handles, and how wide a text is in one of them at a height of one unit."""

    text: int
    medium: int
    icons: int
    width: Callable[[str, int], float]

    def fit(self, text: str, font: int, size: float, room: float) -> str:
        """`text`, cut with an ellipsis if it is wider than `room` at height `size`."""
        return fit(text, room / size, lambda part: self.width(part, font))

    def wrap(self, text: str, font: int, size: float, room: float, most: int) -> list[str]:
        """`text` in lines of at most `room`; what goes beyond `most` lines ends in an ellipsis."""
        return wrap(text, room / size, most, lambda part: self.width(part, font))

    def paragraphs(self, text: str, font: int, size: float, room: float, most: int) -> list[str]:
        """The same for a text with line ends of its own."""
        return paragraphs(text, room / size, most, lambda part: self.width(part, font))


class Pen:
    """Draws into a group of its own under `parent`, which is made when there is something to draw."""

    def __init__(self, parent: int, faces: Faces, zoom: float) -> None:
        self._parent = parent
        self._group = 0
        self.faces = faces
        self.zoom = zoom
        self._shown = True
        self._lengths: list[tuple[int, Length, float]] = []
        self._set: list[float] = []

    @property
    def group(self) -> int:
        if not self._group:
            self._group = int(dpg.add_draw_node(parent=self._parent, show=self._shown))
        return self._group

    def resize(self, zoom: float) -> None:
        """Bring every length to another zoom."""
        if zoom == self.zoom:
            return
        self.zoom = zoom
        for place, (item, length, world) in enumerate(self._lengths):
            wanted = _pixels(length, world, zoom)
            if wanted != self._set[place]:
                dpg.configure_item(item, **{length: wanted})
                self._set[place] = wanted

    def show(self, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            if self._group:
                dpg.configure_item(self._group, show=shown)

    def clear(self) -> None:
        if self._group:
            dpg.delete_item(self._group, children_only=True)
            self._lengths.clear()
            self._set.clear()

    def delete(self) -> None:
        if self._group:
            dpg.delete_item(self._group)

    def rect(
        self, rect: Rect, fill: Rgba = CLEAR, edge: Rgba = CLEAR, rounding: float = 0.0, thickness: float = 1.0
    ) -> int:
        item = dpg.draw_rectangle(
            (rect.left, rect.top), (rect.right, rect.bottom), parent=self.group, fill=fill, color=edge,
            rounding=self._now("rounding", rounding), thickness=self._now("thickness", thickness),
        )  # fmt: skip
        if rounding:
            self._keep(item, "rounding", rounding)
        if edge[3]:
            self._keep(item, "thickness", thickness)
        return int(item)

    def text(self, at: Point, text: str, color: Rgba, size: float, font: int = 0) -> int:
        item = dpg.draw_text(at, text, parent=self.group, color=color, size=self._now("size", size))
        if font:
            dpg.bind_item_font(item, font)
        return self._keep(item, "size", size)

    def text_right(self, right: float, top: float, text: str, color: Rgba, size: float, font: int = 0) -> int:
        """Text that ends at `right`."""
        return self.text((right - self.faces.width(text, font or self.faces.text) * size, top), text, color, size, font)

    def circle(
        self, at: Point, radius: float, fill: Rgba = CLEAR, edge: Rgba = CLEAR, thickness: float = 1.0, sides: int = 0
    ) -> int:
        item = dpg.draw_circle(
            at, self._now("radius", radius), parent=self.group, fill=fill, color=edge, segments=sides,
            thickness=self._now("thickness", thickness),
        )  # fmt: skip
        if edge[3]:
            self._keep(item, "thickness", thickness)
        return self._keep(item, "radius", radius)

    def line(self, points: list[Point], color: Rgba, thickness: float, closed: bool = False) -> int:
        item = dpg.draw_polyline(
            points, parent=self.group, color=color, thickness=self._now("thickness", thickness), closed=closed
        )
        return self._keep(item, "thickness", thickness)

    def curve(self, curve: Curve, color: Rgba, thickness: float) -> int:
        item = dpg.draw_bezier_cubic(
            *curve, parent=self.group, color=color, thickness=self._now("thickness", thickness)
        )
        return self._keep(item, "thickness", thickness)

    def port(self, at: Point, style: KindStyle, radius: float, fade: float = 1.0) -> None:
        """A port of a kind, on a dark rim that lifts it off its wire. A list is one port upon another."""
        if style.many:
            self.port((at[0] + radius * 0.55, at[1] - radius * 0.55), replace(style, many=False), radius * 0.8, fade)
        color = rgba(style.color, fade)
        inside = color if style.filled else rgba(colors.rim[:3], fade)
        rim = rgba(colors.rim[:3], fade)
        x, y = at
        if style.shape in _SIDES:
            sides = _SIDES[style.shape]
            grown = radius * (1.0 if sides == 0 else 1.18)
            if style.filled:
                self.circle(at, grown + _RIM / 2, color, rim, _RIM, sides)
            else:
                self.circle(at, grown + _RIM, rim, sides=sides)
                self.circle(at, grown, inside, color, 2.0, sides)
            return
        corners = [(x + cx * radius, y + cy * radius) for cx, cy in OUTLINES[style.shape]]
        left, right = min(c[0] for c in corners), max(c[0] for c in corners)
        top, bottom = min(c[1] for c in corners), max(c[1] for c in corners)
        if style.shape == "plus":
            arm = radius * 0.35
            bars = [Rect(x - arm, top, x + arm, bottom), Rect(left, y - arm, right, y + arm)]
            for bar in bars:
                self.rect(bar.grown(_RIM), rim)
            for bar in bars:
                self.rect(bar, color)
            return
        self.rect(Rect(left, top, right, bottom).grown(_RIM), rim, rounding=_RIM)
        self.rect(Rect(left, top, right, bottom), inside, color if not style.filled else CLEAR, 1.0, 2.0)

    def shadow(self, rect: Rect, reach: float, color: Rgba) -> None:
        """Round a box, of `color` at its edge and gone after `reach`, in eight parts.

        A part is two triangles, which meet from its first corner to its third. At a corner of the box those are clear,
        so that the shadow is round there.
        """
        edges = (rect.left, rect.right), (rect.top, rect.bottom)
        across = (rect.left - reach, *edges[0], rect.right + reach)
        down = (rect.top - reach, *edges[1], rect.bottom + reach)
        for row in range(3):
            for column in range(3):
                first, third = (across[column], down[row]), (across[column + 1], down[row + 1])
                if row == column:
                    first, third = (third[0], first[1]), (first[0], third[1])
                corners = first, (third[0], first[1]), third, (first[0], third[1])
                tints = [color if x in edges[0] and y in edges[1] else CLEAR for x, y in corners]
                if (row, column) != (1, 1):
                    dpg.draw_rectangle(
                        first, third, parent=self.group, color=CLEAR, multicolor=True, corner_colors=tints
                    )

    def picture(self, texture: int, rect: Rect) -> int:
        return int(dpg.draw_image(texture, (rect.left, rect.top), (rect.right, rect.bottom), parent=self.group))

    def _now(self, length: Length, world: float) -> float:
        return _pixels(length, world, self.zoom)

    def _keep(self, item: int | str, length: Length, world: float) -> int:
        self._lengths.append((int(item), length, world))
        self._set.append(_pixels(length, world, self.zoom))
        return int(item)


def _pixels(length: Length, world: float, zoom: float) -> float:
    """What a length of `world` units at zoom 1 is in pixels, to the nearest step."""
    if world == 0.0:
        return 0.0
    step = _STEP[length]
    return max(_LEAST[length], round(world * zoom / step) * step)
