"""The parameters of what is selected, a row for each: its name, its field, what is wrong with it. GUI thread only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.layout import FROM_WIRE
from nodeflow.editor.commands.node_help import about_param
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.documents.nesting import expose, exposed_name
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.field import Field
from nodeflow.editor.panels.fields import HIGH, field_type
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Endpoint, Problem

_LABEL: Final = 104.0
_EXPOSE: Final = HIGH + 4.0
_TIP_EXPOSE: Final = "Expose it: every use of the subgraph has it, with a value of its own"


class ParamList:
    """Made in the container that is open; `width` in logical pixels."""

    def __init__(self, ui: Ui, workspace: Workspace, knobs: Sequence[Knob], width: float) -> None:
        self._ui, self._workspace, self._width = ui, workspace, width
        self.fields: list[Field] = []
        self.notes: dict[str, int] = {}
        """The text under each field that says what is wrong with it, by parameter."""
        self._problems: list[Problem] | None = None
        """What was last told under the fields."""
        for knob in knobs:
            self._build(knob)
        for place, field in enumerate(self.fields):
            field.go_on = partial(self._go_on, place)

    def update(self) -> None:
        """Once per frame."""
        for field in self.fields:
            field.update()
        self._tell_problems()

    def delete(self) -> None:
        """Forget what DearPyGui keeps apart from the items."""
        for field in self.fields:
            field.delete()

    def _build(self, knob: Knob) -> None:
        ui = self._ui
        is_wide = knob.param.type == "lines"  # a text of several lines has a line of its own, and all the width
        with dpg.group() if is_wide else dpg.group(horizontal=True, xoffset=ui.px(_LABEL)):
            with dpg.group():  # a tip counts as a column of its own
                label = ui.text(knob.name.replace("_", " "), ui.themes.dim)
                ui.tip(label, about_param(knob.param))
            if knob.wired:
                ui.text(FROM_WIRE, ui.themes.faint)
                return
            end = Endpoint(knob.nodes[0], knob.name)
            may_expose = bool(self._workspace.sheet.levels.path) and len(knob.nodes) == 1
            width = self._width - (0.0 if is_wide else _LABEL) - (_EXPOSE if may_expose else 0.0)
            with dpg.group(horizontal=True, xoffset=ui.px(width + 4.0)):
                with dpg.group():
                    field = field_type(knob.param)(ui, self._workspace, knob, width)
                    field.name_is(label)
                    note = ui.text("", ui.themes.bad, ui.fonts.small, wrap=width)
                    if may_expose:
                        self._tell_exposed(end)
                if may_expose:
                    self._build_expose(end)
        dpg.hide_item(note)
        self.notes[knob.name] = note
        self.fields.append(field)

    def _tell_exposed(self, param: Endpoint) -> None:
        """Inside a subgraph: that a value here may not be the one that counts."""
        name = exposed_name(self._workspace.graph, param)
        if name is not None:
            words = "each use may set it" if name == param.port else f"each use may set it, as {name}"
            self._ui.text(words, self._ui.themes.faint, self._ui.fonts.small, wrap=0)

    def _build_expose(self, param: Endpoint) -> None:
        """What shows a parameter on every use of the subgraph, or hides it again."""
        sheet, exposed = self._workspace.sheet, exposed_name(self._workspace.graph, param) is not None
        tip = "Hide it: uses of the subgraph have the value from here" if exposed else _TIP_EXPOSE
        button = self._ui.icon_button(Icon.LEAVE, partial(expose, sheet, param), tip, HIGH)
        if exposed:
            dpg.bind_item_theme(button, self._ui.themes.pinned)

    def _tell_problems(self) -> None:
        """Say under each field what is wrong with it, of several nodes also with which."""
        sheet = self._workspace.sheet
        if sheet.problems is self._problems:
            return
        self._problems = sheet.problems
        nodes = {node for field in self.fields for node in field.knob.nodes}
        wrong = {
            each.port: each.message if len(nodes) == 1 else f"{each.node}: {each.message}"
            for each in reversed(sheet.shown_problems())
            if each.node in nodes
        }
        for param, note in self.notes.items():
            dpg.configure_item(note, default_value=wrong.get(param, ""), show=param in wrong)

    def _go_on(self, place: int, step: int) -> None:
        """Let the person type in the next field that takes letters."""
        after = self.fields[place + 1 :] if step > 0 else self.fields[:place][::-1]
        any(field.begin() for field in after)
