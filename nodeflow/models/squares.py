"""Cutting the square that a network looks at out of a picture on the host.

Both readers write into buffers of their own, made once: a picture is never copied whole. What `read` returns is valid
until the next `read`. One reader belongs to one thread. `looks` has their forms on a device.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, floor, prod, sin
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Affine, compose, transform

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Square:
    """A square of a picture: its centre and side in pixels of the picture, turned clockwise by `angle` radians.

    A `mirrored` one is seen with left and right changed over; upright readers take no notice.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0
    mirrored: bool = False

    def to_picture(self, size: int) -> Affine:
        """The affine from a crop of `size` x `size` to the picture."""
        c, s = cos(self.angle) * self.side / size, sin(self.angle) * self.side / size
        half = size / 2
        affine = (c, -s, self.x - (c - s) * half, s, c, self.y - (s + c) * half)
        return compose(affine, (-1.0, 0.0, size, 0.0, 1.0, 0.0)) if self.mirrored else affine

    @classmethod
    def around(cls, width: int, height: int) -> Square:
        """The smallest square around a whole picture, centred on it."""
        return cls(width / 2, height / 2, max(width, height))


_WIDENED = 16
"""Pixels of the picture that may get a fourth channel for one of the crop: more would take longer than they save."""

_FAR = 1e7
"""Pixels; nothing is looked for farther away."""
_SPARE = 2
"""Rows and columns at the end of a picture, on the last of which OpenCV is slow."""


class TurnedReader:
    """Reads a turned square by bilinear sampling, as MediaPipe does.

    Its squares and affines count from pixel centres: x = 0 is the centre of the first pixel, in the crop and in the
    picture. Outside the picture it is black, or with `extend` the picture's edge goes on.

    Two things that OpenCV is slow at are kept from it, to the same levels. Pixels of three channels take it two to
    three times as long as those of four: where the square shows little of the picture, that part gets a fourth first.
    Pixels beyond an edge that goes on take it four times as long as others: they are looked for on the edge.
    """

    def __init__(self, size: int, *, extend: bool) -> None:
        self._pixels: Pixels = np.zeros((size, size, 3), np.uint8)
        self._wide: Pixels = np.zeros((size, size, 4), np.uint8)
        self._part: Pixels = np.zeros(_WIDENED * size * size * 4, np.uint8)
        self._extend = extend
        self._border = cv2.BORDER_REPLICATE if extend else cv2.BORDER_CONSTANT
        self._steps = np.arange(size, dtype=np.float32)
        self._places = np.zeros((2, size, size if extend else 0), np.float32)

    def read(self, picture: Pixels, square: Square) -> tuple[Pixels, Affine]:
        """The square as uint8 size x size x 3, and its affine to the picture."""
        size = len(self._pixels)
        affine = square.to_picture(size)
        if not all(abs(number) < _FAR for number in affine):  # nor is what is not a number, as a network may give it
            self._pixels.fill(0)
            return self._pixels, affine
        if all(number.is_integer() for number in affine):  # it shows pixels as they are
            self._warp(picture, affine, cv2.INTER_NEAREST, self._pixels)
            return self._pixels, affine
        a, b, c, d, e, f = affine
        height, width = picture.shape[:2]
        x, y = _Reach.of(a, b, c, size, width), _Reach.of(d, e, f, size, height)
        across, down = x.end - x.begin, y.end - y.begin
        room = down + _SPARE, across + _SPARE, 4
        if prod(room) > len(self._part):
            self._warp(picture, affine, cv2.INTER_LINEAR, self._pixels)
            return self._pixels, affine
        part = self._part[: prod(room)].reshape(room)
        cv2.cvtColor(picture[y.begin : y.end, x.begin : x.end], cv2.COLOR_RGB2RGBA, dst=part[:down, :across])
        within = a, b, c - x.begin, d, e, f - y.begin
        if self._extend and (x.leaves or y.leaves):
            self._look_up(part, within)
        else:
            self._warp(part[:down, :across], within, cv2.INTER_LINEAR, self._wide)
        cv2.cvtColor(self._wide, cv2.COLOR_RGBA2RGB, dst=self._pixels)
        return self._pixels, affine

    def _warp(self, picture: Pixels, affine: Affine, how: int, into: Pixels) -> None:
        matrix, size = np.array(affine).reshape(2, 3), into.shape[:2]
        cv2.warpAffine(picture, matrix, size, dst=into, flags=how | cv2.WARP_INVERSE_MAP, borderMode=self._border)

    def _look_up(self, part: Pixels, affine: Affine) -> None:
        """Sample place by place, what lies beyond an edge on it. `part` has rows and columns to spare."""
        lasts = part.shape[1] - _SPARE - 1, part.shape[0] - _SPARE - 1
        for places, (along, across, start), last in zip(self._places, (affine[:3], affine[3:]), lasts, strict=True):
            np.add.outer(
                self._steps * np.float32(across) + np.float32(start), self._steps * np.float32(along), out=places
            )
            np.minimum(np.maximum(places, 0, out=places), last, out=places)
        x, y = self._places
        cv2.remap(part, x, y, cv2.INTER_LINEAR, dst=self._wide)


class _Reach(NamedTuple):
    """Along one axis of a picture: the span of its pixels, one at least, that a crop's sampling may touch, and whether
    it leaves the picture."""

    begin: int
    end: int
    leaves: bool

    @classmethod
    def of(cls, along: float, across: float, start: float, size: int, length: int) -> _Reach:
        """A step to the right in the crop leads on by `along`, a step down by `across`; its first pixel stands at
        `start`."""
        last = size - 1
        low = start + min(0.0, along * last) + min(0.0, across * last)
        high = start + max(0.0, along * last) + max(0.0, across * last)
        begin = min(max(floor(low), 0), length - 1)
        return cls(begin, max(min(floor(high) + 2, length), begin + 1), low < 0 or high > length - 1)


