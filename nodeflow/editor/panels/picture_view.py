"""A picture as the viewer shows it: zoomed and panned, with another one beside it, its pixels and its histogram.

It draws, and turns wheel and drags into another lens. Lengths are real pixels here, counted from the drawing's corner.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.clicks import Clicks
from nodeflow.editor.keys import held
from nodeflow.editor.looking.pixels import Values, curve, in_lines, is_bright, pixel_at, pixel_words
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, rgb
from nodeflow.editor.running.lens import Size, cut, of_part, same_point
from nodeflow.editor.running.viewing import Viewing
from nodeflow.editor.ui import Ui, mouse_at, second_press
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Part, Picture

GRID_ZOOM: Final = 8.0
"""From this zoom on (real pixels to one of the picture's) the pixels have edges."""
_VALUES_ROOM: Final = 46.0
"""Logical pixels that a pixel has to be wide for its value to be written into it."""
_MOST_VALUES: Final = 260
_WHEEL: Final = 1.2
_GRIP: Final = 7.0
_CHART: Final = (256.0, 84.0)
_DARK, _BRIGHT = rgb(0x000000, 200), rgb(0xFFFFFF, 220)
_PLANES: Final[tuple[Rgba, ...]] = (rgb(0xFF5A5A), rgb(0x54D66A), rgb(0x5C8CFF), rgb(0xE8E8E8, 150))


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A picture that can be drawn: its texture holds `part` of a picture of `size`. `look` is where it comes from."""

    texture: int
    part: Part
    size: Size
    title: str
    look: Picture


class PictureView:
    """Draws into `drawing`, a drawlist, and changes `sheet.viewing`, or what is painted, by the person's hand."""

    def __init__(self, ui: Ui, workspace: Workspace, drawing: int, pick: Callable[[], None]) -> None:
        """`pick` takes the colour under the pointer."""
        self._ui, self._workspace, self._drawing, self._pick = ui, workspace, drawing, pick
        self._easel = workspace.easel
        self.room = Rect(0.0, 0.0, 1.0, 1.0)
        self._main: Layer | None = None
        self._last: tuple[Picture, Picture | None] | None = None
        self._other = False
        self._drag: Literal["pan", "divider", "brush"] | None = None
        self._at: Point = (0.0, 0.0)
        self._drawn: tuple[object, ...] = ()
        self._clicks = Clicks()
        with dpg.handler_registry():
            dpg.add_mouse_click_handler(callback=self._press)
            dpg.add_mouse_release_handler(callback=self._release)
            dpg.add_mouse_wheel_handler(callback=self._wheel)
            dpg.add_mouse_move_handler(callback=self._move)

    @property
    def _viewing(self) -> Viewing:
        return self._workspace.sheet.viewing

    @property
    def pointed(self) -> tuple[int, int] | None:
        """The pixel of the main picture under the pointer."""
        if self._main is None or not self._over:
            return None
        x, y = self._viewing.lens.to_picture(self._here, self.room, self._main.size)
        return (int(x), int(y)) if 0 <= x < self._main.size[0] and 0 <= y < self._main.size[1] else None

    @property
    def holds(self) -> bool:
        """Whether the person drags something here."""
        return self._drag is not None

    def forget(self) -> None:
        """Something else is drawn there now."""
        self._main, self._last, self._drawn = None, None, ()

    def draw(self, room: Rect, main: Layer, base: Layer | None, other: Layer | None) -> None:
        """`base` is all of the main picture, small; it is seen where the part has not come yet."""
        viewing = self._viewing
        self.room, self._main, self._other = room, main, other is not None
        layers = tuple(layer and (layer.texture, layer.part, layer.size, layer.title) for layer in (main, base, other))
        scale = viewing.lens.scale(room, main.size)
        # DearPyGui shows what was put into a texture one frame late, so that values are written one frame late, too.
        looks = main.look, other.look if other is not None else None
        (look, beside), self._last = self._last or looks, looks
        written = self._values_are_written(scale, look, main.size)
        values = ("", "") if other is None or beside is None else self._both(look, beside, main.size, other.size)
        drawn = (
            *(room, layers, viewing.lens, viewing.divider, viewing.counts, colors.version, self._near_divider),
            look if written or viewing.counts else None,
            beside if written else None,
            values,
            self._cursor,
        )
        if drawn == self._drawn:
            return
        self._drawn = drawn
        dpg.delete_item(self._drawing, children_only=True)
        place = viewing.lens.place(room, main.size)
        left = self._divider_at if other is not None else room.right
        for layer in (base, main):
            if layer is not None:
                self._layer(layer, place, Rect(room.left, room.top, left, room.bottom))
        if other is not None:
            self._layer(other, place, Rect(left, room.top, room.right, room.bottom))
        if scale >= GRID_ZOOM:
            self._grid(place, main.size)
        if written:
            self._values(place, look, main.size, Rect(room.left, room.top, left, room.bottom))
            if other is not None and beside is not None and other.size == main.size:
                self._values(place, beside, main.size, Rect(left, room.top, room.right, room.bottom))
        if viewing.counts and look.counts is not None:
            self._histogram(look)
        if other is not None:
            self._divider()
            self._label(main.title, values[0], right=False)
            self._label(other.title, values[1], right=True)
        if self._cursor is not None:
            self._brush(*self._cursor)

    # ---- parts of the drawing ------------------------------------------------------------------------------------

    def _layer(self, layer: Layer, place: Rect, room: Rect) -> None:
        found = cut(of_part(place, layer.part, layer.size), room)
        if found is None:
            return
        inside, share = found
        dpg.draw_image(
            layer.texture, (inside.left, inside.top), (inside.right, inside.bottom), parent=self._drawing,
            uv_min=(share.left, share.top), uv_max=(share.right, share.bottom),
        )  # fmt: skip

    def _grid(self, place: Rect, size: Size) -> None:
        seen = self._viewing.lens.seen(self.room, size)
        if seen is None:
            return
        color, step = (128, 128, 128, 70), place.width / size[0]
        inside = cut(place, self.room)
        if inside is None:
            return
        top, bottom, left, right = inside[0].top, inside[0].bottom, inside[0].left, inside[0].right
        for column in range(seen[0], seen[0] + seen[2] + 1):
            x = place.left + column * step
            dpg.draw_line((x, top), (x, bottom), parent=self._drawing, color=color)
        for row in range(seen[1], seen[1] + seen[3] + 1):
            y = place.top + row * step
            dpg.draw_line((left, y), (right, y), parent=self._drawing, color=color)

    def _values_are_written(self, scale: float, look: Picture, size: Size) -> bool:
        if scale < _VALUES_ROOM * self._ui.scale or not look.exact:
            return False
        seen = self._viewing.lens.seen(self.room, size)
        return seen is not None and seen[2] * seen[3] <= _MOST_VALUES

    def _values(self, place: Rect, look: Picture, whole: Size, within: Rect) -> None:
        """Write into each pixel what it is, where all of it can be seen; `within` is its side of the divider."""
        seen = self._viewing.lens.seen(self.room, whole)
        if seen is None:
            return
        step, size = place.width / whole[0], self._ui.px(11)
        first, last = within.left - 1.0, within.right + 1.0
        for y in range(seen[1], seen[1] + seen[3]):
            for x in range(seen[0], seen[0] + seen[2]):
                values = pixel_at(look, x, y)
                left, top = place.left + x * step, place.top + y * step
                if values is not None and first <= left and left + step <= last:
                    self._value(values, left, top, step, size)

    def _value(self, values: Values, left: float, top: float, step: float, size: int) -> None:
        lines = in_lines(values)
        color = _DARK if is_bright(values) else _BRIGHT
        first = top + (step - len(lines) * size) / 2
        for place, line in enumerate(lines):
            wide = self._ui.faces.width(line, self._ui.fonts.text) * size
            at = (left + (step - wide) / 2, first + place * size)
            dpg.draw_text(at, line, parent=self._drawing, color=color, size=size)

    def _histogram(self, look: Picture) -> None:
        if look.counts is None:
            return
        px = self._ui.px
        width, height = min(px(_CHART[0]), self.room.width - px(24)), px(_CHART[1])
        chart = Rect.of(self.room.left + px(12), self.room.bottom - px(12) - height, width, height)
        self._rect(chart.grown(px(5)), (0, 0, 0, 150))
        planes = _PLANES if len(look.counts) == len(_PLANES) else _PLANES[-1:]
        for counts, color in zip(look.counts, planes, strict=False):
            heights = curve(counts)
            step = chart.width / (len(heights) - 1)
            line = [
                (chart.left + place * step, chart.bottom - share * chart.height) for place, share in enumerate(heights)
            ]
            dpg.draw_polyline(line, parent=self._drawing, color=color, thickness=max(1, px(1)))

    def _both(self, look: Picture, beside: Picture, size: Size, other: Size) -> tuple[str, str]:
        """What the two pictures have under the pointer."""
        point = self.pointed
        if point is None:
            return "", ""
        return pixel_words(look, *point), pixel_words(beside, *same_point(point, size, other))

    def _divider(self) -> None:
        px, x, room = self._ui.px, self._divider_at, self.room
        color = colors.accent if self._near_divider else _BRIGHT
        dpg.draw_line((x, room.top), (x, room.bottom), parent=self._drawing, color=_DARK, thickness=px(4))
        dpg.draw_line((x, room.top), (x, room.bottom), parent=self._drawing, color=color, thickness=px(2))
        middle = room.center[1]
        dpg.draw_circle((x, middle), px(9), parent=self._drawing, fill=_DARK, color=color, thickness=px(2))
        for side in (-1, 1):
            tip = (x + side * px(6), middle)
            back = [(x + side * px(2), middle - px(4)), (x + side * px(2), middle + px(4))]
            dpg.draw_triangle(tip, *back, parent=self._drawing, fill=color, color=CLEAR)

    def _label(self, title: str, value: str, right: bool) -> None:
        """On a side of the divider, what is shown there, and under it the value at the pointer."""
        px, room, faces, size = self._ui.px, self.room, self._ui.faces, self._ui.px(13)
        lines = [(title, self._ui.fonts.medium), (value, self._ui.fonts.text)][: 2 if value else 1]
        for row, (line, font) in enumerate(lines):
            said = faces.fit(line, font, size, room.width / 2 - px(20))
            wide = faces.width(said, font) * size + px(14)
            left = room.right - px(8) - wide if right else room.left + px(8)
            top = room.top + px(8 + row * 24)
            self._rect(Rect.of(left, top, wide, px(22)), (0, 0, 0, 150), px(4))
            item = dpg.draw_text((left + px(7), top + px(4)), said, parent=self._drawing, color=_BRIGHT, size=size)
            dpg.bind_item_font(item, font)

    @property
    def _cursor(self) -> tuple[Point, float] | None:
        """Where the brush is, and how far it reaches; None where it does not paint."""
        easel = self._easel
        if self._main is None or not easel.ready or self._near_divider or not (self._over or easel.busy):
            return None
        scale = self._viewing.lens.scale(self.room, self._main.size)
        return self._here, easel.width * scale / 2 if easel.kind in ("brush", "eraser", "line") else 0.0

    def _brush(self, at: Point, reach: float) -> None:
        """A ring as large as the brush, to be seen on any colour, and a cross where it is."""
        px, (x, y) = self._ui.px, at
        for color, more in ((_DARK, 1), (_BRIGHT, 0)):
            if reach > px(3):
                dpg.draw_circle(at, reach + more, parent=self._drawing, color=color, thickness=1)
            for across, down in ((px(3), 0), (0, px(3))):
                ends = (x - across + more, y - down + more), (x + across + more, y + down + more)
                dpg.draw_line(*ends, parent=self._drawing, color=color)

    def _rect(self, rect: Rect, fill: Rgba, rounding: float = 0.0) -> None:
        dpg.draw_rectangle(
            (rect.left, rect.top), (rect.right, rect.bottom), parent=self._drawing, fill=fill, color=fade(fill, 0.0),
            rounding=rounding,
        )  # fmt: skip

    # ---- the person's hand ---------------------------------------------------------------------------------------

    @property
    def _here(self) -> Point:
        (x, y), (left, top) = mouse_at(), dpg.get_item_rect_min(self._drawing)
        return x - left, y - top

    @property
    def _over(self) -> bool:
        hovered = bool(dpg.is_item_hovered(self._drawing)) and self._ui.popups.now is None
        return hovered and self.room.contains(self._here)

    @property
    def _divider_at(self) -> float:
        return self.room.left + self.room.width * self._viewing.divider

    @property
    def _near_divider(self) -> bool:
        near = abs(self._here[0] - self._divider_at) <= self._ui.px(_GRIP)
        return self._drag == "divider" or (self._other and self._over and near)

    def _press(self, _sender: int, button: int) -> None:
        if self._main is None or not self._over or button == dpg.mvMouseButton_Right:
            return
        self._drag = "divider" if button == dpg.mvMouseButton_Left and self._near_divider else "pan"
        self._at = self._here
        if button == dpg.mvMouseButton_Left and self._drag == "pan" and self._easel.ready and not _space():
            self._paint(self._main.size)
            return
        if button == dpg.mvMouseButton_Left and second_press(self._clicks) and self._drag != "divider":
            self._double_press(self._main.size)

    def _paint(self, size: Size) -> None:
        """Begin a stroke, or take the colour that is there."""
        keys = held()
        self._drag = None
        if keys.alt or keys.ctrl:
            self._pick()
        else:
            self._drag = "brush"
            self._easel.press(self._on_picture(size), Held(keys.shift))

    def _on_picture(self, size: Size) -> Point:
        return self._viewing.lens.to_picture(self._here, self.room, size)

    def _release(self, _sender: int, button: int) -> None:
        if self._drag == "brush" and button != dpg.mvMouseButton_Left:
            return
        if self._drag == "brush":
            self._easel.release()
        self._drag = None

    def _move(self, _sender: int, _where: object) -> None:
        if self._drag is None or self._main is None:
            return
        viewing, (x, y) = self._viewing, self._here
        if self._drag == "brush":
            self._easel.move(self._on_picture(self._main.size), Held(held().shift))
        elif self._drag == "divider":
            viewing.divider = min(max((x - self.room.left) / self.room.width, 0.0), 1.0)
        elif (x, y) != self._at:
            viewing.lens = viewing.lens.panned(x - self._at[0], y - self._at[1], self.room, self._main.size)
        self._at = (x, y)

    def _wheel(self, _sender: int, turns: float) -> None:
        if self._main is not None and self._over:
            viewing = self._viewing
            factor = _WHEEL ** min(max(turns, -20.0), 20.0)
            viewing.lens = viewing.lens.zoomed(factor, self._here, self.room, self._main.size)

    def _double_press(self, size: Size) -> None:
        """All of it, or one to one at the pointer."""
        viewing = self._viewing
        lens = viewing.lens
        viewing.lens = lens.at(1.0, self._here, self.room, size) if lens.fits else lens.fitted()


def _space() -> bool:
    return bool(dpg.is_key_down(dpg.mvKey_Spacebar))
