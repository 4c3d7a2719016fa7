"""Everything about the selected node: its name, how it does, its parameters, what it is for; of several nodes, what
they have in common. GUI thread only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from operator import is_not
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.operation import chosen
from nodeflow.editor.commands.node_help import paragraphs
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.knob import Knob, knobs_of
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.panels.node_report import NodeReport
from nodeflow.editor.panels.param_list import ParamList
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import NodeSchema, base_type

_PAD: Final = 14.0
_KINDS: Final = 4
"""How many types of several nodes are named."""
_TIPS: Final = (
    ("canvas.add", "double click", "add a node"),
    ("", "drag from a port", "connect, or find what fits"),
    ("", "drag a value", "change it, Shift for fine steps"),
    ("", "wheel, middle drag", "zoom, pan"),
    ("run.start", "", "start or pause"),
    ("view.palette", "", "find any action"),
)
"""A command, whose first keys do it, what the mouse does for it, and what that is."""


class Inspector:
    """A child window of its own, filled for whatever is selected."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, ways_out: WaysOut, parent: int) -> None:
        self._ui, self._workspace, self._commands, self._ways_out = ui, workspace, commands, ways_out
        self._root = int(dpg.add_child_window(parent=parent, width=-1, height=-1, always_use_window_padding=True))
        dpg.bind_item_theme(self._root, ui.themes.padded)
        self._width = 0.0
        self._shown: tuple[object, ...] = ()
        self._looked: tuple[object, ...] = ()
        """What the knobs were read from."""
        self._nodes: tuple[str, ...] = ()
        self._knobs: list[Knob] = []
        self._rows: tuple[object, ...] = ()
        """How the knobs look."""
        self._params: ParamList | None = None
        self._node: str | None = None
        self._report: NodeReport | None = None
        self._name = 0
        with dpg.item_handler_registry() as self._renamed:
            dpg.add_item_deactivated_after_edit_handler(callback=self._rename)

    @property
    def params(self) -> ParamList | None:
        """The parameters that are shown."""
        return self._params

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        workspace = self._workspace
        nodes = self._look()
        node = nodes[0] if len(nodes) == 1 else None
        schema = workspace.schema(node) if node else None
        level = workspace.sheet.levels.path, workspace.graph.exposed
        whole = workspace.document, *level, workspace.catalog, () if nodes else self._sums()
        shown = *whole, self._commands.version, width, nodes, schema, self._rows
        if shown != self._shown:
            self._shown, self._width = shown, width - 2 * _PAD
            self._rebuild(nodes, schema)
        if self._params is not None:
            self._params.update()
        if node is not None:
            if not dpg.is_item_active(self._name):
                dpg.set_value(self._name, workspace.title(node))
            if self._report is not None:
                self._report.update()

    def _look(self) -> tuple[str, ...]:
        """The selected nodes, in the graph's order; what they have in common is read anew where something changed."""
        sheet, selected = self._workspace.sheet, self._workspace.canvas.selection.nodes
        looked = sheet, sheet.graph, sheet.catalog, selected
        if not self._looked or any(map(is_not, looked, self._looked)):
            self._looked = looked
            self._nodes = tuple(chosen(self._workspace.canvas))
            self._knobs = knobs_of(sheet, self._nodes)
            self._rows = tuple((knob.param, knob.wired) for knob in self._knobs)
        return self._nodes

    def _rebuild(self, nodes: Sequence[str], schema: NodeSchema | None) -> None:
        if self._params is not None:
            self._params.delete()
        self._params, self._report = None, None
        self._node = nodes[0] if len(nodes) == 1 else None
        dpg.delete_item(self._root, children_only=True)
        dpg.push_container_stack(self._root)
        try:
            if self._node is not None:
                self._build_node(self._node, schema)
            elif nodes:
                self._build_several(nodes)
            else:
                self._build_nothing()
        finally:
            dpg.pop_container_stack()

    def _sums(self) -> tuple[str, int, int]:
        """What is told of the whole graph."""
        graph = self._workspace.graph
        return self._workspace.document.name, len(graph.nodes), len(graph.links)

    def _build_nothing(self) -> None:
        ui = self._ui
        inside = self._workspace.sheet.levels.titles(self._workspace.document.graph)
        name, nodes, wires = self._sums()
        ui.text(inside[-1] if inside else name, font=ui.fonts.large)
        if inside:
            ui.text(f"a subgraph of {name}", ui.themes.faint, ui.fonts.small)
        ui.text(f"{nodes} node{'s' * (nodes != 1)}, {wires} wire{'s' * (wires != 1)}", ui.themes.dim)
        ui.gap(10)
        for name, mouse, words in _TIPS:
            keys = self._commands[name].keys[:1] if name else ()
            by = ", ".join(filter(None, (*keys, mouse)))
            if by:
                ui.text(f"{by[0].upper()}{by[1:]}: {words}", ui.themes.faint, ui.fonts.small, wrap=0)

    def _build_several(self, nodes: Sequence[str]) -> None:
        """Several nodes: what they are, and what they have in common."""
        ui, workspace = self._ui, self._workspace
        ui.text(f"{len(nodes)} nodes selected", font=ui.fonts.large)
        titles = Counter(schema.title if (schema := workspace.schema(node)) else "?" for node in nodes)
        words = [f"{count} \u00d7 {title}" for title, count in titles.most_common(_KINDS)]
        more = sum(titles.values()) - sum(count for _, count in titles.most_common(_KINDS))
        ui.text("  \u00b7  ".join([*words, *([f"{more} more"] if more else [])]), ui.themes.dim, ui.fonts.small, wrap=0)
        ui.gap(6)
        self._build_params()
        if not self._knobs:
            ui.text("They have no parameters in common.", ui.themes.faint, wrap=0)

    def _build_params(self) -> None:
        self._params = ParamList(self._ui, self._workspace, self._knobs, self._width)

    def _build_node(self, node: str, schema: NodeSchema | None) -> None:
        ui = self._ui
        self._name = int(
            dpg.add_input_text(width=ui.px(self._width), on_enter=False, default_value=self._workspace.title(node))
        )
        dpg.bind_item_font(self._name, ui.fonts.large)
        dpg.bind_item_handler_registry(self._name, self._renamed)
        ui.tip(self._name, "The label of this node. Its id in the file stays.")
        about = f"{node}  \u00b7  {base_type(self._workspace.graph[node].type)}"
        ui.text(about, ui.themes.faint, ui.fonts.small)
        self._report = NodeReport(ui, self._workspace, self._ways_out, node, self._width)
        ui.gap(4)
        if schema is None:
            ui.text("This type is not installed, so the node cannot run. It is kept as it is.", ui.themes.warn, wrap=0)
            return
        self._build_params()
        if schema.doc:
            ui.gap(8)
            dpg.add_separator()
            ui.gap(4)
            ui.text(paragraphs(schema.doc), ui.themes.dim, wrap=0)
        ui.gap(2)
        names = [name for name in ("subgraph.enter", "help.node") if self._commands[name].enabled()]
        for more in map(self._commands.__getitem__, names):
            button = ui.button(more.tip, partial(self._commands.run, more.name), ui.themes.small_quiet)
            dpg.bind_item_font(button, ui.fonts.small)

    def _rename(self) -> None:
        if self._node is not None and self._node in self._workspace.graph.nodes:
            self._workspace.rename(self._node, dpg.get_value(self._name))
