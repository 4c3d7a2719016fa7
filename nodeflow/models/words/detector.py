"""PP-OCR's text detector: where lines stand, as turned boxes.

The network gives for each pixel how likely it belongs to the core of a line. Connected pixels become a box of least
area, which is grown back to the line's full height (Liao et al., "Real-time Scene Text Detection with Differentiable
Binarization", 2020; numbers of PP-OCRv4 as RapidOCR runs it).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import plane
from nodeflow.values import Image

Floats = NDArray[np.float32]

_STEP = 32
_LIKELY, _BOX, _GROW = 0.3, 0.5, 1.6
_MOST, _LEAST_SIDE = 1000, 3


class TextDetector:
    """Finds lines. `shortest` is the least length of the picture's shorter side as the network sees it, `longest` the
    greatest of its longer side."""

    def __init__(self, network: OnnxModel, shortest: int, longest: int) -> None:
        self._network = network
        self._name = next(iter(network.inputs))
        self._shortest, self._longest = shortest, longest

    def __call__(self, image: Image) -> list[Floats]:
        """Corners of lines, 4x2 each in pixels of the picture, from the upper left of the text, clockwise. Raises
        BadModel."""
        shown = image.resized(*self._size(image))
        bgr = shown.array[..., ::-1].astype(np.float32)
        (likely,) = self._network.run({self._name: np.ascontiguousarray(_normalised(bgr))})
        scale = np.array((image.width / shown.width, image.height / shown.height), np.float32)
        return [box * scale for box in boxes(plane(likely, shown))]

    def _size(self, image: Image) -> tuple[int, int]:
        scale = max(1.0, self._shortest / min(image.frame.size))
        scale = min(scale, self._longest / max(image.frame.size))
        width, height = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in image.frame.size)
        return width, height


def _normalised(bgr: Floats) -> Floats:
    made: Floats = ((bgr / np.float32(127.5)) - 1).transpose(2, 0, 1)[None]
    return made


def boxes(likely: Floats) -> list[Floats]:
    """The turned boxes of a map of likelihoods, HxW, as corners 4x2, edge-based."""
    import cv2

    core = cv2.dilate((likely > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[:_MOST]:
        (x, y), (wide, high), angle = cv2.minAreaRect(outline)
        if min(wide, high) < _LEAST_SIDE or _mean_inside(likely, np.asarray(outline, np.int32)) < _BOX:
            continue
        # As far as the core was shrunk by in training: area over circumference, times a factor.
        grown = 2 * wide * high * _GROW / (2 * (wide + high))
        corners = cv2.boxPoints(((x + 0.5, y + 0.5), (wide + grown, high + grown), angle))
        found.append(from_the_start(np.asarray(corners, np.float32)))
    return found


def _mean_inside(likely: Floats, outline: NDArray[np.int32]) -> float:
    import cv2

    x, y, wide, high = cv2.boundingRect(outline)
    inside = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(inside, [outline - (x, y)], 1)
    return float(likely[y : y + high, x : x + wide][inside > 0].mean())


def from_the_start(corners: Floats) -> Floats:
    """Corners from the upper left one on, clockwise. A line that is much higher than wide is taken to run down."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    (a, b), (c, d) = by_x[:2], by_x[2:]
    upper_left, lower_left = (a, b) if a[1] <= b[1] else (b, a)
    upper_right, lower_right = (c, d) if c[1] <= d[1] else (d, c)
    made: Floats = np.stack((upper_left, upper_right, lower_right, lower_left))
    return made
