"""Parameters as widgets, one class for each sort of value.

A widget shows the document and asks for a change; it holds no value of its own. What applies to the next frame is
changed while the person drags or types, as one step of undo; what reopens a node is changed when they are done.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import ClassVar, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.node_art import hex_color
from nodeflow.editor.canvas.layout import number_of, step_of
from nodeflow.editor.commands.param_rows import param_rows
from nodeflow.editor.commands.path_rows import browse, has_samples, path_rows
from nodeflow.editor.commands.picking import MANY, picked
from nodeflow.editor.fonts import Icon
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Json, ParamSchema
from nodeflow.graph.schema import ParamType

_UNBOUNDED: Final = 1e9
_LEAST, _MOST = -(2**31), 2**31 - 1
"""The whole numbers that a widget can hold: a file may say others."""
_LINES_HEIGHT: Final = 132
_HIGH: Final = 27.0
"""As high as a field of one line: of a button beside one."""
_gestures = count()

ShowMenu = Callable[[Menu, float, float], None]
"""Shows a menu with its corner at a point in window pixels."""


class Field:
    """One parameter's widget, made in the container that is open. `width` is in logical pixels."""

    typed: ClassVar[bool] = True
    """Whether a person is at it for a while; otherwise one press changes it."""
    on_the_way: ClassVar[bool] = True
    """Whether a live parameter follows every change of the widget, or only the end of it."""

    def __init__(
        self, ui: Ui, workspace: Workspace, node: str, param: ParamSchema, width: float, show_menu: ShowMenu
    ) -> None:
        self.ui, self.workspace, self.node, self.param = ui, workspace, node, param
        self.show_menu = show_menu
        self._gesture = f"{node}.{param.name} {next(_gestures)}"
        self._shown: Json = None
        self.item = self.make(width)
        self._handlers: list[int] = []
        self._handle(self.item, typed=self.typed)
        self.update()

    def name_is(self, item: int) -> None:
        """Which text names the parameter: a right click on it means what it means on the widget."""
        self._handle(item, typed=False)

    def delete(self) -> None:
        """Forget the handlers, which DearPyGui keeps apart from the item."""
        for registry in self._handlers:
            dpg.delete_item(registry)

    def update(self) -> None:
        """Show what the document says, unless the person is at it."""
        value = self.workspace.graph[self.node].params.get(self.param.name, self.param.default)
        if value != self._shown and not dpg.is_item_active(self.item):
            self._shown = value
            self.show(value)

    def offer(self) -> None:
        """List, at the pointer, what can be done with the parameter."""
        rows = partial(param_rows, self.workspace, self.node, self.param.name)
        self.show_menu(Menu(self.ui, lambda _query: rows(), width=300.0), *mouse_at())

    def make(self, width: float) -> int:
        """Make the widget, with `changed` as its callback."""
        return int(dpg.add_input_text(width=self.ui.px(width), callback=self.changed))

    def show(self, value: Json) -> None:
        """Put a value, whatever a file says it is, into the widget."""
        dpg.set_value(self.item, "" if value is None else str(value))

    def read(self) -> Json:
        return str(dpg.get_value(self.item))

    def changed(self) -> None:
        if self.param.group == "live" and self.on_the_way:
            self.set(self.read())

    def set(self, value: Json) -> None:
        self._shown = value
        self.workspace.set_param(self.node, self.param.name, value, self._gesture)

    def _handle(self, item: int, typed: bool) -> None:
        with dpg.item_handler_registry() as registry:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Right, callback=self.offer)
            if typed:
                dpg.add_item_deactivated_after_edit_handler(callback=self._done)
        dpg.bind_item_handler_registry(item, registry)
        self._handlers.append(int(registry))

    def _done(self) -> None:
        self.set(self.read())
        self._gesture = f"{self.node}.{self.param.name} {next(_gestures)}"


class LinesField(Field):
    """A text of several lines; Ctrl+Enter, or a click elsewhere, ends it."""

    on_the_way = False

    def make(self, width: float) -> int:
        height = self.ui.px(_LINES_HEIGHT)
        item = dpg.add_input_text(
            width=self.ui.px(width), height=height, multiline=True, tab_input=False, callback=self.changed
        )
        return int(item)


