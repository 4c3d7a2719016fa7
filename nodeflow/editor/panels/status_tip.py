"""All that a node's status line says, beside the pointer that rests on one that was cut. GUI thread only."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.gestures import Idle
from nodeflow.editor.canvas.layout import ROWS_ZOOM
from nodeflow.editor.canvas.live import Live
from nodeflow.editor.canvas.status_line import line_of
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.panels.beside import beside_pointer
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

_REST: Final = 0.35
"""Seconds that the pointer has to be on it."""
_WIDTH: Final = 300.0
_PAD, _LINE, _SIZE = 10.0, 17.0, 13.0
_MOST: Final = 12


class StatusTip:
    """`update` once per frame; `words` is what it says now."""

    def __init__(self, ui: Ui, workspace: Workspace) -> None:
        self._ui, self._workspace = ui, workspace
        self.words = ""
        self._on: str | None = None
        self._since = 0.0
        layer = int(dpg.add_viewport_drawlist(front=True))
        world = int(dpg.add_draw_node(parent=layer))
        dpg.apply_transform(world, dpg.create_scale_matrix([ui.scale, ui.scale, 1.0]))
        self._pen = Pen(world, ui.faces, ui.scale)

    def update(self, over_canvas: bool, lives: Mapping[str, Live]) -> None:
        """`over_canvas`: the pointer is on the canvas and nothing lies over it; `lives` is what the nodes show."""
        node, now = self._cut(lives) if over_canvas else None, time.monotonic()
        if node != self._on:
            self._on, self._since = node, now
        words = lives[node].words if node is not None and now - self._since >= _REST else ""
        if words != self.words:
            self.words = words
            self._draw(words)

    def _cut(self, lives: Mapping[str, Live]) -> str | None:
        """The node on whose status line the pointer is, if not all of it can be read."""
        canvas = self._workspace.canvas
        node = canvas.hover.node
        live, box = lives.get(node or ""), canvas.scene.boxes.get(node or "")
        if live is None or box is None or box.face.status is None or not isinstance(canvas.gesture, Idle):
            return None
        if canvas.viewport.zoom < ROWS_ZOOM or not box.face.status.moved(*box.at).contains(canvas.world):
            return None
        return node if line_of(live, box.face.status, self._ui.faces).cut else None

    def _draw(self, words: str) -> None:
        pen, faces = self._pen, self._ui.faces
        pen.clear()
        if not words:
            return
        lines = faces.wrap(words, faces.text, _SIZE, _WIDTH - 2 * _PAD, _MOST)
        box = beside_pointer(self._ui, _WIDTH, 2 * _PAD + len(lines) * _LINE)
        pen.rect(box, colors.raised, fade(colors.contrast, 0.15), rounding=6.0)
        for place, line in enumerate(lines):
            pen.text((box.left + _PAD, box.top + _PAD + place * _LINE), line, colors.text, _SIZE)
