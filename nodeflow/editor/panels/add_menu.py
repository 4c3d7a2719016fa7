"""The list of nodes to add, and the list of what can be done with what is there. GUI thread only."""

from __future__ import annotations

from itertools import groupby

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.scene import Hit, Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands import Commands
from nodeflow.editor.fonts import Icon
from nodeflow.editor.palette import category_color, colors, mix
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.search import Wanted, find_nodes, first_line
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import NodeSchema

_ON_NODE = ("canvas.rename", "canvas.duplicate", "edit.copy", "canvas.previews", "canvas.collapse", "canvas.delete")
_ON_FAILED = ("node.retry", "node.report")
_ON_WIRE = ("canvas.delete",)


def add_menu(ui: Ui, workspace: Workspace, at: Point, port: Port | None) -> Menu:
    """Node types to add at a world point; with `port`, those that can be wired to it."""
    canvas = workspace.canvas
    wanted = None
    if port is not None:
        wanted = Wanted(canvas.scene.kind_of(port), "input" if port.side == "out" else "output")

    def choice(schema: NodeSchema, note: str) -> Choice:
        def add() -> None:
            canvas.add(schema, at, port)

        return Choice(
            schema.title,
            add,
            note=note,
            help=first_line(schema.doc),
            icon="\uf0c8",
            color=mix(category_color(schema.category), colors.contrast, 0.15),
        )

    def find(query: str) -> list[Choice]:
        found = find_nodes(workspace.catalog, query, wanted)
        if query.strip():
            return [choice(schema, schema.category) for schema in found]
        rows: list[Choice] = []
        for category, schemas in groupby(found, key=lambda schema: schema.category):
            rows += [Choice(category), *(choice(schema, "") for schema in schemas)]
        return rows

    hint = f"Nodes that {'take' if wanted.side == 'input' else 'give'} {wanted.kind}" if wanted else "Add a node"
    return Menu(ui, find, hint=hint)


def context_menu(ui: Ui, workspace: Workspace, commands: Commands, hit: Hit) -> Menu:
    """What can be done with the node or wire in `hit`, which is selected if it was not."""
    selection = workspace.canvas.selection
    if hit.node is not None and hit.node not in selection.nodes:
        workspace.canvas.select(Selection(frozenset({hit.node})))
    elif hit.link is not None and hit.link not in selection.links:
        workspace.canvas.select(Selection(links=frozenset({hit.link})))
    rows = [
        Choice(command.title, command.action, note=command.keys[0] if command.keys else "", icon=command.icon)
        for command in (commands[name] for name in (_ON_NODE if hit.node else _ON_WIRE))
    ]
    if hit.node is not None:
        rows[:0] = [
            Choice(command.title, command.action, note=command.keys[0] if command.keys else "", icon=command.icon)
            for command in (commands[name] for name in _ON_FAILED)
            if command.enabled()
        ]
        rows.insert(0, Choice("Show in the viewer", lambda: workspace.open_viewer(hit.node or ""), icon=Icon.EYE))
    return Menu(ui, lambda _query: rows, width=260.0)
