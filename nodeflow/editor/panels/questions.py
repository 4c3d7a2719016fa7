"""Popups that ask for one thing to type or to pick: a value, a note, a colour, a name. GUI thread only."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.node_art import hex_color
from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui, inside


class _Typing(Popup, ABC):
    """A question with a field, `_field`, that is typed into at once: DearPyGui gives it the keys some frames late."""

    _field: int
    _fresh = 3

    def key(self, chord: str) -> bool:
        if chord == "Enter":
            self.finish()
            return True
        return super().key(chord)

    @abstractmethod
    def finish(self) -> None:
        """Take the answer that stands there."""

    def update(self) -> None:
        super().update()
        if self._fresh and self.shown:
            self._fresh -= 1
            dpg.focus_item(self._field)

    def press(self, at: Point) -> None:
        super().press(at)
        if self.open and not inside(self.window, at):  # a question that holds stays, and so do the keys
            self._fresh = 3


class TextPrompt(_Typing):
    """One line to type. Enter takes it, Escape does not; a press elsewhere takes it, too."""

    def __init__(self, ui: Ui, text: str, width: float, take: Callable[[str], None]) -> None:
        super().__init__(ui, width)
        dpg.bind_item_theme(self.window, ui.themes.tight)
        self._take = take
        self._field = int(
            dpg.add_input_text(parent=self.window, default_value=text, width=ui.px(width), auto_select_all=True)
        )

    def press(self, at: Point) -> None:
        text = dpg.get_value(self._field)
        super().press(at)
        if not self.open:
            self._take(text)

    def finish(self) -> None:
        text = dpg.get_value(self._field)
        self.close()
        self._take(text)


class NotePrompt(_Typing):
    """Several lines to type, which are taken as they come: a field does not wrap them, so that the note beside it shows
    them. Ctrl+Enter, Escape and a press elsewhere all end it.

    `beside` says where it stands, given its height in real pixels.
    """

    def __init__(
        self, ui: Ui, text: str, size: Point, take: Callable[[str], None], beside: Callable[[float], Point]
    ) -> None:
        width, height = size
        super().__init__(ui, width)
        dpg.bind_item_theme(self.window, ui.themes.tight)
        self._take, self._text, self._beside = take, text, beside
        self._field = int(
            dpg.add_input_text(
                parent=self.window, default_value=text, width=ui.px(width), height=ui.px(height), multiline=True
            )
        )

    def update(self) -> None:
        super().update()
        # From here and not when a key comes: by then, Escape has already put the old text back.
        text = dpg.get_value(self._field)
        if text != self._text:
            self._text = text
            self._take(text)
        self.place(*self._beside(float(dpg.get_item_rect_size(self.window)[1])))

    def key(self, chord: str) -> bool:
        if chord in ("Ctrl+Enter", "Escape"):
            self.finish()
        return True

    def finish(self) -> None:
        self.close()


class ColorPrompt(Popup):
    """A colour picker; `take` is called with "#rrggbb" as the colour changes, `put_back` by Ctrl+Z."""

    def __init__(self, ui: Ui, color: object, take: Callable[[str], None], put_back: Callable[[], None]) -> None:
        super().__init__(ui, 240.0)
        self._take, self._put_back, self._first = take, put_back, hex_color(color)
        self._picked = False
        self._picker = int(
            dpg.add_color_picker(
                parent=self.window, default_value=self._first, no_alpha=True, width=ui.px(210),
                no_side_preview=True, display_hex=True, display_rgb=False, display_hsv=False, callback=self._pick,
            )
        )  # fmt: skip

    def key(self, chord: str) -> bool:
        if chord == "Ctrl+Z" and self._picked:
            dpg.set_value(self._picker, self._first)
            self._put_back()
            return True
        return super().key(chord)

    def _pick(self) -> None:
        self._picked = True
        red, green, blue, *_ = (min(255, max(0, round(part))) for part in dpg.get_value(self._picker))
        self._take(f"#{red:02x}{green:02x}{blue:02x}")


class NameQuestion(_Typing):
    """What something is to be called from now on. Enter takes it, Escape does not."""

    def __init__(self, ui: Ui, title: str, name: str, take: Callable[[str], None]) -> None:
        super().__init__(ui, 380.0, holds=True)
        self._take = take
        dpg.push_container_stack(self.window)
        ui.text(title, font=ui.fonts.large)
        ui.gap(4)
        self._field = int(dpg.add_input_text(default_value=name, width=ui.px(352), auto_select_all=True))
        ui.gap(4)
        with dpg.group(horizontal=True):
            ui.button("Rename", self.finish, ui.themes.primary, width=96)
            ui.button("Cancel", self.close, width=96)
        dpg.pop_container_stack()

    def finish(self) -> None:
        name = dpg.get_value(self._field)
        self.close()
        self._take(name)
