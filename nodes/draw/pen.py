"""Antialiased drawing with OpenCV, in the coordinates that values use.

    canvas = image.copy()
    lines(canvas, fixed(segments), (255, 159, 67), width=fitting_width(canvas))

Points are float32 pixels counted from the picture's edge (see `nodeflow.values.frame`), and need not lie inside it.
They are drawn `fixed`, as OpenCV takes them. Everything draws in place on RGB uint8 HxWx3.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

RGB = tuple[int, int, int]
Floats = NDArray[np.float32]
Fixed = NDArray[np.int32]
Pixels = NDArray[np.uint8]

SHADE: RGB = (20, 22, 28)
"""What lies behind lines, dots and letters, so that they stand out on any ground."""

_SERIES: tuple[RGB, ...] = (
    (84, 190, 255),
    (255, 159, 67),
    (126, 226, 122),
    (236, 120, 200),
    (250, 220, 90),
    (160, 140, 255),
    (90, 225, 215),
    (255, 115, 105),
)
"""Colours that tell things apart, on any ground."""

_SHIFT = 4  # OpenCV takes fixed-point coordinates with this many bits after the point
_REACH = 32_000.0  # pixels; beyond it they would overflow


def series(number: int) -> RGB:
    """The colour of the `number`th thing of several, the same each time; neighbours differ."""
    return _SERIES[(number + number // len(_SERIES)) % len(_SERIES)]


def fitting_width(canvas: Pixels) -> float:
    """The width of a line, in pixels, that suits a picture: 5 at 1080p."""
    height, width = canvas.shape[:2]
    return math.sqrt(height * width) / 270


def fixed(points: Floats) -> Fixed:
    """Points (..., 2) as drawing takes them. One that is nowhere, not a number, becomes some place."""
    near = np.minimum(np.maximum(points - np.float32(0.5), -_REACH), _REACH)  # OpenCV counts from pixel centres
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(near * (1 << _SHIFT)), np.int32)


def lines(canvas: Pixels, points: Fixed, color: RGB, width: float) -> None:
    """Draw N open lines of P points each, NxPx2."""
    import cv2

    if len(points):
        cv2.polylines(canvas, points, False, color, max(1, round(width)), cv2.LINE_AA, _SHIFT)  # type: ignore[call-overload]


def dots(canvas: Pixels, points: Fixed, color: RGB, radii: Floats) -> None:
    """Draw N filled dots: centres Nx2, radii float N, which count to half a pixel."""
    import cv2

    # A closed line through one point is a dot of its width: one call draws all of a size.
    widths = np.maximum(1, np.rint(2 * radii)).astype(np.int32)
    for width in sorted(set(widths.tolist())):
        places = points[widths == width][:, None, None]
        cv2.polylines(canvas, places, True, color, width, cv2.LINE_AA, _SHIFT)
