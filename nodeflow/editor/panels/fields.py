"""What is no number, as widgets, one class for each sort of value, and which class is for which. GUI thread only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.node_art import hex_color
from nodeflow.editor.commands.path_rows import browse, has_samples
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.field import MIXED, Field
from nodeflow.editor.panels.number_fields import IntegerField, NumberField
from nodeflow.editor.panels.param_prompt import choice_menu, color_prompt, path_menu
from nodeflow.editor.panels.swatch import Swatch
from nodeflow.graph import Json, ParamSchema
from nodeflow.graph.schema import ParamType

_LINES_HEIGHT: Final = 132
HIGH: Final = 27.0
"""As high as a field of one line: of a button beside one."""
_BESIDE: Final = HIGH + 7.0
"""What such a button takes of a field's width."""


class TextField(Field):
    """One line of text."""

    def begin(self) -> bool:
        dpg.focus_item(self.item)
        return True


class _Noted(Field):
    """A widget that cannot say in itself that the nodes differ, with a line under it that does."""

    _note = 0

    def mark(self, mixed: bool) -> None:
        dpg.configure_item(self._note, show=mixed)

    def note(self) -> None:
        """Make the line, in the container that is open."""
        self._note = self.ui.text(MIXED, self.ui.themes.faint, self.ui.fonts.small)


class LinesField(_Noted):
    """A text of several lines; Ctrl+Enter, or a click elsewhere, ends it."""

    on_the_way = False

    def make(self, width: float) -> int:
        height = self.ui.px(_LINES_HEIGHT)
        with dpg.group():
            item = dpg.add_input_text(
                width=self.ui.px(width), height=height, multiline=True, tab_input=False, callback=self.changed
            )
            self.note()
        return int(item)


class ToggleField(Field):
    typed = False

    def make(self, _width: float) -> int:
        return int(dpg.add_checkbox(callback=lambda: self.set(self.read())))

    def mark(self, mixed: bool) -> None:
        dpg.configure_item(self.item, label=MIXED if mixed else "")

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, value is True and not self.knob.mixed)

    def read(self) -> Json:
        return bool(dpg.get_value(self.item))


class ColorField(_Noted):
    """A colour as it is written, and a swatch that opens the picker."""

    def make(self, width: float) -> int:
        ui = self.ui
        with dpg.group():
            with dpg.group(horizontal=True, horizontal_spacing=ui.px(4)):
                item = dpg.add_color_edit(
                    width=ui.px(width - _BESIDE), no_alpha=True, no_options=True, no_small_preview=True, no_picker=True,
                    display_mode=dpg.mvColorEdit_hex, callback=self.changed,
                )  # fmt: skip
                self._swatch = Swatch(ui, HIGH, lambda: self.below(color_prompt(ui, self.knob)))
            self.note()
        return int(item)

    def update(self) -> None:
        super().update()
        self._swatch.show(str(self.read()))

    def delete(self) -> None:
        super().delete()
        self._swatch.delete()

    def show(self, value: Json) -> None:
        dpg.set_value(self.item, hex_color(value))

    def read(self) -> Json:
        red, green, blue, *_ = (min(255, max(0, round(part))) for part in dpg.get_value(self.item))
        return f"#{red:02x}{green:02x}{blue:02x}"


class PathField(TextField):
    on_the_way = False

    def make(self, width: float) -> int:
        ui, self._width = self.ui, width
        self._sampled = False
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(4)):
            item = int(
                dpg.add_input_text(width=ui.px(width - _BESIDE), hint="none", elide_left=True, callback=self.changed)
            )
            what = "Choose a folder" if self.param.type == "folder" else "Choose a file"
            ui.icon_button(Icon.FOLDER, lambda: browse(self.workspace, self.knob), what, HIGH)
            self._samples = ui.icon_button(Icon.CHEVRON, self._open, "Samples to try things on", HIGH)
        dpg.hide_item(self._samples)
        return item

    def mark(self, mixed: bool) -> None:
        dpg.configure_item(self.item, hint=MIXED if mixed else "none")

    def update(self) -> None:
        super().update()
        sampled = has_samples(self.workspace, self.param)
        if sampled != self._sampled:  # they are read after the first frame
            self._sampled = sampled
            dpg.configure_item(self._samples, show=sampled)
            dpg.configure_item(self.item, width=self.ui.px(self._width - _BESIDE * (1 + sampled)))

    def _open(self) -> None:
        self.below(path_menu(self.ui, self.workspace, self.knob))


