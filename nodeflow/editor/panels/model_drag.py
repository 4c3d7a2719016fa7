"""A model on its way from the library to the canvas: beside the pointer, with what a drop would do. GUI thread only.

A press on a model becomes a drag when the pointer has gone some way; otherwise it was a click.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.panels.on_canvas import OnCanvas
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace

_FAR: Final = 6.0
"""How far the pointer goes before a press is a drag, in logical pixels."""

_ON_CANVAS: Final = {
    (True, True): "Put it into this wire",
    (True, False): "Feed it from this wire",
    (False, True): "Add it here",
}


class ModelDrag:
    """`clicked` is told the model of a press that did not become a drag."""

    def __init__(
        self, ui: Ui, workspace: Workspace, room: ModelRoom, canvas: OnCanvas, clicked: Callable[[Entry], None]
    ) -> None:
        self._ui, self._workspace, self._room, self._canvas, self._clicked = ui, workspace, room, canvas, clicked
        self._pen = ui.pen(int(dpg.add_viewport_drawlist(front=True)))
        self._pressed: tuple[Entry, Point] | None = None
        self._moving = False
        self._shown: tuple[object, ...] = ()

    def press(self, entry: Entry) -> None:
        """The left button went down on a model."""
        self._pressed = entry, mouse_at()

    def cancel(self) -> bool:
        """Think better of it; False if nothing was pressed."""
        was = self._pressed is not None
        self._pressed, self._moving, self._shown = None, False, ()
        if was:
            self._pen.clear()
        return was

    def update(self) -> None:
        """Once per frame: whether what was pressed became a drag, where it is, and what becomes of it."""
        if self._pressed is None:
            return
        entry, start = self._pressed
        at = mouse_at()
        self._moving = self._moving or math.dist(start, at) > self._ui.px(_FAR)
        world = self._canvas.world(at) if self._moving else None
        if dpg.is_mouse_button_down(dpg.mvMouseButton_Left):
            if self._moving:
                self._show(entry, at, world)
            return
        moved = self._moving
        self.cancel()
        if world is not None:
            self._room.drop(entry, world)
        elif not moved:
            self._clicked(entry)

    def _show(self, entry: Entry, at: Point, world: Point | None) -> None:
        """What is dragged, beside the pointer, and what a drop would do."""
        target = self._room.target(entry, world) if world is not None else None
        scene, workspace = self._workspace.canvas.scene, self._workspace
        if world is None:
            words = "Drag it onto the canvas"
        elif target is None:
            words = "No installed node runs it"
        elif target.node:
            words = f"Use it in {workspace.title(target.node)}"
        else:
            words = _ON_CANVAS[target.link is not None, target.between]
        shown = (entry.id, at, words, workspace.canvas.viewport)
        if shown == self._shown:
            return
        self._shown = shown
        pen, faces, scale = self._pen, self._ui.faces, self._ui.scale
        pen.clear()
        if target is not None and target.node:
            bounds = scene.boxes[target.node].bounds
            ends = (bounds.left, bounds.top), (bounds.right, bounds.bottom)
            corners = [self._canvas.on_screen(end) for end in ends]
            box = Rect(*(part / scale for corner in corners for part in corner)).grown(3.0)
            pen.rect(box, fade(colors.accent, 0.14), colors.accent, 9.0, 2.0)
        elif target is not None and target.link is not None:
            points = [self._canvas.on_screen(point) for point in scene.wires[target.link].curve.points()]
            pen.line([(x / scale, y / scale) for x, y in points], colors.accent, 4.0)
        wide = max(faces.width(entry.title, faces.medium) * 14.0, faces.width(words, faces.text) * 12.0) + 28.0
        tag = Rect.of(at[0] / scale + 14.0, at[1] / scale + 10.0, wide, 46.0)
        pen.rect(tag.moved(0.0, 2.0).grown(2.0), fade(colors.shadow, 0.35), rounding=9.0)
        pen.rect(tag, colors.raised, colors.accent if target else colors.border, 8.0, 1.5)
        pen.text((tag.left + 14.0, tag.top + 7.0), entry.title, colors.text, 14.0, faces.medium)
        pen.text((tag.left + 14.0, tag.top + 26.0), words, colors.text_dim, 12.0)
