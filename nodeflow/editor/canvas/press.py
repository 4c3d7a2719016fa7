"""The state between a press and what comes of it: what each button does on each thing, in one place.

left      click: select, Shift adds or takes, Ctrl takes; buttons and values do what they show
          drag: what is under the pointer; on empty canvas a selection box; with Space pan, with Alt cut wires,
          with Ctrl on an output take all its wires along
middle    drag: pan
          in the map in the corner: look there
right     click: menu, on empty canvas the search; drag: pan, with Ctrl cut wires
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from nodeflow.editor.canvas.gestures import (
    BoxSelect,
    Cutting,
    Gesture,
    MapPanning,
    Panning,
    Scrubbing,
)
from nodeflow.editor.canvas.moving import DragNodes, Resizing, ResizingPad
from nodeflow.editor.canvas.scene import Hit
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.wiring import wiring_from

if TYPE_CHECKING:
    from nodeflow.editor.canvas.interaction import Interaction

Button = Literal["left", "middle", "right"]

_SLOP = 4.0
"""A pointer that moved no further than this many pixels since its press has clicked, not dragged."""


def selected_by(hit: Hit) -> Selection:
    """What a press on it selects."""
    return Selection(
        frozenset(() if hit.node is None else (hit.node,)),
        frozenset(() if hit.link is None else (hit.link,)),
        frozenset(() if hit.pad is None else (hit.pad,)),
    )


def begun(canvas: Interaction, button: Button) -> Gesture:
    """The gesture that a press begins with."""
    overlay = canvas.map
    if overlay is not None and overlay.frame.contains(canvas.pointer):
        return MapPanning(canvas, overlay) if button == "left" else Gesture(canvas)
    return Pressed(canvas, button)


class Pressed(Gesture):
    """A button is down and it is not clear yet whether this is a click or a drag."""

    def __init__(self, canvas: Interaction, button: Button) -> None:
        super().__init__(canvas, canvas.pointer)
        self._at, self._held, self._button = canvas.pointer, canvas.held, button
        self._hit = hit = canvas.hit()
        self._selected = canvas.selection.meets(selected_by(hit))
        if button != "middle" and not self._held.space:
            canvas.touch(hit)

    def move(self) -> None:
        if math.dist(self.canvas.pointer, self._at) > _SLOP:
            self.canvas.gesture = self._drag()
            self.canvas.gesture.move()

    def release(self) -> None:
        if self._button == "left" and not self._held.space:
            self.canvas.click(self._hit, self._held, self._selected)
        elif self._button == "right":
            self.canvas.menu(self._hit)

    def _drag(self) -> Gesture:
        canvas, hit, at = self.canvas, self._hit, self._at
        cutting = self._held.ctrl if self._button == "right" else self._held.alt
        if self._button == "middle" or self._held.space or (self._button == "right" and not cutting):
            return Panning(canvas, at)
        if cutting:
            return Cutting(canvas, at)
        if hit.port is not None:
            return wiring_from(canvas, hit.port, all_=self._held.ctrl)
        if hit.pad is not None:
            return ResizingPad(canvas, at, hit.pad) if hit.kind == "pad grip" else DragNodes(canvas, at, hit.pad)
        if hit.node is None:
            return BoxSelect(canvas, at)
        if hit.kind == "grip":
            return Resizing(canvas, at, hit.node)
        param = canvas.param(hit)
        if param is not None and param.type in ("number", "integer"):
            return Scrubbing(canvas, at, hit.node, param)
        return DragNodes(canvas, at, hit.node)