class UprightReader:
    """Reads an upright square, averaging where it shrinks; black outside the picture.

    Its squares and affines are edge-based, as frames are (see `nodeflow.values.frame`).
    """

    def __init__(self, size: int) -> None:
        self._pixels: Pixels = np.zeros((size, size, 3), np.uint8)

    def read(self, picture: Pixels, square: Square) -> tuple[Pixels, Affine]:
        """The square as uint8 size x size x 3, and its affine to the picture. `angle` is not looked at."""
        size = len(self._pixels)
        height, width = picture.shape[:2]
        overlap = Overlap.of(square, width, height, size)
        into = self._pixels[overlap.rows, overlap.columns]
        if into.shape != self._pixels.shape:
            self._pixels.fill(0)
        if into.size:
            part = picture[overlap.y, overlap.x]
            shrinks = part.shape[0] > into.shape[0]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            cv2.resize(part, (into.shape[1], into.shape[0]), dst=into, interpolation=how)
        return self._pixels, overlap.affine


class StretchedReader:
    """Reads the whole picture at another size, averaging where it shrinks. Its affine is edge-based, as frames are."""

    def __init__(self, width: int, height: int) -> None:
        self._pixels: Pixels = np.zeros((height, width, 3), np.uint8)

    def read(self, picture: Pixels, square: Square) -> tuple[Pixels, Affine]:  # noqa: ARG002
        """The picture as uint8 height x width x 3, and its affine to the picture. `square` is not looked at."""
        (high, wide), (rows, columns) = picture.shape[:2], self._pixels.shape[:2]
        fill(picture, self._pixels)
        return self._pixels, (wide / columns, 0.0, 0.0, 0.0, high / rows, 0.0)


def turned(xyz: Floats, angle: float) -> Floats:
    """Points Kx3 in space, turned about the line of sight as a square of that angle is."""
    c, s = cos(angle), sin(angle)
    made = xyz.copy()
    made[:, :2] = transform((c, -s, 0.0, s, c, 0.0), xyz[:, :2])
    return made


def fill(picture: Pixels, into: Pixels) -> None:
    """Fill `into` with the whole picture, averaged along axes that shrink and bilinear along those that grow."""
    (high, wide), (rows, columns) = picture.shape[:2], into.shape[:2]
    # OpenCV averages only where no axis grows.
    shrunk = min(wide, columns), min(high, rows)
    if shrunk == (columns, rows):
        cv2.resize(picture, shrunk, dst=into, interpolation=cv2.INTER_AREA)
        return
    if shrunk != (wide, high):
        picture = np.asarray(cv2.resize(picture, shrunk, interpolation=cv2.INTER_AREA), np.uint8)
    cv2.resize(picture, (columns, rows), dst=into, interpolation=cv2.INTER_LINEAR)


def scaled(pixels: Pixels, scale: Floats, shift: Floats, into: NDArray[Any]) -> None:
    """Write pixels times `scale` plus `shift` to `into`, of the same shape, which may lie in memory channels first.

    `scale` and `shift` are one number, or one for each channel. Plane by plane or whole rows at a time: numpy's inner
    loop would else be three long, which is five times slower.
    """
    rows, columns, channels = pixels.shape
    if into.flags.c_contiguous:
        flat = rows, columns * channels
        levels, numbers = pixels.reshape(flat), into.reshape(flat)
        times, plus = (each if each.ndim == 0 else np.tile(each, columns) for each in (scale, shift))
        np.multiply(levels, times, out=numbers)
        numbers += plus
        return
    times, plus = np.broadcast_to(scale, channels), np.broadcast_to(shift, channels)
    for channel, levels in enumerate(cv2.split(pixels)):
        plane = into[..., channel]
        np.multiply(levels, times[channel], out=plane)
        plane += plus[channel]


class Overlap(NamedTuple):
    """Where an upright square shows the picture: these rows and columns of the crop show these spans of the picture.

    Both are whole pixels; `affine` leads from the crop to the picture, just as they lie.
    """

    rows: slice
    columns: slice
    y: slice
    x: slice
    affine: Affine

    @classmethod
    @lru_cache(maxsize=64)  # most squares are the whole picture, frame after frame
    def of(cls, square: Square, width: int, height: int, size: int) -> Overlap:
        columns, x = _spans(square.x - square.side / 2, square.side, width, size)
        rows, y = _spans(square.y - square.side / 2, square.side, height, size)
        wide, high = columns.stop - columns.start, rows.stop - rows.start
        if not wide or not high:
            return cls(slice(0, 0), slice(0, 0), slice(0, 0), slice(0, 0), square.to_picture(size))
        kx, ky = (x.stop - x.start) / wide, (y.stop - y.start) / high
        return cls(rows, columns, y, x, (kx, 0.0, x.start - columns.start * kx, 0.0, ky, y.start - rows.start * ky))


def _spans(start: float, side: float, length: int, size: int) -> tuple[slice, slice]:
    """Along one axis: the span of the crop that shows the picture, and the span of the picture it shows."""
    scale = size / side
    low, high = max(0, round(start)), min(length, round(start + side))
    if low >= high:
        return slice(0, 0), slice(0, 0)
    begin, end = round((low - start) * scale), round((high - start) * scale)
    begin = min(max(begin, 0), size - 1)
    return slice(begin, min(max(end, begin + 1), size)), slice(low, high)
