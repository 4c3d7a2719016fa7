"""Where there is room for something new. Pure."""

from __future__ import annotations

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.scene import Scene


def free_place(scene: Scene, rect: Rect) -> Point:
    """The corner of `rect`, or where that is, straight up or down, the nearest that lies on no node."""
    down = up = rect
    while met := scene.boxes_in(down):
        bottom = max(scene.boxes[node].bounds.bottom for node in met)
        down = rect.moved(0.0, bottom + GRID - rect.top)
    while met := scene.boxes_in(up):
        top = min(scene.boxes[node].bounds.top for node in met)
        up = rect.moved(0.0, top - GRID - rect.bottom)
    return rect.left, down.top if down.top - rect.top <= rect.top - up.top else up.top
