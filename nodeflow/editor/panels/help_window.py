"""All about one node type: its ports, its values, how it runs, and graphs that use it. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.commands.node_help import Sample, behaviour, default_of, examples, paragraphs, range_of
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import NodeSchema, ParamSchema, PortSchema

_WIDTH: Final = 640.0
_HEIGHT: Final = 520.0
_NAME: Final = 150.0
_TITLE: Final = 260.0


class HelpWindow(Popup):
    def __init__(self, ui: Ui, workspace: Workspace, schema: NodeSchema) -> None:
        room = self.room(ui)
        width = min(_WIDTH, room[0])
        self._inner = width - 44.0
        super().__init__(ui, width, holds=True)
        self._workspace = workspace
        dpg.push_container_stack(self.window)
        with dpg.group(horizontal=True):
            ui.text(schema.title, font=ui.fonts.large)
            ui.text(f"{schema.category}  \u00b7  {schema.type}", ui.themes.faint)
        ui.gap(2)
        with dpg.child_window(width=ui.px(width - 28.0), height=ui.px(min(_HEIGHT, room[1] - 110.0))):
            ui.text(paragraphs(schema.doc) or "Nobody has described this node.", ui.themes.dim, wrap=self._inner)
            self._ports("Takes", schema.inputs)
            self._ports("Gives", schema.outputs)
            self._values(schema.params)
            self._heading("In a run")
            ui.text(" ".join(behaviour(schema)), ui.themes.dim, wrap=self._inner)
            self._examples(examples(schema.type))
        ui.gap(4)
        ui.button("Close", self.close, width=96)
        dpg.pop_container_stack()

    def key(self, chord: str) -> bool:
        if chord in ("Enter", "F1"):
            self.close()
            return True
        return super().key(chord)

    def _heading(self, title: str) -> None:
        self.ui.gap(8)
        self.ui.text(title, font=self.ui.fonts.medium)

    def _ports(self, title: str, ports: tuple[PortSchema, ...]) -> None:
        ui = self.ui
        if not ports:
            return
        self._heading(title)
        for port in ports:
            with dpg.group(horizontal=True, xoffset=ui.px(_NAME)):
                with dpg.group(horizontal=True):
                    pen = ui.pen(int(dpg.add_drawlist(ui.px(14), ui.px(20))))
                    pen.port((7.0, 12.0), kind_style(port.kind), 4.5)
                    ui.text(port.name.replace("_", " "))
                kind = f"{port.kind}, optional" if port.optional else port.kind
                ui.text(f"{kind}. {port.doc}".rstrip(". ") + ".", ui.themes.dim, wrap=self._inner - _NAME)

    def _values(self, params: tuple[ParamSchema, ...]) -> None:
        ui = self.ui
        if not params:
            return
        self._heading("Values")
        for param in params:
            default = default_of(param)
            facts = [range_of(param), f"default {default}" if default else ""]
            facts += ["a change opens the node again"] if param.group == "setup" else []
            said = ";  ".join(fact for fact in facts if fact)
            with dpg.group(horizontal=True, xoffset=ui.px(_NAME)):
                ui.text(param.name.replace("_", " "))
                with dpg.group():
                    if param.doc:
                        ui.text(param.doc, ui.themes.dim, wrap=self._inner - _NAME)
                    ui.text(said or param.type, ui.themes.faint, ui.fonts.small, wrap=self._inner - _NAME)

    def _examples(self, samples: list[Sample]) -> None:
        ui = self.ui
        if not samples:
            return
        self._heading("Graphs that use it")
        for sample in samples[:4]:
            with dpg.group(horizontal=True, xoffset=ui.px(_TITLE)):
                ui.text(sample.title)
                with dpg.group(horizontal=True):
                    ui.button("Open", partial(self._do, self._workspace.files.open_path, sample.path), width=84)
                    ui.button("Insert", partial(self._do, self._workspace.files.import_path, sample.path), width=84)

    def _do(self, action: Callable[[Path], object], path: Path) -> None:
        self.close()
        action(path)