class IntegerField(Field):
    def make(self, width: float) -> int:
        low, high = _bounds(self.param)
        speed = max(0.05, (high - low) / 400) if high - low < _UNBOUNDED else 0.25
        item = dpg.add_drag_int(
            width=self.ui.px(width), min_value=max(round(low), _LEAST), max_value=min(round(high), _MOST), clamped=True,
            speed=speed,
            format=f"%d{_unit(self.param)}", callback=self.changed,
        )  # fmt: skip
        return int(item)

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, min(max(round(number_of(value) or 0.0), _LEAST), _MOST))

    def read(self) -> Json:
        return int(dpg.get_value(self.item))


class NumberField(Field):
    def make(self, width: float) -> int:
        low, high = _bounds(self.param)
        step = step_of(self.param)
        digits = min(6, len(f"{step:.6f}".rstrip("0").partition(".")[2]))
        item = dpg.add_drag_double(
            width=self.ui.px(width), min_value=low, max_value=high, clamped=True,
            speed=(high - low) / 400 if high - low < _UNBOUNDED else step,
            format=f"%.{digits}f{_unit(self.param)}", callback=self.changed,
        )  # fmt: skip
        return int(item)

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, number_of(value) or 0.0)

    def read(self) -> Json:
        return round(float(dpg.get_value(self.item)), 6)


class ToggleField(Field):
    typed = False

    def make(self, _width: float) -> int:
        return int(dpg.add_checkbox(callback=lambda: self.set(self.read())))

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, value is True)

    def read(self) -> Json:
        return bool(dpg.get_value(self.item))


class ColorField(Field):
    def make(self, width: float) -> int:
        item = dpg.add_color_edit(
            width=self.ui.px(width),
            no_alpha=True,
            no_options=True,
            display_mode=dpg.mvColorEdit_hex,
            callback=self.changed,
        )
        return int(item)

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, hex_color(value))

    def read(self) -> Json:
        red, green, blue, *_ = (min(255, max(0, round(part))) for part in dpg.get_value(self.item))
        return f"#{red:02x}{green:02x}{blue:02x}"


class PathField(Field):
    on_the_way = False

    def make(self, width: float) -> int:
        ui, self._width = self.ui, width
        self._sampled = False
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(4)):
            item = int(dpg.add_input_text(width=ui.px(width - 34), hint="none", callback=self.changed))
            what = "Choose a folder" if self.param.type == "folder" else "Choose a file"
            ui.icon_button(Icon.FOLDER, lambda: browse(self.workspace, self.node, self.param), what, _HIGH)
            self._samples = ui.icon_button(Icon.CHEVRON, self._open, "Samples to try things on", _HIGH)
        dpg.hide_item(self._samples)
        return item

    def update(self) -> None:
        super().update()
        sampled = has_samples(self.workspace, self.param)
        if sampled != self._sampled:  # they are read after the first frame
            self._sampled = sampled
            dpg.configure_item(self._samples, show=sampled)
            dpg.configure_item(self.item, width=self.ui.px(self._width - (68.0 if sampled else 34.0)))

    def _open(self) -> None:
        left, top = dpg.get_item_rect_min(self.item)
        _, height = dpg.get_item_rect_size(self.item)
        self.show_menu(path_menu(self.ui, self.workspace, self.node, self.param), left, top + height)


class ChoiceField(Field):
    """A button with the value on it, which opens a menu."""

    typed = False

    def make(self, width: float) -> int:
        return self.ui.button("", self._open, self.ui.themes.choice, width)

    def show(self, value: Json) -> None:
        dpg.configure_item(self.item, label=str(value) if value else "none")

    def _open(self) -> None:
        left, top = dpg.get_item_rect_min(self.item)
        _, height = dpg.get_item_rect_size(self.item)
        self.show_menu(choice_menu(self.ui, self.workspace, self.node, self.param), left, top + height)


class SuggestField(Field):
    """A text that may be anything, with a button that offers what it usually is."""

    on_the_way = False

    def make(self, width: float) -> int:
        ui = self.ui
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(4)):
            item = int(dpg.add_input_text(width=ui.px(width - 34), callback=self.changed))
            ui.icon_button(Icon.CHEVRON, self._open, "Suggestions", _HIGH)
        return item

    def _open(self) -> None:
        left, top = dpg.get_item_rect_min(self.item)
        _, height = dpg.get_item_rect_size(self.item)
        self.show_menu(choice_menu(self.ui, self.workspace, self.node, self.param), left, top + height)


