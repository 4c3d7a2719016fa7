"""A drag that comes to the edge of the canvas, or leaves it, goes on: the world moves in, the faster the further out
the pointer is. Pure.
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.canvas.geometry import Point

EDGE: Final = 10.0
"""How near the edge it begins, in screen pixels: in a window that fills the screen the pointer cannot go beyond."""
_RATE: Final = 8.0
"""Pixels a second for each pixel further out."""
_FASTEST: Final = 900.0
LONGEST: Final = 0.1
"""Seconds of one step: after a frame that took longer, the world does not leap."""


def push(pointer: Point, size: Point) -> Point:
    """How fast the world of a canvas moves, in pixels a second; (0, 0) while the pointer is well inside."""
    return _along(pointer[0], size[0]), _along(pointer[1], size[1])


def _along(at: float, length: float) -> float:
    before, after = EDGE - at, at - (length - EDGE)
    return min(max(before, 0.0) * _RATE, _FASTEST) - min(max(after, 0.0) * _RATE, _FASTEST)
