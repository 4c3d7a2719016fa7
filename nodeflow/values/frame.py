"""Where a picture sits in the picture it came from.

Coordinates are continuous and edge-based: x = 0 is the left edge of the picture, x = width the right edge, and the
centre of the first pixel lies at 0.5; y runs down. Resizing is then a plain scale, and a crop a plain shift.

A `Frame` is a size in pixels plus the affine that leads from its coordinates to the source frame's. Crops, resizes
and warps compose it, so that what a model finds on a small crop can be drawn on the frame the camera gave.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a x + b y + c and y' = d x + e y + f."""

IDENTITY: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def compose(outer: Affine, inner: Affine) -> Affine:
    """The affine that applies `inner` first, then `outer`."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f)


def invert(affine: Affine) -> Affine:
    """The inverse affine. Raises ValueError where there is none."""
    a, b, c, d, e, f = affine
    det = a * e - b * d
    if not math.isfinite(det) or abs(det) < 1e-12:
        raise ValueError(f"the affine {affine} flattens the plane and cannot be inverted")
    return (e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det)


def transform(affine: Affine, xy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Apply `affine` to points, shape (..., 2); returns float32 of the same shape."""
    a, b, c, d, e, f = affine
    x, y = xy[..., 0], xy[..., 1]
    moved = np.empty(xy.shape, np.float32)
    # Not by a matrix product: for a few points, finding BLAS in memory again takes longer than all of this.
    np.add(a * x + b * y, c, out=moved[..., 0], casting="same_kind")
    np.add(d * x + e * y, f, out=moved[..., 1], casting="same_kind")
    return moved


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size in pixels, the size of its source frame, and the affine to the source's coordinates."""

    width: int
    height: int
    source_width: int
    source_height: int
    to_source: Affine = IDENTITY

    @classmethod
    def of(cls, width: int, height: int) -> Frame:
        """The frame of a picture that is its own source."""
        if width < 1 or height < 1:
            raise ValueError(f"a picture is at least one pixel wide and high, not {width}x{height}")
        return cls(width, height, width, height)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def cropped(self, x: float, y: float, width: int, height: int) -> Frame:
        """The frame of the part whose top left corner stands at (x, y)."""
        return self.warped((1.0, 0.0, x, 0.0, 1.0, y), width, height)

    def resized(self, width: int, height: int) -> Frame:
        """The frame of this picture scaled to another size."""
        return self.warped((self.width / width, 0.0, 0.0, 0.0, self.height / height, 0.0), width, height)

    def warped(self, to_here: Affine, width: int, height: int) -> Frame:
        """The frame of a picture whose coordinates lead to this one's by `to_here`."""
        return Frame(width, height, self.source_width, self.source_height, compose(self.to_source, to_here))

    def same_source(self, other: Frame) -> bool:
        """Whether points of one may be placed on the other: both stem from source frames of one size."""
        return (self.source_width, self.source_height) == (other.source_width, other.source_height)

    def to(self, other: Frame) -> Affine:
        """The affine from this frame's coordinates to those of `other`."""
        if self.to_source == other.to_source:
            return IDENTITY
        return compose(invert(other.to_source), self.to_source)
