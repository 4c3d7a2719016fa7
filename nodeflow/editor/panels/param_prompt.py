"""The popups in which a parameter gets its value: at its row on the node, or at its field in the inspector.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Final

from nodeflow.editor.commands.path_rows import browse, has_samples, path_rows
from nodeflow.editor.commands.picking import MANY, picked
from nodeflow.editor.commands.typed import value_typed
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.panels.questions import ColorPrompt, TextPrompt
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.paths import SAMPLE

_PATHS: Final = ("file", "folder", "save")
_picks = count()


def param_prompt(ui: Ui, workspace: Workspace, knob: Knob, width: float, by_keys: bool = False) -> Popup | None:
    """What asks for the value of a row, `width` wide where a value is typed; None if the desktop asks.

    `by_keys` a path is typed, unless there are samples in its place, and a switch is a choice of two: no pointer is
    needed.
    """
    param = knob.param
    if param.type in ("choice", "model"):
        return choice_menu(ui, workspace, knob)
    if param.type == "toggle":
        return _switch_menu(ui, knob)
    if param.type == "color":
        return color_prompt(ui, knob)
    if param.type in _PATHS:
        own = not knob.mixed and bool(knob.value) and not str(knob.value).startswith(SAMPLE)
        if has_samples(workspace, param) and not (by_keys and own):
            return path_menu(ui, workspace, knob)
        if not by_keys:
            browse(workspace, knob)
            return None
    return value_prompt(ui, workspace, knob, width)


def value_prompt(ui: Ui, workspace: Workspace, knob: Knob, width: float) -> TextPrompt:
    """A line to type a value into, a number also as a sum."""

    def take(text: str) -> None:
        if text == shown:
            return
        try:
            value = value_typed(knob.param, text)
        except ValueError:
            workspace.notices.say(f"{text!r} is not a number", "warning")
            return
        knob.turn(value)

    shown = "" if knob.mixed or knob.value is None else str(knob.value)
    return TextPrompt(ui, shown, width, take)


def color_prompt(ui: Ui, knob: Knob) -> ColorPrompt:
    """A colour picker: all that is picked before it closes is one step of undo."""
    merge = f"pick {next(_picks)}"
    return ColorPrompt(ui, knob.value, lambda color: knob.turn(color, merge), knob.way_back(merge))


def choice_menu(ui: Ui, workspace: Workspace, knob: Knob) -> Menu:
    """The values of a choice or model parameter."""
    param, now = knob.param, None if knob.mixed else knob.value

    def choose(value: str) -> Callable[[], None]:
        return lambda: knob.turn(value)

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


def path_menu(ui: Ui, workspace: Workspace, knob: Knob) -> Menu:
    """What a file parameter may be, samples among it."""
    rows = partial(path_rows, workspace, knob)
    return _PathMenu(ui, rows, width=400.0, hint="A path, or what to look for", news=lambda: workspace.samples.entries)


class _PathMenu(Menu):
    """Tab goes past the row that browses, which is marked to begin with."""

    def key(self, chord: str) -> bool:
        if self.on_tab is not None and chord.endswith("Tab") and not self.query and self.rows.marked == 0:
            self.close()
            self.on_tab(-1 if chord == "Shift+Tab" else 1)
            return True
        return super().key(chord)


def _switch_menu(ui: Ui, knob: Knob) -> Menu:
    def choice(on: bool) -> Choice:
        is_now = not knob.mixed and (knob.value is True) == on
        return Choice("on" if on else "off", partial(knob.turn, on), checked=is_now)

    return Menu(ui, lambda _query: [choice(True), choice(False)], width=160.0)
