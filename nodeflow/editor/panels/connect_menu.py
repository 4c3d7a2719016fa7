"""Wiring without a pointer: a list of a node's ports, then one of where a wire from the chosen port may go.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby

from nodeflow.editor.canvas.edits import link_between
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.linking import partners, ports_of
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.wiring import wires_at
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import rgba
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.search import rank
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Link

_WIDTH = 380.0


def ports_menu(ui: Ui, workspace: Workspace, node: str, show: Callable[[Menu], None]) -> Menu:
    """The ports of a node. The one that is chosen leads to the list of its partners, which is given to `show`."""
    canvas = workspace.canvas

    def choice(port: Port) -> Choice:
        ends = [link.target if port.side == "out" else link.source for link in wires_at(canvas.graph, port)]
        kind = canvas.scene.kind_of(port)
        way = "to" if port.side == "out" else "from"
        return Choice(
            port.name,
            lambda: show(partners_menu(ui, workspace, port)),
            note=f"{way} {', '.join(map(str, ends))}" if ends else kind,
            icon=Icon.DOT,
            color=rgba(kind_style(kind).color),
        )

    def find(query: str) -> list[Choice]:
        ports = rank(query, ((port, port.name, canvas.scene.kind_of(port)) for port in ports_of(canvas.scene, node)))
        if query.strip():
            return [choice(port) for port in ports]
        rows: list[Choice] = []
        for side, ends in groupby(ports, key=lambda port: port.side):
            rows += [Choice("Outputs" if side == "out" else "Inputs"), *map(choice, ends)]
        return rows

    return Menu(ui, find, _WIDTH, hint=f"Connect a port of {workspace.title(node)}")


def partners_menu(ui: Ui, workspace: Workspace, port: Port) -> Menu:
    """Where a wire from `port` may go; a new node that takes it; and the wires that are there, to be removed."""
    canvas = workspace.canvas
    others = partners(canvas.scene, canvas.graph, port)

    def connect(other: Port) -> None:
        link = link_between(port, other)
        names = canvas.names
        canvas.edit(f"Connect {names.end(link.source)} to {names.end(link.target)}", canvas.graph.connect(link))

    def remove(link: Link) -> None:
        names = canvas.names
        canvas.edit(f"Disconnect {names.end(link.source)} from {names.end(link.target)}", canvas.graph.disconnect(link))

    def choice(other: Port) -> Choice:
        taken = wires_at(canvas.graph, other) if other.side == "in" else []
        kind = canvas.scene.kind_of(other)
        return Choice(
            f"{workspace.title(other.node)} \u00b7 {other.name}",
            partial(connect, other),
            note=f"instead of {canvas.names.end(taken[0].source)}" if taken else other.node,
            icon=Icon.DOT,
            color=rgba(kind_style(kind).color),
        )

    def removal(link: Link) -> Choice:
        return Choice(f"Disconnect {canvas.names.link(link)}", partial(remove, link), icon=Icon.TRASH)

    def find(query: str) -> list[Choice]:
        found = rank(query, ((other, f"{workspace.title(other.node)} {other.name}", other.node) for other in others))
        rows = [choice(other) for other in found]
        if query.strip():
            return rows
        at = canvas.scene.port_at(port)
        if at is not None:
            away = (at[0] + (80.0 if port.side == "out" else -80.0), at[1])
            rows.append(Choice("A new node \u2026", lambda: workspace.sheet.open_search(away, port), icon=Icon.ADD))
        wires = wires_at(canvas.graph, port)
        return [*rows, *map(removal, wires)]

    return Menu(ui, find, _WIDTH, hint=f"{'To' if port.side == 'out' else 'From'} where?")
