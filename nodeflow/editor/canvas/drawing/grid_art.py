"""The dots behind everything: they say how far and how large, and otherwise keep quiet.

The dots are made once for a canvas of some size; panning moves them all by one matrix, never by more than one step.
They lie in a few blocks, from the corner outwards: where they are far apart, the outer blocks are off the canvas and
not drawn. GUI thread only.
"""

from __future__ import annotations

import math
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Viewport
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.palette import CLEAR, colors

_NEAREST: Final = 40.0
"""Dots are at least this many logical pixels apart, and less than twice that."""
_DOT: Final = 0.03
"""The side of a dot, in steps from one to the next."""
_BLOCKS: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Where each block ends, as a part of what is there when dots are nearest."""


class GridArt:
    def __init__(self, parent: int, scale: float) -> None:
        self._root = int(dpg.add_draw_node(parent=parent))
        self._scale = scale
        self._made: tuple[int, int, int] = (0, 0, 0)
        self._blocks: list[int] = []
        self._shown = 0
        """How many blocks, from the first."""

    def draw(self, viewport: Viewport, size: Point) -> None:
        step = GRID * viewport.zoom
        step *= 2.0 ** math.ceil(math.log2(_NEAREST / step))
        wanted = (math.ceil(size[0] / _NEAREST) + 1, math.ceil(size[1] / _NEAREST) + 1, colors.version)
        if wanted != self._made:
            self._made = wanted
            self._make(*wanted[:2])
        self._show_as_far_as(size[0] / step + 1, size[1] / step + 1)
        x, y = viewport.pan[0] % step, viewport.pan[1] % step
        move = dpg.create_translation_matrix([x * self._scale, y * self._scale, 0.0])
        dpg.apply_transform(self._root, move * dpg.create_scale_matrix([step * self._scale, step * self._scale, 1.0]))

    def _show_as_far_as(self, across: float, down: float) -> None:
        """Show the blocks that reach so many dots from the corner."""
        share = max(across / self._made[0], down / self._made[1])
        shown = sum(end < share for end in _BLOCKS) + 1
        if shown != self._shown:
            self._shown = shown
            for place, block in enumerate(self._blocks):
                dpg.configure_item(block, show=place < shown)

    def _make(self, across: int, down: int) -> None:
        dpg.delete_item(self._root, children_only=True)
        self._blocks = [int(dpg.add_draw_node(parent=self._root)) for _ in _BLOCKS]
        self._shown = len(_BLOCKS)
        for y in range(-1, down):
            for x in range(-1, across):  # a rectangle is a quarter of a circle's vertices
                block = self._blocks[sum(end < max(x / across, y / down) for end in _BLOCKS)]
                dpg.draw_rectangle((x, y), (x + _DOT, y + _DOT), parent=block, color=CLEAR, fill=colors.grid)
