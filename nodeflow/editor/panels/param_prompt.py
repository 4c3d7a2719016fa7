"""The popup in which a parameter gets its value where it stands on its node. GUI thread only."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Final

from nodeflow.editor.canvas.layout import ParamFace
from nodeflow.editor.commands.path_rows import browse, has_samples
from nodeflow.editor.commands.typed import value_typed
from nodeflow.editor.panels.fields import choice_menu, path_menu
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.panels.questions import ColorPrompt, TextPrompt
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import ParamSchema

_PATHS: Final = ("file", "folder", "save")
_picks = count()


def param_prompt(
    ui: Ui, workspace: Workspace, node: str, row: ParamFace, width: float, by_keys: bool = False
) -> Popup | None:
    """What asks for the value of a row, `width` wide where a value is typed; None if the desktop asks.

    `by_keys` a path is typed and a switch is a choice of two, so that no pointer is needed.
    """
    param = row.schema
    if param.type in ("choice", "model"):
        return choice_menu(ui, workspace, node, param)
    if param.type == "toggle":
        return _switch_menu(ui, workspace, node, row)
    if param.type == "color":
        merge = f"pick {node}.{param.name} {next(_picks)}"
        return ColorPrompt(ui, row.value, lambda color: workspace.set_param(node, param.name, color, merge))
    if param.type in _PATHS and not by_keys:
        if has_samples(workspace, param):
            return path_menu(ui, workspace, node, param)
        browse(workspace, node, param)
        return None
    text = "" if row.value is None else str(row.value)
    return TextPrompt(ui, text, width, partial(_take, workspace, node, param))


def is_below(param: ParamSchema, by_keys: bool = False) -> bool:
    """Whether the popup hangs below the row, rather than lying on it."""
    return param.type in ("choice", "model", "toggle", "color") or (param.type in ("file", "folder") and not by_keys)


def _take(workspace: Workspace, node: str, param: ParamSchema, text: str) -> None:
    try:
        value = value_typed(param, text)
    except ValueError:
        workspace.notices.say(f"{text!r} is not a number", "warning")
        return
    workspace.set_param(node, param.name, value)


def _switch_menu(ui: Ui, workspace: Workspace, node: str, row: ParamFace) -> Menu:
    def choice(on: bool) -> Choice:
        switch = partial(workspace.set_param, node, row.name, on)
        return Choice("on" if on else "off", switch, checked=(row.value is True) == on)

    return Menu(ui, lambda _query: [choice(True), choice(False)], width=160.0)
