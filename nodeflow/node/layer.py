"""A drawing as pixels: what was painted, and where, to lay over a picture.

    layer = Layer(width, height)
    layer.show(Drawing.read(value))  # stroke after stroke; of a drawing that grew, just what is new
    layer.over(pixels)               # RGB uint8 HxWx3 with the paint on it
    layer.coverage                   # uint8 HxW, 255 where there is paint

A pixel is painted if its centre is within the stroke, so each has exactly the colour of a stroke or none: plans for
models need that. A `smooth` layer softens the edges of what a brush draws instead, as sketches like it. The same
drawing gives the same pixels on every machine but for smooth edges, which are OpenCV's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nodeflow.graph.drawing import CLEAR, MOST_WORK, Drawing, Point, Stroke

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in whole pixels."""

_BITS: Final = 4
"""OpenCV's fractions of a pixel are sixteenths."""
_MOST_ROWS: Final = 200_000
"""That are looked at together."""
_LIKE: Final = 48
"""How far from the first pixel's the colours may be that a fill of soft edges takes along."""


class Layer:
    """`paint` RGBA uint8 HxWx4: the colour of what is painted, and 255 there; all 0 where there is none."""

    def __init__(self, width: int, height: int, smooth: bool = False) -> None:
        self.width, self.height, self.smooth = width, height, smooth
        self.paint: Pixels = np.zeros((height, width, 4), np.uint8)
        self._shown = Drawing((width, height))
        self._before: Pixels | None = None
        """The paint before the last stroke, so that what is drawn just now is cheap to draw anew."""

    @property
    def coverage(self) -> Pixels:
        """How much of each pixel is painted, uint8 HxW."""
        return self.paint[..., 3]

    def show(self, drawing: Drawing) -> None:
        """Be what `drawing` is, stretched to this size. Raises ValueError if that is too much to draw."""
        if drawing == self._shown:
            return
        work = drawing.work((self.width, self.height))
        if work > MOST_WORK:
            raise ValueError(
                f"at {self.width}x{self.height}, the strokes go over {work / 1e6:,.0f} million pixels, "
                f"and {MOST_WORK / 1e6:,.0f} million is the most"
            )
        new, old = drawing.strokes, self._shown.strokes
        known = len(old) if drawing.size == self._shown.size else 0
        if new[:known] != old and known and new[: known - 1] == old[:-1] and self._before is not None:
            known -= 1  # only the last stroke is another, as while it is drawn, or is gone
            self.paint[:] = self._before
        elif new[:known] != old:
            known = 0
            self.paint[:] = 0
        if len(new) > known:
            for text in new[known:-1]:
                self.add(Stroke.parse(text), drawing.size)
            self._before = self.paint.copy()
            self.add(Stroke.parse(new[-1]), drawing.size)
        elif new != old:
            self._before = None
        self._shown = drawing

    def add(self, stroke: Stroke, size: tuple[int, int]) -> None:
        """Make one stroke, drawn on a paper of `size`, whatever is there already."""
        across, down = self.width / size[0], self.height / size[1]
        points = [(x * across, y * down) for x, y in stroke.points]
        width = stroke.width * math.sqrt(across * down)
        if stroke.tool == "fill":
            box, made = self._filled(points[0])
        elif stroke.tool == "rectangle":
            box, made = self._rectangle(points)
        elif self.smooth:
            box, made = self._brushed_softly(points, width)
        else:
            box, made = self._brushed(points, width)
        if made.size:
            self._lay(box, made, stroke.color)

    def over(self, pixels: Pixels, opacity: float = 1.0) -> Pixels:
        """The paint on a picture of the same size; with less than 1, the picture shines through."""
        return laid_over(pixels, self.paint, opacity)

    # ---- where a stroke is: a box, and how much of each of its pixels, uint8 -------------------------------------

    def _brushed(self, points: list[Point], width: float) -> tuple[Box, Pixels]:
        """A round brush: each row of each piece of the way is one run of pixels; runs are counted up along the rows."""
        if width <= 1.0:  # a thin brush would slip between the centres
            points, width = [(math.floor(x) + 0.5, math.floor(y) + 0.5) for x, y in points], 1.0
        box = left, top, right, bottom = self._box(points, width / 2)
        if left >= right or top >= bottom:
            return box, np.zeros((0, 0), np.uint8)
        way = np.asarray(points if len(points) > 1 else points * 2, np.float64)
        steps = np.zeros((bottom - top, right - left + 1), np.int32)
        flat, wide = steps.reshape(-1), steps.shape[1]
        for rows, starts, ends in _runs(way, width / 2, top, bottom):
            starts = np.clip(starts, left, right) - left
            np.add.at(flat, (rows - top) * wide + starts, 1)
            np.add.at(flat, (rows - top) * wide + np.maximum(np.clip(ends, left, right) - left, starts), -1)
        np.cumsum(steps, axis=1, out=steps)
        made = (steps[:, :-1] > 0).view(np.uint8)
        made *= np.uint8(255)
        return box, made

    def _brushed_softly(self, points: list[Point], width: float) -> tuple[Box, Pixels]:
        import cv2

        box = left, top, right, bottom = self._box(points, width / 2 + 2.0)
        if left >= right or top >= bottom:
            return box, np.zeros((0, 0), np.uint8)
        made = np.zeros((bottom - top, right - left), np.uint8)
        # OpenCV counts from pixel centres. A way of one point is drawn as one to itself.
        way = (np.asarray([*points, points[-1]]) - (left + 0.5, top + 0.5)) * (1 << _BITS)
        limit = 1 << 26
        ends = [np.clip(np.rint(way), -limit, limit).astype(np.int32)]
        cv2.polylines(made, ends, False, 255, max(1, round(width)), cv2.LINE_AA, _BITS)
        return box, made

    def _rectangle(self, points: list[Point]) -> tuple[Box, Pixels]:
        """The pixels whose centres are in it."""
        (one, other), (above, below) = sorted(x for x, _ in points), sorted(y for _, y in points)
        left, right = (min(max(math.ceil(x - 0.5), 0), self.width) for x in (one, other))
        top, bottom = (min(max(math.ceil(y - 0.5), 0), self.height) for y in (above, below))
        return (left, top, right, bottom), np.full((bottom - top, right - left), 255, np.uint8)

    def _filled(self, point: Point) -> tuple[Box, Pixels]:
        """All that hangs together with a pixel and has its colour; bare places hang together, too."""
        import cv2

        everywhere = (0, 0, self.width, self.height)
        column, row = math.floor(point[0]), math.floor(point[1])
        if not (0 <= column < self.width and 0 <= row < self.height):
            return everywhere, np.zeros((0, 0), np.uint8)
        walls = np.zeros((self.height + 2, self.width + 2), np.uint8)
        how = 4 | (2 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
        if self.smooth:
            painted = self.coverage >= 128
            walls[1:-1, 1:-1] = painted != painted[row, column]
            ink = cv2.cvtColor(self.paint, cv2.COLOR_RGBA2RGB) * painted[..., None]
            cv2.floodFill(ink, walls, (column, row), (0, 0, 0), (_LIKE,) * 3, (_LIKE,) * 3, how)
        else:
            cv2.floodFill(_packed(self.paint, np.int32), walls, (column, row), 0, 0, 0, how)
        made: Pixels = (walls[1:-1, 1:-1] == 2).astype(np.uint8) * np.uint8(255)
        if self.smooth:  # to under the soft edge
            made = np.asarray(cv2.dilate(made, np.ones((3, 3), np.uint8)), np.uint8)
        return everywhere, made

    def _box(self, points: list[Point], reach: float) -> Box:
        """The whole pixels that may be within `reach` of the points."""
        across, down = [x for x, _ in points], [y for _, y in points]
        left, right = max(0, math.floor(min(across) - reach)), min(self.width, math.ceil(max(across) + reach))
        top, bottom = max(0, math.floor(min(down) - reach)), min(self.height, math.ceil(max(down) + reach))
        return left, top, right, bottom

    # ---- putting it there ----------------------------------------------------------------------------------------

    def _lay(self, box: Box, made: Pixels, color: str) -> None:
        left, top, right, bottom = box
        there = self.paint[top:bottom, left:right]
        tint = np.frombuffer(bytes(4) if color == CLEAR else bytes.fromhex(color[1:] + "ff"), np.uint8)
        if self.smooth:
            _mix(there, made, tint)
        np.copyto(_packed(there), _packed(tint[None, None])[0, 0], where=made == 255)


def of_part(paint: Pixels, part: Box, size: tuple[int, int]) -> Pixels:
    """A part of some paint (left, top, width and height), shrunk to `size`."""
    import cv2

    left, top, width, height = part
    cut = paint[top : top + height, left : left + width]
    if size == (width, height):
        return cut
    # Colours count as much as they cover.
    weight = cut[..., 3:].astype(np.float32)
    sums = cv2.resize(np.concatenate((cut[..., :3] * weight, weight), axis=2), size, interpolation=cv2.INTER_AREA)
    sums[..., :3] = sums[..., :3] / np.maximum(sums[..., 3:], np.float32(1e-3))
    return np.rint(sums).astype(np.uint8)


def _packed(paint: Pixels, kind: type[np.uint32 | np.int32] = np.uint32) -> NDArray[Any]:
    """RGBA as one number a pixel, in the same memory."""
    return paint.view(kind)[..., 0]


def _mix(paint: Pixels, made: Pixels, tint: Pixels) -> None:
    """Lay a tint where `made` is neither nothing nor all."""
    soft = (made > 0) & (made < 255)
    new = made[soft, None].astype(np.float32) / np.float32(255)
    old = paint[soft].astype(np.float32)
    left = old[:, 3:] / np.float32(255) * (1 - new)
    if not tint[3]:
        old[:, 3:] = np.rint(left * 255)
        paint[soft] = np.where(old[:, 3:] > 0, old, 0)
        return
    old[:, :3] = (tint[:3] * new + old[:, :3] * left) / (new + left)
    old[:, 3:] = (new + left) * 255
    paint[soft] = np.rint(old)


def laid_over(pixels: Pixels, paint: Pixels, opacity: float = 1.0) -> Pixels:
    """`paint`, RGBA uint8 HxWx4, on `pixels`, RGB uint8 HxWx3."""
    import cv2

    weight = paint[..., 3].astype(np.float32) * np.float32(min(max(opacity, 0.0), 1.0) / 255)
    ink = cv2.cvtColor(paint, cv2.COLOR_RGBA2RGB)
    return np.asarray(cv2.blendLinear(ink, pixels, weight, np.float32(1) - weight), np.uint8)


Runs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Rows, and for each the first column and that after the last."""


def _runs(way: NDArray[np.float64], reach: float, top: int, bottom: int) -> Iterator[Runs]:
    """The pixels of the rows `top` to `bottom` whose centres are within `reach` of the lines along a way, some lines at
    a time."""
    low, high = np.minimum(way[:-1, 1], way[1:, 1]) - reach, np.maximum(way[:-1, 1], way[1:, 1]) + reach
    first = np.clip(np.ceil(low - 0.5), top, bottom).astype(np.int64)
    counts = np.clip(np.ceil(high - 0.5), first, bottom).astype(np.int64) - first
    parts = np.cumsum(counts) // _MOST_ROWS
    for part in range(int(parts[-1]) + 1):
        of = np.flatnonzero(parts == part)
        line = np.repeat(of, counts[of])
        begins = np.cumsum(counts[of]) - counts[of]
        rows = np.arange(len(line)) + np.repeat(first[of] - begins, counts[of])
        left, right = _crossed(way[line], way[line + 1], rows + 0.5, reach)
        there = left <= right
        yield (
            rows[there],
            np.ceil(left[there] - 0.5).astype(np.int64),
            np.ceil(right[there] - 0.5).astype(np.int64),
        )


def _crossed(
    starts: NDArray[np.float64], ends: NDArray[np.float64], y: NDArray[np.float64], reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From where to where the row at each `y` lies within `reach` of the line from start to end."""
    (ax, ay), (bx, by) = starts.T, ends.T
    length = np.hypot(bx - ax, by - ay)
    safe = np.where(length > 0, length, 1.0)
    aside_x, aside_y = -(by - ay) / safe * reach, (bx - ax) / safe * reach
    left, right = np.full(len(y), np.inf), np.full(len(y), -np.inf)
    for x, middle in ((ax, ay), (bx, by)):  # the round ends
        half = reach * reach - (y - middle) ** 2
        inside = half >= 0
        wide = np.sqrt(np.where(inside, half, 0.0))
        left = np.where(inside, np.minimum(left, x - wide), left)
        right = np.where(inside, np.maximum(right, x + wide), right)
    for side in (-1.0, 1.0):  # the long edges
        above, below = ay + side * aside_y, by + side * aside_y
        crossed = (np.minimum(above, below) <= y) & (y <= np.maximum(above, below)) & (above != below)
        share = (y - above) / np.where(crossed, below - above, 1.0)
        x = ax + side * aside_x + share * (bx - ax)
        left, right = np.where(crossed, np.minimum(left, x), left), np.where(crossed, np.maximum(right, x), right)
    return left, right
