"""What every panel draws with: fonts, themes, lengths, popups, and the small pieces that panels are made of.

Lengths in the editor's code are logical pixels; `Ui.px` makes real ones. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.wrap import with_whole_numbers
from nodeflow.editor.clicks import Clicks
from nodeflow.editor.floating import Popups
from nodeflow.editor.fonts import LARGE_SIZE, SMALL_SIZE, UI_SIZE, Fonts
from nodeflow.editor.theme import FRAME_PADDING, Themes


@dataclass(frozen=True, slots=True)
class Ui:
    fonts: Fonts
    themes: Themes
    faces: Faces
    popups: Popups = field(default_factory=Popups)
    told: list[tuple[int, Callable[[], str]]] = field(default_factory=list)
    """Tips that may come to say something else: their text items, and what they say now."""

    @property
    def scale(self) -> float:
        return self.fonts.scale

    def px(self, length: float) -> int:
        return round(length * self.fonts.scale)

    def text(self, text: str, theme: int = 0, font: int = 0, wrap: float = -1.0) -> int:
        """Text in the container that is open. `wrap` is a width in logical pixels, 0 the container's edge."""
        if wrap > 0:
            size = {self.fonts.small: SMALL_SIZE, self.fonts.large: LARGE_SIZE}.get(font, UI_SIZE)
            text = with_whole_numbers(
                text, (wrap - 3.0) / size, lambda part: self.faces.width(part, font or self.fonts.text)
            )
        item = int(dpg.add_text(text, wrap=self.px(wrap) if wrap > 0 else int(wrap)))
        if theme:
            dpg.bind_item_theme(item, theme)
        if font:
            dpg.bind_item_font(item, font)
        return item

    def place_text(self, item: int, x: float, y: float) -> None:
        """Put a text item with its top left corner at a point of its child window, in real pixels.

        DearPyGui lowers every text by the frame padding, so that it stands level with a widget beside it.
        """
        dpg.set_item_pos(item, [round(x), round(y) - self.px(FRAME_PADDING)])

    def icon(self, glyph: str, theme: int = 0) -> int:
        return self.text(glyph, theme, self.fonts.icons)

    def icon_button(
        self, glyph: str, action: Callable[[], object], tip: str | Callable[[], str] = "", size: float = 30.0
    ) -> int:
        """A square button with only an icon on it. For `tip` see there."""
        item = int(
            dpg.add_button(label=glyph, width=self.px(size), height=self.px(size), callback=lambda: action() and None)
        )
        dpg.bind_item_font(item, self.fonts.icons)
        dpg.bind_item_theme(item, self.themes.quiet)
        if tip:
            self.tip(item, tip)
        return item

    def button(self, label: str, action: Callable[[], object], theme: int = 0, width: float = 0.0) -> int:
        item = int(dpg.add_button(label=label, width=self.px(width), callback=lambda: action() and None))
        if theme:
            dpg.bind_item_theme(item, theme)
        return item

    def tip(self, item: int, tip: str | Callable[[], str]) -> int:
        """Help that shows when the pointer rests on `item`. Returns the text item.

        A tip that names keys is handed over as a function: `retell` asks again, as when keys have changed.
        """
        text = tip if isinstance(tip, str) else tip()
        with dpg.tooltip(item, delay=0.45, hide_on_activity=True) as tooltip:
            words = self.text(text, wrap=320.0 if len(text) > 50 else -1.0)
        dpg.bind_item_theme(tooltip, self.themes.padded)
        if callable(tip):
            self.told.append((words, tip))
        return words

    def retell(self) -> None:
        """Bring all tips up to date."""
        self.told[:] = [(item, tip) for item, tip in self.told if dpg.does_item_exist(item)]
        for item, tip in self.told:
            dpg.set_value(item, tip())

    def pen(self, drawlist: int) -> Pen:
        """A pen on a drawlist that takes logical pixels."""
        world = int(dpg.add_draw_node(parent=drawlist))
        dpg.apply_transform(world, dpg.create_scale_matrix([self.scale, self.scale, 1.0]))
        return Pen(world, self.faces, self.scale)

    def pointer_in(self, item: int) -> Point:
        """Where the pointer is, in logical pixels from the top left corner of an item."""
        (x, y), (left, top) = mouse_at(), dpg.get_item_rect_min(item)
        return (x - left) / self.scale, (y - top) / self.scale

    def under(self, item: int, gap: float = 0.0) -> Point:
        """Where what hangs under an item has its corner, in window pixels; `gap` is in logical ones."""
        (left, top), (_, height) = dpg.get_item_rect_min(item), dpg.get_item_rect_size(item)
        return left, top + height + self.px(gap)

    def gap(self, height: float = 0.0, width: float = 0.0) -> None:
        dpg.add_spacer(height=self.px(height), width=self.px(width))


def mouse_at() -> Point:
    """The pointer in window pixels."""
    x, y = dpg.get_mouse_pos(local=False)
    return float(x), float(y)


def second_press(clicks: Clicks) -> bool:
    """Told of each left press: whether it is the second of a double click."""
    return clicks.press(mouse_at(), time.monotonic(), dpg.get_frame_count())


def inside(window: int | str, at: Point) -> bool:
    """Whether a point in window pixels is over a floating window, whatever lies on it."""
    left, top = dpg.get_item_pos(window)
    width, height = dpg.get_item_rect_size(window)
    return bool(left <= at[0] < left + width and top <= at[1] < top + height)
