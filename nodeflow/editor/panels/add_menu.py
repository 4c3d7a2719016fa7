"""The list of nodes to add, with what the marked one takes and gives. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.scene import Onto, Port, Scene
from nodeflow.editor.commands.loose_ends import Between, Wanted
from nodeflow.editor.commands.node_list import NodeList
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Link, NodeSchema, PortSchema

_WIDTH: Final = 400.0
_HELP: Final = 13.0
_LINE: Final = 18.0
_FOOT: Final = 4 * _LINE + 10.0


class AddMenu(Menu):
    """Node types to add at a world point; with `onto`, those that can be wired to it."""

    def __init__(self, ui: Ui, workspace: Workspace, nodes: NodeList, at: Point, onto: Onto | None) -> None:
        wanted, hint = _wanted(workspace.canvas.scene, onto)

        def add(schema: NodeSchema) -> None:
            workspace.add(schema, at, onto)

        def find(query: str) -> list[Choice]:
            return nodes.rows(workspace.addable, query, wanted, add)

        super().__init__(ui, find, _WIDTH, hint, news=lambda: workspace.addable)

    def add_foot(self) -> None:
        self._ink = self.ui.pen(int(dpg.add_drawlist(self.ui.px(self.inner), self.ui.px(_FOOT))))

    def tell(self, choice: Choice | None) -> None:
        pen, faces = self._ink, self.ui.faces
        pen.clear()
        if choice is None or not isinstance(choice.about, NodeSchema):
            pen.text((8.0, 8.0), "Right unfolds, Left folds" if choice else "", colors.text_faint, _HELP)
            return
        schema = choice.about
        for place, line in enumerate(faces.wrap(choice.help, faces.text, _HELP, self.inner - 16.0, 2)):
            pen.text((8.0, 8.0 + place * _LINE), line, colors.text_dim, _HELP)
        x = self._ports(8.0, 8.0 + 2.3 * _LINE, schema.inputs)
        pen.text((x, 10.0 + 2.3 * _LINE), Icon.ARROW, colors.text_faint, 10.0, self.ui.fonts.icons)
        self._ports(x + 20.0, 8.0 + 2.3 * _LINE, schema.outputs)

    def _ports(self, x: float, y: float, ports: tuple[PortSchema, ...]) -> float:
        """Draw the ports of one side in a row, as far as there is room; returns where the row ends."""
        pen, faces = self._ink, self.ui.faces
        for port in ports:
            width = faces.width(port.kind, faces.text) * _HELP
            if x + width > self.inner - 40.0:
                pen.text((x, y), "\u2026", colors.text_faint, _HELP)
                return x + 18.0
            pen.port((x + 6.0, y + 7.5), kind_style(port.kind), 4.5)
            pen.text((x + 17.0, y), port.kind, colors.text_faint if port.optional else colors.text_dim, _HELP)
            x += width + 32.0
        return x


def _wanted(scene: Scene, onto: Onto | None) -> tuple[Wanted | Between | None, str]:
    """What is to be found, and how the search field says it."""
    if onto is None:
        return None, "Add a node"
    if isinstance(onto, Link):
        carried = scene.kind_of(Port(onto.source.node, onto.source.port, "out"))
        taken = scene.kind_of(Port(onto.target.node, onto.target.port, "in"))
        return Between(carried, taken), f"Nodes that make {taken} of {carried}"
    wanted = Wanted(scene.kind_of(onto), "in" if onto.side == "out" else "out")
    return wanted, f"Nodes that {'take' if wanted.side == 'in' else 'give'} {wanted.kind}"
