"""The list of what can be done with what is under the pointer. GUI thread only."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nodeflow.editor.canvas.pads import HUES
from nodeflow.editor.canvas.press import selected_by
from nodeflow.editor.canvas.scene import Hit
from nodeflow.editor.commands.menus import as_choice
from nodeflow.editor.commands.param_rows import param_rows
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.knob import knob_of
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import Rgba, colors
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

_ON_NODE = (
    *("canvas.rename", "canvas.connect", "canvas.previews", "canvas.collapse", ""),
    *("canvas.mute", "canvas.bypass", "canvas.group", "subgraph.make", ""),
    *("edit.copy", "canvas.duplicate", "canvas.dissolve", "canvas.delete"),
)
_ON_NESTED = ("subgraph.enter", "subgraph.rename", "subgraph.save", "subgraph.expand", "subgraph.separate")
_WHERE_IT_CAN = ("node.sample", "node.retry", "node.report", "node.models")
"""Listed first, where they can be done."""
_ON_WIRE = ("canvas.dot", "canvas.delete")
_ON_PAD = ("canvas.rename", "canvas.fit_group", "canvas.select_contents", "", "edit.copy", "canvas.duplicate")


def context_menu(ui: Ui, workspace: Workspace, commands: Commands, hit: Hit) -> Menu:
    """What can be done with the node, wire, group or note in `hit`, which is selected if it was not."""
    what = selected_by(hit)
    if not workspace.canvas.selection.meets(what):
        workspace.canvas.select(what)
    names = _ON_NODE if hit.node else _ON_PAD if hit.pad else _ON_WIRE
    rows = [as_choice(commands, commands[name]) if name else Choice("") for name in names]
    if hit.pad is not None:
        rows += [
            Choice(""),
            *map(partial(_hue, commands), HUES),
            Choice(""),
            as_choice(commands, commands["canvas.delete"]),
        ]
    if hit.node is not None:
        first = [Choice("Show in the viewer", lambda: workspace.open_viewer(hit.node or ""), icon=Icon.EYE)]
        first += [as_choice(commands, commands[name]) for name in _WHERE_IT_CAN if commands[name].enabled()]
        use = commands["subgraph.enter"].enabled()
        nested = [as_choice(commands, commands[name]) for name in _ON_NESTED] if use else []
        knob = knob_of(workspace.sheet, hit.node, hit.param) if hit.param else None
        parts = [param_rows(knob) if knob else [], first, nested, rows]
        rows = [row for part in parts if part for row in (*part, Choice(""))][:-1]
    return Menu(ui, lambda _query: rows, width=300.0)


def _hue(commands: Commands, hue: str) -> Choice:
    """A colour for a group or note, with a patch of it."""
    color: Rgba = getattr(colors, hue)
    row = as_choice(commands, commands[f"canvas.color_{hue}"])
    return replace(row, title=hue.capitalize(), icon=Icon.SQUARE, color=color)
