"""Everything about the selected node: its name, how it does, its parameters, what it is for. GUI thread only."""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.layout import FROM_WIRE
from nodeflow.editor.commands.node_help import about_param, paragraphs
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.nesting import expose, exposed_name
from nodeflow.editor.fonts import Icon
from nodeflow.editor.panels.fields import Field, ShowMenu, field_type
from nodeflow.editor.panels.node_report import NodeReport
from nodeflow.editor.running.ways_out import WaysOut
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Endpoint, NodeSchema, ParamSchema, Problem, base_type

_LABEL: Final = 104.0
_PAD: Final = 14.0
_EXPOSE: Final = 34.0
_TIP_EXPOSE: Final = "Expose it: every use of the subgraph has it, with a value of its own"
_TIPS: Final = (
    ("canvas.add", "or double click: add a node"),
    ("", "Drag from a port: connect, or find what fits"),
    ("", "Drag a value: change it, Shift for fine steps"),
    ("", "Wheel, middle drag: zoom, pan"),
    ("run.start", "start or pause"),
    ("view.palette", "find any action"),
)
"""A command, whose first keys stand before the words, and words."""


class Inspector:
    """A child window of its own, filled for whatever is selected."""

    def __init__(
        self, ui: Ui, workspace: Workspace, commands: Commands, parent: int, show_menu: ShowMenu, ways_out: WaysOut
    ) -> None:
        self._ui, self._workspace, self._show_menu = ui, workspace, show_menu
        self._commands, self._ways_out = commands, ways_out
        self._root = int(dpg.add_child_window(parent=parent, width=-1, height=-1, always_use_window_padding=True))
        dpg.bind_item_theme(self._root, ui.themes.padded)
        self._width = 0.0
        self._shown: tuple[object, ...] = ()
        self._fields: list[Field] = []
        self._notes: dict[str, int] = {}
        """The text under each field that says what is wrong with it, by parameter."""
        self._problems: list[Problem] | None = None
        """What was last told under the fields."""
        self._node: str | None = None
        self._report: NodeReport | None = None
        self._name = 0
        with dpg.item_handler_registry() as self._renamed:
            dpg.add_item_deactivated_after_edit_handler(callback=self._rename)

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        workspace = self._workspace
        nodes = workspace.canvas.selection.nodes
        node = next(iter(nodes)) if len(nodes) == 1 else None
        schema = workspace.schema(node) if node else None
        level = workspace.sheet.levels.path, workspace.graph.exposed
        whole = (workspace.document, *level, workspace.catalog, self._commands.version, width)
        told = self._from_wire(node, schema) if node and schema else "" if node else self._sums()
        shown = (*whole, node, len(nodes), schema, told)
        if shown != self._shown:
            self._shown, self._width = shown, width - 2 * _PAD
            self._rebuild(node, schema, len(nodes))
        if node is not None:
            for field in self._fields:
                field.update()
            self._tell_problems(node)
            if not dpg.is_item_active(self._name):
                dpg.set_value(self._name, workspace.title(node))
            if self._report is not None:
                self._report.update()

    def _rebuild(self, node: str | None, schema: NodeSchema | None, count: int) -> None:
        for field in self._fields:
            field.delete()
        self._fields, self._node, self._report = [], node, None
        self._notes, self._problems = {}, None
        dpg.delete_item(self._root, children_only=True)
        dpg.push_container_stack(self._root)
        try:
            if node is not None:
                self._build_node(node, schema)
            else:
                self._build_nothing(count)
        finally:
            dpg.pop_container_stack()

    def _sums(self) -> tuple[str, int, int]:
        """What is told of the whole graph."""
        graph = self._workspace.graph
        return self._workspace.document.name, len(graph.nodes), len(graph.links)

    def _build_nothing(self, count: int) -> None:
        ui = self._ui
        if count > 1:
            ui.text(f"{count} nodes selected", font=ui.fonts.large)
            return
        inside = self._workspace.sheet.levels.titles(self._workspace.document.graph)
        name, nodes, wires = self._sums()
        ui.text(inside[-1] if inside else name, font=ui.fonts.large)
        if inside:
            ui.text(f"a subgraph of {name}", ui.themes.faint, ui.fonts.small)
        ui.text(f"{nodes} node{'s' * (nodes != 1)}, {wires} wire{'s' * (wires != 1)}", ui.themes.dim)
        ui.gap(10)
        for name, words in _TIPS:
            keys = self._commands[name].keys if name else ()
            ui.text(f"{keys[0]}  {words}" if keys else words, ui.themes.faint, ui.fonts.small, wrap=0)

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
        decided = self._from_wire(node, schema)
        for param in schema.params:
            self._build_param(node, param, is_open=param.name != decided)
        if schema.doc:
            ui.gap(8)
            dpg.add_separator()
            ui.gap(4)
            ui.text(paragraphs(schema.doc), ui.themes.dim, wrap=0)
        ui.gap(2)
        more = self._commands["help.node"]
        button = ui.button(more.tip, partial(self._commands.run, more.name), ui.themes.small_quiet)
        dpg.bind_item_font(button, ui.fonts.small)

    def _build_param(self, node: str, param: ParamSchema, is_open: bool) -> None:
        ui, is_wide = self._ui, param.type == "lines"  # a text of several lines has its own line, and all the width
        with dpg.group() if is_wide else dpg.group(horizontal=True, xoffset=ui.px(_LABEL)):
            with dpg.group():  # a tip counts as a column of its own
                label = ui.text(param.name.replace("_", " "), ui.themes.dim)
                ui.tip(label, about_param(param))
            if not is_open:
                ui.text(FROM_WIRE, ui.themes.faint)
                return
            inside = bool(self._workspace.sheet.levels.path)
            width = self._width - (0.0 if is_wide else _LABEL) - (_EXPOSE if inside else 0.0)
            with dpg.group(horizontal=True, xoffset=ui.px(width + 4.0)):
                with dpg.group():
                    field = field_type(param)(ui, self._workspace, node, param, width, self._show_menu)
                    field.name_is(label)
                    note = ui.text("", ui.themes.bad, ui.fonts.small, wrap=width)
                    if inside:
                        self._tell_exposed(Endpoint(node, param.name))
                if inside:
                    self._build_expose(Endpoint(node, param.name))
        dpg.hide_item(note)
        self._notes[param.name] = note
        self._fields.append(field)

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
        button = self._ui.icon_button(Icon.LEAVE, partial(expose, sheet, param), tip)
        if exposed:
            dpg.bind_item_theme(button, self._ui.themes.pinned)

    def _tell_problems(self, node: str) -> None:
        """Say under each field what is wrong with it."""
        sheet = self._workspace.sheet
        if sheet.problems is self._problems:
            return
        self._problems = sheet.problems
        wrong = {each.port: each.message for each in sheet.shown_problems() if each.node == node}
        for param, note in self._notes.items():
            dpg.configure_item(note, default_value=wrong.get(param, ""), show=param in wrong)

    def _from_wire(self, node: str, schema: NodeSchema) -> str:
        """The parameter in whose place a wire decides."""
        return schema.from_wire([link.target.port for link in self._workspace.graph.links_into(node)])

    def _rename(self) -> None:
        if self._node is not None and self._node in self._workspace.graph.nodes:
            self._workspace.rename(self._node, dpg.get_value(self._name))
