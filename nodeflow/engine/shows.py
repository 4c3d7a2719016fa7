"""How each kind of value is shown (see look.py). Called on the looker's thread; may take milliseconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.engine.look import (
    MOST_BINS,
    MOST_BUCKETS,
    MOST_CHANNELS,
    MOST_ITEMS,
    MOST_LETTERS,
    MOST_NUMBERS,
    MOST_ROWS,
    SHEET_SIDE,
    Cell,
    Glance,
    Part,
    Picture,
    Rows,
    Shown,
    Spread,
    Wave,
    Words,
    plain,
)
from nodeflow.values import Audio, Classes, Detections, Image, Items, Mask, Poses, Table, Tensor, Text, Vector, summary

_FEW_PIXELS = 1 << 14
_MANY_NUMBERS = 1 << 20
"""Of larger arrays a regular sample is looked at."""
_MANY_PIXELS = 1 << 19
_BETWEEN = 2
"""Pixels between pictures side by side."""
_LUMA = np.array((0.299, 0.587, 0.114), np.float32)


def shown(value: Any, glance: Glance) -> Shown:
    """`value` as `glance` asks for it. May raise whatever a broken value raises."""
    if isinstance(value, Image | Mask):
        return picture(value, glance)
    if isinstance(value, Items):
        return _items(value, glance)
    show = _SHOWS.get(type(value))
    return show(value) if show else _words(summary(value))


def can_be_pictured(value: Any) -> bool:
    """Whether a value is, or begins with, a picture."""
    if isinstance(value, Items):
        return any(isinstance(item, Image | Mask) for item in value[:MOST_ITEMS])
    return isinstance(value, Image | Mask)


# ---- pictures --------------------------------------------------------------------------------------------------------


def picture(value: Image | Mask, glance: Glance) -> Picture:
    """A part of a picture or of a mask, its longer side at most `glance.side`."""
    width, height = value.frame.size
    part = _within(glance.part, width, height)
    size = fitted(part[2], part[3], max(glance.side, 1))
    whole = _pixels(value, part, size)
    weights = None
    if isinstance(value, Mask) and size == part[2:] and size[0] * size[1] <= _FEW_PIXELS:
        weights = _cut(value.weight, part).copy()
    return Picture(
        pixels=whole,
        width=width,
        height=height,
        part=part,
        weights=weights,
        pixel=_pixel(value, glance.point),
        counts=_counts(value) if glance.counts else None,
    )


def _pixels(value: Image | Mask, part: Part, size: tuple[int, int]) -> NDArray[np.uint8]:
    if isinstance(value, Mask):
        return _grey(_shrunk(_cut(value.weight, part), size))
    if value.device and not value.bytes_held[0]:
        # It lives on a device alone: only what is shown comes to the host.
        left, top, width, height = part
        cut = value if (width, height) == value.frame.size else value.cropped(left, top, width, height)
        return (cut if size == cut.frame.size else cut.resized(*size)).array
    return _own(_shrunk(_cut(value.array, part), size))


def _within(part: Part | None, width: int, height: int) -> Part:
    """The part of a picture that is there; all of it, if there is no such part."""
    if part is not None:
        left, top = max(0, part[0]), max(0, part[1])
        right, bottom = min(width, part[0] + part[2]), min(height, part[1] + part[3])
        if left < right and top < bottom:
            return left, top, right - left, bottom - top
    return 0, 0, width, height


def _cut(pixels: NDArray[Any], part: Part) -> NDArray[Any]:
    left, top, width, height = part
    return pixels[top : top + height, left : left + width]


def fitted(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture with its longer side at most `side`; never larger than it is."""
    scale = min(1.0, side / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrunk(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    height, width = pixels.shape[:2]
    if size == (width, height):
        return pixels
    import cv2

    if min(width / size[0], height / size[1]) > 2:
        # Averaging all of a large picture takes milliseconds: four pixels of it for each that is shown will do.
        pixels = cv2.resize(pixels, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _grey(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    level = np.clip(np.nan_to_num(weights) * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.repeat(level[:, :, None], 3, axis=2)


def _own(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels that keep no larger picture in memory."""
    return pixels if pixels.base is None else pixels.copy()


def _pixel(value: Image | Mask, point: tuple[int, int] | None) -> tuple[float, ...] | None:
    if point is None:
        return None
    x, y = point
    width, height = value.frame.size
    if not (0 <= x < width and 0 <= y < height):
        return None
    if isinstance(value, Mask):
        return (float(value.weight[y, x]),)
    here = value.array if value.bytes_held[0] or not value.device else value.cropped(x, y, 1, 1).array
    red, green, blue = here[y, x] if here.shape[:2] == (height, width) else here[0, 0]
    return float(red), float(green), float(blue)


def _counts(value: Image | Mask) -> NDArray[np.int64]:
    """How many pixels have each level; of a large picture a regular sample is counted."""
    pixels: NDArray[Any] = value.array if isinstance(value, Image) else value.weight
    step = max(1, math.isqrt(pixels.shape[0] * pixels.shape[1] // _MANY_PIXELS))
    seen = pixels[::step, ::step]
    if isinstance(value, Mask):
        planes = [_grey(seen)[:, :, 0]]
    else:
        luma = (seen @ _LUMA + 0.5).astype(np.uint8)
        planes = [seen[:, :, 0], seen[:, :, 1], seen[:, :, 2], luma]
    return np.stack([np.bincount(plane.ravel(), minlength=256) for plane in planes])


# ---- lists -----------------------------------------------------------------------------------------------------------


def _items(items: Items, glance: Glance) -> Shown:
    if can_be_pictured(items):
        return _contact_sheet(items, glance)
    rows = tuple((place, type(item).__name__, summary(item)) for place, item in enumerate(items[:MOST_ROWS]))
    return Rows(("", "kind", "value"), rows, len(items))


def _contact_sheet(items: Items, glance: Glance) -> Picture:
    """The first pictures of a list in rows, each in a square of its own."""
    first = items[:MOST_ITEMS]
    columns = math.ceil(math.sqrt(len(first)))
    largest = max(max(item.frame.size) for item in first if isinstance(item, Image | Mask))
    cell = max(8, min(largest, min(glance.side, SHEET_SIDE) // columns - _BETWEEN))
    pitch = cell + _BETWEEN
    sheet = np.zeros((pitch * math.ceil(len(first) / columns), pitch * columns, 3), np.uint8)
    for place, item in enumerate(first):
        if isinstance(item, Image | Mask):
            pixels = picture(item, Glance("", side=cell)).pixels
            high, wide = pixels.shape[:2]
            top = place // columns * pitch + (cell - high) // 2
            left = place % columns * pitch + (cell - wide) // 2
            sheet[top : top + high, left : left + wide] = pixels
    height, width = sheet.shape[:2]
    return Picture(sheet, width, height, (0, 0, width, height), items=len(items))


# ---- tables and texts ------------------------------------------------------------------------------------------------


def _words(text: str) -> Words:
    return Words(text[:MOST_LETTERS], len(text))


def _text(value: Text) -> Words:
    return _words(value.value)


def _detections(value: Detections) -> Rows:
    tracked = value.track_id is not None
    columns = ("", "class", "score", "left", "top", "width", "height", *(("track",) if tracked else ()))
    rows: list[tuple[Cell, ...]] = []
    for i in range(min(len(value), MOST_ROWS)):
        left, top, right, bottom = (float(side) for side in value.xyxy[i])
        row = (i, value.label(i), float(value.score[i]), left, top, right - left, bottom - top)
        rows.append((*row, int(value.track_id[i])) if value.track_id is not None else row)
    return Rows(columns, tuple(rows), len(value))


def _poses(value: Poses) -> Rows:
    deep = value.xyz is not None
    columns = ("", "joint", "score", "x", "y", *(("x m", "y m", "z m") if deep else ()))
    joints = value.skeleton.joints
    rows: list[tuple[Cell, ...]] = []
    for place in range(min(len(value) * len(joints), MOST_ROWS)):
        person, joint = divmod(place, len(joints))
        x, y = (float(part) for part in value.xy[person, joint])
        row = (person, joints[joint], float(value.score[person, joint]), x, y)
        rows.append((*row, *map(float, value.xyz[person, joint])) if value.xyz is not None else row)
    return Rows(columns, tuple(rows), len(value) * len(joints))


def _classes(value: Classes) -> Rows:
    return Rows(("class", "score"), tuple(value.top(MOST_ROWS)), len(value.names))


def _table(value: Table) -> Rows:
    rows = tuple(tuple(plain(cell) for cell in row) for row in value.rows[:MOST_ROWS])
    return Rows(value.columns, rows, len(value.rows))


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _audio(value: Audio) -> Wave:
    samples = value.samples[:MOST_CHANNELS]
    count = samples.shape[1]
    buckets = min(MOST_BUCKETS, count)
    low: tuple[tuple[float, ...], ...] = ()
    high = low
    if buckets:
        edges = np.linspace(0, count, buckets, endpoint=False).astype(np.intp)
        heard = np.nan_to_num(samples)
        low = _tuples(np.minimum.reduceat(heard, edges, axis=1))
        high = _tuples(np.maximum.reduceat(heard, edges, axis=1))
    return Wave(low, high, value.seconds, value.rate, int(value.samples.shape[0]))


def _tuples(rows: NDArray[Any]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in rows)


def _vector(value: Vector) -> Spread:
    return spread(value.values, (value.family,), first=[float(number) for number in value.values[:MOST_NUMBERS]])


def _tensor(value: Tensor) -> Spread:
    array = value.array
    one_row = array.ndim == 1 and array.dtype.kind in "fiub"
    return spread(array, value.axes, first=[float(number) for number in array[:MOST_NUMBERS]] if one_row else ())


def spread(array: NDArray[Any], axes: tuple[str, ...], first: Sequence[float] = ()) -> Spread:
    """An array of any type by its numbers."""
    known = Spread(tuple(array.shape), axes, str(array.dtype), first=tuple(first))
    if array.dtype.kind not in "fiubc" or array.size == 0:
        return known
    flat = array.reshape(-1)[:: max(1, array.size // _MANY_NUMBERS)]
    numbers = np.abs(flat).astype(np.float64) if flat.dtype.kind == "c" else flat.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    strange = int(numbers.size - finite.size)
    if finite.size == 0:
        return Spread(known.shape, axes, known.dtype, strange=strange, first=known.first)
    low, high = float(finite.min()), float(finite.max())
    bins = (
        np.histogram(finite, bins=MOST_BINS, range=(low, high))[0] if low < high and math.isfinite(high - low) else ()
    )
    return Spread(
        *(known.shape, axes, known.dtype, low, float(finite.mean()), high, strange),
        bins=tuple(int(count) for count in bins),
        first=known.first,
    )


_SHOWS: dict[type, Callable[[Any], Shown]] = {
    Text: _text,
    Detections: _detections,
    Poses: _poses,
    Classes: _classes,
    Table: _table,
    Audio: _audio,
    Vector: _vector,
    Tensor: _tensor,
}
