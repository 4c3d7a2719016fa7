"""Mouse and keys: from DearPyGui's handlers to whoever they are meant for.

An open popup comes first, then the panel under the canvas while it has the keyboard, then the commands, then the canvas
if the pointer is on it; a drag that began on the canvas stays the canvas's wherever it goes. GUI thread only.
"""

from __future__ import annotations

from typing import Any, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.canvas.press import Button
from nodeflow.editor.chords import chord
from nodeflow.editor.clicks import Clicks
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.keys import NAMES, held
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.native import forget_ctrl
from nodeflow.editor.panels.panels import Panels
from nodeflow.editor.ui import Ui, mouse_at, second_press
from nodeflow.editor.workspace import Workspace

_BUTTONS: Final[dict[int, Button]] = {
    dpg.mvMouseButton_Left: "left",
    dpg.mvMouseButton_Right: "right",
    dpg.mvMouseButton_Middle: "middle",
}
_TYPING: Final = ("InputText", "DragInt", "DragDouble", "ColorEdit", "InputInt", "ColorPicker")


class Pointer:
    """Made once; `active` is to be asked once per frame."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, panels: Panels, ways_out: WaysOut) -> None:
        self._ui, self._workspace, self._commands, self._ways_out = ui, workspace, commands, ways_out
        self._canvas, self._start = panels.painter.item, panels.start
        self._library, self._dock = panels.library, panels.dock
        self._clicks = Clicks()
        self._at: tuple[float, float] = (-1.0, -1.0)
        self._dragging = False
        self._active = True
        self._held_before = held()
        """The modifiers as they were a frame ago: a quick chord's are up again in the frame that reports its key."""
        self._typing_before = False
        """The same of `typing`: the key that ends a field is the field's, which no longer has the keyboard then."""
        with dpg.handler_registry():
            dpg.add_mouse_click_handler(callback=self._click)
            dpg.add_mouse_release_handler(callback=self._release)
            dpg.add_mouse_wheel_handler(callback=self._wheel)
            dpg.add_mouse_move_handler(callback=self._move)
            dpg.add_key_press_handler(callback=self._key)

    def active(self) -> bool:
        """Whether the person did anything since it was last asked."""
        was, self._active = self._active, False
        self._held_before = held()
        self._typing_before = typing()
        return was or self._dragging

    @property
    def over_canvas(self) -> bool:
        return bool(dpg.is_item_hovered(self._canvas)) and not self._ui.popups.now

    def _point(self) -> tuple[float, float]:
        """The pointer in the canvas's logical pixels."""
        return self._ui.pointer_in(self._canvas)

    def _held(self) -> Held:
        keys = held()
        return Held(keys.shift, keys.ctrl, keys.alt, bool(dpg.is_key_down(dpg.mvKey_Spacebar)) and not typing())

    def _click(self, _sender: int, button: int) -> None:
        self._active = True
        if button not in _BUTTONS:
            return
        self._workspace.notices.dismiss_here()
        popup = self._ui.popups.now
        if popup is None:
            self._dock.press(mouse_at())
        if popup is not None:
            popup.press(mouse_at())
        elif button == dpg.mvMouseButton_Left and self._start.press(mouse_at()):
            return
        elif self.over_canvas:
            if button == dpg.mvMouseButton_Left and self._ways_out.press():
                return
            self._dragging = True
            self._workspace.canvas.press(*self._point(), _BUTTONS[button], self._held())
            if button == dpg.mvMouseButton_Left and second_press(self._clicks):
                self._workspace.canvas.double_click(*self._point())

    def _release(self, _sender: int, button: int) -> None:
        self._active = True
        if self._dragging and button in _BUTTONS:
            self._workspace.canvas.release(*self._point(), _BUTTONS[button], self._held())
            self._dragging = any(dpg.is_mouse_button_down(each) for each in _BUTTONS)

    def _wheel(self, _sender: int, turns: float) -> None:
        self._active = True
        if self.over_canvas:
            self._workspace.canvas.wheel(*self._point(), turns, self._held())

    def _move(self, _sender: int, _at: Any) -> None:
        self._active = True
        if self._dragging or self.over_canvas:
            self._workspace.canvas.move(*self._point(), self._held())

    def _key(self, _sender: int, code: int) -> None:
        self._active = True
        name = NAMES.get(code)
        if name is None:
            return
        keys = held() | self._held_before
        if keys.ctrl and name == "Tab":
            forget_ctrl()
        pressed = chord(name, ctrl=keys.ctrl, alt=keys.alt, shift=keys.shift)
        popup = self._ui.popups.now
        if popup is not None:
            popup.key(pressed)
        elif self._start.key(pressed) or self._library.key(pressed):
            return
        elif typing() or not self._dock.key(pressed):
            self._commands.press(pressed, typing() or self._typing_before)


def typing() -> bool:
    """Whether a widget that takes letters has the keyboard."""
    item = dpg.get_focused_item()
    return bool(item) and bool(dpg.does_item_exist(item)) and _takes_letters(item)


def _takes_letters(item: int) -> bool:
    kind = str(dpg.get_item_type(item))
    if kind.endswith("mvGroup"):  # has the focus in the place of what stands in it
        return any(_takes_letters(child) for child in dpg.get_item_children(item, 1))
    return any(name in kind for name in _TYPING) and bool(dpg.is_item_active(item))