class ModelField(ChoiceField):
    """A choice with a line under it: whether the model is there, how large it is, or how far its download is."""

    def make(self, width: float) -> int:
        self._told: str | None = None
        with dpg.group():
            with dpg.group(horizontal=True, horizontal_spacing=self.ui.px(4)):
                item = super().make(width - 34.0)
                self.ui.icon_button(Icon.LIBRARY, self._browse, "Browse models of this task in the library", _HIGH)
            self._note = self.ui.text("", self.ui.themes.faint, self.ui.fonts.small, wrap=width)
            self._cancel = self.ui.button("Cancel the download", self._decline, self.ui.themes.small_quiet)
            dpg.bind_item_font(self._cancel, self.ui.fonts.small)
            dpg.hide_item(self._cancel)
        return item

    def update(self) -> None:
        super().update()
        entries = self.workspace.shelf.models(self.param.task) or ()
        offer = self.workspace.offers.of(str(self._shown))
        note = next((entry.note for entry in entries if entry.id == self._shown), "")
        if offer is not None and offer.state == "fetching":
            note = offer.text if offer.fraction is None else f"{offer.text}  {offer.fraction:.0%}"
        if note != self._told:
            self._told = note
            dpg.configure_item(self._note, default_value=note, show=bool(note))
            dpg.configure_item(self._cancel, show=offer is not None)

    def _browse(self) -> None:
        self.workspace.front.open_models(self.param.task)

    def _decline(self) -> None:
        offer = self.workspace.offers.of(str(self._shown))
        if offer is not None:
            offer.decline()


class DrawingField(Field):
    """How much is drawn, on a button that opens the place to draw."""

    typed = False

    def make(self, width: float) -> int:
        item = self.ui.button("Paint", lambda: self.workspace.open_viewer(self.node), self.ui.themes.choice, width)
        self.ui.tip(item, "Paint in the large viewer; the small one takes a brush, too")
        return item

    def show(self, value: Json) -> None:
        made = value.get("strokes") if isinstance(value, Mapping) else None
        count = len(made) if isinstance(made, Sequence) else 0
        dpg.configure_item(self.item, label=f"{count} stroke{'s' * (count != 1)}" if count else "Paint")


FIELDS: Final[dict[ParamType, type[Field]]] = {
    "number": NumberField,
    "integer": IntegerField,
    "toggle": ToggleField,
    "text": Field,
    "lines": LinesField,
    "choice": ChoiceField,
    "model": ModelField,
    "file": PathField,
    "folder": PathField,
    "save": PathField,
    "color": ColorField,
    "drawing": DrawingField,
}


def field_type(param: ParamSchema) -> type[Field]:
    """The widget for a parameter: by its type, and for a text with suggestions one that offers them."""
    return SuggestField if param.type == "text" and param.choices else FIELDS[param.type]


def choice_menu(ui: Ui, workspace: Workspace, node: str, param: ParamSchema) -> Menu:
    """The values of a choice or model parameter."""
    now = workspace.graph[node].params.get(param.name, param.default)

    def choose(value: str) -> Callable[[], None]:
        return lambda: workspace.set_param(node, param.name, value)

    def values(query: str) -> list[Choice]:
        names, more = picked(param.choices, query, str(now))
        rest = [Choice(f"{more} more: type a part of the name")] if more else []
        return [Choice(name, choose(name), checked=name == now) for name in names] + rest

    def models(query: str) -> list[Choice]:
        entries = workspace.shelf.models(param.task)
        if entries is None:
            return [Choice("Reading the library \u2026")]
        return [
            Choice(entry.id, choose(entry.id), note=entry.note, help=entry.title, checked=entry.id == now)
            for entry in entries
            if query.lower() in f"{entry.id} {entry.title}".lower()
        ] + [Choice("Browse models \u2026", lambda: workspace.front.open_models(param.task), icon=Icon.LIBRARY)]

    if param.type != "model":
        return Menu(ui, values, width=240.0, hint="A part of the name" if len(param.choices) > MANY else "")
    workspace.shelf.want(param.task)
    return Menu(ui, models, width=400.0, hint="Choose a model", news=lambda: workspace.shelf.models(param.task))


def path_menu(ui: Ui, workspace: Workspace, node: str, param: ParamSchema) -> Menu:
    """What a file parameter may be, samples among it."""
    rows = partial(path_rows, workspace, node, param)
    return Menu(ui, rows, width=400.0, hint="A path, or what to look for", news=lambda: workspace.samples.entries)


def _bounds(param: ParamSchema) -> tuple[float, float]:
    low = -_UNBOUNDED if param.minimum is None else param.minimum
    return low, _UNBOUNDED if param.maximum is None else param.maximum


def _unit(param: ParamSchema) -> str:
    """The unit as the end of a printf format."""
    return f" {param.unit}".replace("%", "%%") if param.unit else ""
