"""Cutting the square that a network looks at out of a picture on the host.

Both readers write into buffers of their own, made once: a picture is never copied whole. What `read` returns is valid
until the next `read`. One reader belongs to one thread. `looks` has their forms on a device.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Affine, compose

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


class TurnedReader:
    """Reads a turned square by bilinear sampling, as MediaPipe does.

    Its squares and affines count from pixel centres: x = 0 is the centre of the first pixel, in the crop and in the
    picture. Outside the picture it is black, or with `extend` the picture's edge goes on.
    """

    def __init__(self, size: int, *, extend: bool) -> None:
        self._pixels: Pixels = np.zeros((size, size, 3), np.uint8)
        self._border = cv2.BORDER_REPLICATE if extend else cv2.BORDER_CONSTANT

    def read(self, picture: Pixels, square: Square) -> tuple[Pixels, Affine]:
        """The square as uint8 size x size x 3, and its affine to the picture."""
        size = len(self._pixels)
        affine = square.to_picture(size)
        matrix = np.array(affine).reshape(2, 3)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(picture, matrix, (size, size), dst=self._pixels, flags=flags, borderMode=self._border)
        return self._pixels, affine


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

    `scale` and `shift` are one number, or one for each channel. Channel by channel where they differ or `into` lies so:
    numpy's inner loop would else be three long, which is five times slower.
    """
    if scale.ndim == shift.ndim == 0 and into.flags.c_contiguous:
        np.multiply(pixels, scale, out=into)
        into += shift
        return
    channels = pixels.shape[2]
    times, plus = np.broadcast_to(scale, channels), np.broadcast_to(shift, channels)
    for channel in range(channels):
        plane = into[..., channel]
        np.multiply(pixels[..., channel], times[channel], out=plane)
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
