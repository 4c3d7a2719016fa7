"""Numbers in the inspector: dragged, or typed as on the canvas, sums among them. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.layout import number_of, step_of
from nodeflow.editor.keys import held
from nodeflow.editor.panels.field import MIXED, Field
from nodeflow.editor.panels.param_prompt import value_prompt
from nodeflow.graph import Json, ParamSchema

_UNBOUNDED: Final = 1e9
_LEAST, _MOST = -(2**31), 2**31 - 1
"""The whole numbers that a widget can hold: a file may say others."""


class _Dragged(Field):
    """A number that is dragged; a double click, or a click with Ctrl, asks for it in letters."""

    _format = ""
    _asked = False

    def listen(self) -> None:
        super().listen()
        dpg.add_item_double_clicked_handler(dpg.mvMouseButton_Left, callback=self._ask)
        dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._ask_with_ctrl)

    def update(self) -> None:
        super().update()
        if self._asked and not dpg.is_mouse_button_down(dpg.mvMouseButton_Left):
            self._asked = False
            self.begin()

    def begin(self) -> bool:
        width, _ = dpg.get_item_rect_size(self.item)
        prompt = value_prompt(self.ui, self.workspace, self.knob, width / self.ui.scale)
        prompt.on_tab = self.go_on
        self.ui.popups.show(prompt, *dpg.get_item_rect_min(self.item))
        return True

    def mark(self, mixed: bool) -> None:
        dpg.configure_item(self.item, format=MIXED if mixed else self._format)

    def changed(self) -> None:
        self.mark(False)
        super().changed()

    def _ask(self) -> None:
        self._asked = True

    def _ask_with_ctrl(self) -> None:
        self._asked = self._asked or held().ctrl


class IntegerField(_Dragged):
    def make(self, width: float) -> int:
        low, high = _bounds(self.param)
        speed = max(0.05, (high - low) / 400) if high - low < _UNBOUNDED else 0.25
        self._format = f"%d{_unit(self.param)}"
        item = dpg.add_drag_int(
            width=self.ui.px(width), min_value=max(round(low), _LEAST), max_value=min(round(high), _MOST), clamped=True,
            no_input=True, speed=speed, format=self._format, callback=self.changed,
        )  # fmt: skip
        return int(item)

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, min(max(round(number_of(value) or 0.0), _LEAST), _MOST))

    def read(self) -> Json:
        return int(dpg.get_value(self.item))


class NumberField(_Dragged):
    def make(self, width: float) -> int:
        low, high = _bounds(self.param)
        step = step_of(self.param)
        digits = min(6, len(f"{step:.6f}".rstrip("0").partition(".")[2]))
        self._format = f"%.{digits}f{_unit(self.param)}"
        item = dpg.add_drag_double(
            width=self.ui.px(width), min_value=low, max_value=high, clamped=True, no_input=True,
            speed=(high - low) / 400 if high - low < _UNBOUNDED else step,
            format=self._format, callback=self.changed,
        )  # fmt: skip
        return int(item)

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, number_of(value) or 0.0)

    def read(self) -> Json:
        return round(float(dpg.get_value(self.item)), 6)


def _bounds(param: ParamSchema) -> tuple[float, float]:
    low = -_UNBOUNDED if param.minimum is None else param.minimum
    return low, _UNBOUNDED if param.maximum is None else param.maximum


def _unit(param: ParamSchema) -> str:
    """The unit as the end of a printf format."""
    return f" {param.unit}".replace("%", "%%") if param.unit else ""
