"""The list of what can be done with what is under the pointer. GUI thread only."""

from __future__ import annotations

from nodeflow.editor.canvas.scene import Hit
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands import Commands
from nodeflow.editor.fonts import Icon
from nodeflow.editor.menus import as_choice
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

_ON_NODE = ("canvas.rename", "canvas.duplicate", "edit.copy", "canvas.previews", "canvas.collapse", "canvas.delete")
_ON_FAILED = ("node.retry", "node.report")
_ON_WIRE = ("canvas.delete",)


def context_menu(ui: Ui, workspace: Workspace, commands: Commands, hit: Hit) -> Menu:
    """What can be done with the node or wire in `hit`, which is selected if it was not."""
    selection = workspace.canvas.selection
    if hit.node is not None and hit.node not in selection.nodes:
        workspace.canvas.select(Selection(frozenset({hit.node})))
    elif hit.link is not None and hit.link not in selection.links:
        workspace.canvas.select(Selection(links=frozenset({hit.link})))
    rows = [as_choice(commands, commands[name]) for name in (_ON_NODE if hit.node else _ON_WIRE)]
    if hit.node is not None:
        rows[:0] = [as_choice(commands, commands[name]) for name in _ON_FAILED if commands[name].enabled()]
        rows.insert(0, Choice("Show in the viewer", lambda: workspace.open_viewer(hit.node or ""), icon=Icon.EYE))
    return Menu(ui, lambda _query: rows, width=260.0)
