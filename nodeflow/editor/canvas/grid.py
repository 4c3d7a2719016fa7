"""Find what lies near a place without looking at everything: a uniform grid of buckets.

    grid.put("pose", rect);  grid.near(rect) -> the keys whose rectangle may meet `rect`

Never misses one; may name some that do not meet. Adding, dropping and asking cost what the rectangle covers, not what
the grid holds.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Generic, TypeVar

from nodeflow.editor.canvas.geometry import Rect

K = TypeVar("K", bound=Hashable)

Cell = tuple[int, int]


class Grid(Generic[K]):
    """Keys by rectangle, in square cells of `cell` units.

    A rectangle over more than `most` cells is kept apart and named in every answer: one wire across the whole canvas
    must not fill a million buckets.
    """

    def __init__(self, cell: float = 400.0, most: int = 64) -> None:
        self._cell = cell
        self._most = most
        self._buckets: dict[Cell, set[K]] = {}
        self._cells: dict[K, list[Cell]] = {}
        self._large: set[K] = set()

    def put(self, key: K, rect: Rect) -> None:
        """Keep `key` at `rect`, and no longer where it was."""
        cells = self._covered(rect, self._most)
        before = self._cells.get(key)
        if cells and cells == before:
            return
        if before is not None:
            self.drop(key)
        if cells is None:
            self._large.add(key)
            cells = []
        buckets = self._buckets
        for cell in cells:
            bucket = buckets.get(cell)
            if bucket is None:
                buckets[cell] = {key}
            else:
                bucket.add(key)
        self._cells[key] = cells

    def drop(self, key: K) -> None:
        """Forget `key`; nothing happens if it is not there."""
        self._large.discard(key)
        for cell in self._cells.pop(key, ()):
            bucket = self._buckets[cell]
            bucket.discard(key)
            if not bucket:
                del self._buckets[cell]

    def near(self, rect: Rect) -> set[K]:
        cells = self._covered(rect, len(self._buckets))
        if cells is None:  # it covers more cells than there are
            return set(self._cells)
        return self._large.union(*[self._buckets[cell] for cell in cells if cell in self._buckets])

    def _covered(self, rect: Rect, most: int) -> list[Cell] | None:
        """The cells under `rect`, or None if they are more than `most`."""
        cell, floor = self._cell, math.floor
        left, top = floor(rect[0] / cell), floor(rect[1] / cell)
        right, bottom = floor(rect[2] / cell), floor(rect[3] / cell)
        if left == right and top == bottom:
            return [(left, top)]
        if (right - left + 1) * (bottom - top + 1) > most:
            return None
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