class ChoiceField(Field):
    """A button with the value on it, which opens a menu."""

    typed = False

    def make(self, width: float) -> int:
        return self.ui.button("", self._open, self.ui.themes.choice, width)

    def mark(self, mixed: bool) -> None:
        """The label says it."""

    def show(self, value: Json) -> None:
        dpg.configure_item(self.item, label=MIXED if self.knob.mixed else str(value) if value else "none")

    def _open(self) -> None:
        self.below(choice_menu(self.ui, self.workspace, self.knob))


class SuggestField(TextField):
    """A text that may be anything, with a button that offers what it usually is."""

    on_the_way = False

    def make(self, width: float) -> int:
        ui = self.ui
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(4)):
            item = int(dpg.add_input_text(width=ui.px(width - _BESIDE), callback=self.changed))
            ui.icon_button(Icon.CHEVRON, self._open, "Suggestions", HIGH)
        return item

    def _open(self) -> None:
        self.below(choice_menu(self.ui, self.workspace, self.knob))


class ModelField(ChoiceField):
    """A choice with a line under it: whether the model is there, how large it is, or how far its download is."""

    def make(self, width: float) -> int:
        self._told: str | None = None
        with dpg.group():
            with dpg.group(horizontal=True, horizontal_spacing=self.ui.px(4)):
                item = super().make(width - _BESIDE)
                self.ui.icon_button(Icon.LIBRARY, self._browse, "Browse models of this task in the library", HIGH)
            self._note = self.ui.text("", self.ui.themes.faint, self.ui.fonts.small, wrap=width)
            self._cancel = self.ui.button("Cancel the download", self._decline, self.ui.themes.small_quiet)
            dpg.bind_item_font(self._cancel, self.ui.fonts.small)
            dpg.hide_item(self._cancel)
        return item

    def update(self) -> None:
        super().update()
        entries = self.workspace.shelf.models(self.param.task) or ()
        model = "" if self.knob.mixed else str(self.knob.value)
        offer = self.workspace.offers.of(model)
        note = next((entry.note for entry in entries if entry.id == model), "")
        if offer is not None and offer.state == "fetching":
            note = offer.text if offer.fraction is None else f"{offer.text}  {offer.fraction:.0%}"
        if note != self._told:
            self._told = note
            dpg.configure_item(self._note, default_value=note, show=bool(note))
            dpg.configure_item(self._cancel, show=offer is not None)

    def _browse(self) -> None:
        self.workspace.front.open_models(self.param.task)

    def _decline(self) -> None:
        offer = self.workspace.offers.of(str(self.knob.value))
        if offer is not None:
            offer.decline()


class DrawingField(Field):
    """How much is drawn, on a button that opens the place to draw."""

    typed = False

    def make(self, width: float) -> int:
        open_viewer = partial(self.workspace.open_viewer, self.knob.nodes[0])
        item = self.ui.button("Paint", open_viewer, self.ui.themes.choice, width)
        self.ui.tip(item, "Paint in the large viewer; the small one takes a brush, too")
        return item

    def mark(self, mixed: bool) -> None:
        """Nothing to say: a drawing is one node's."""

    def show(self, value: Json) -> None:
        made = value.get("strokes") if isinstance(value, Mapping) else None
        count = len(made) if isinstance(made, Sequence) else 0
        dpg.configure_item(self.item, label=f"{count} stroke{'s' * (count != 1)}" if count else "Paint")


FIELDS: Final[dict[ParamType, type[Field]]] = {
    "number": NumberField,
    "integer": IntegerField,
    "toggle": ToggleField,
    "text": TextField,
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
