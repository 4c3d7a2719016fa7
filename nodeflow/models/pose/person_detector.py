"""The detector of BlazePose: where a person is, how large and how turned.

It gives no box but two points: the middle of the hips, and one on the circle around the whole body, straight above
the middle for an upright person. Sampling, anchors, decoding and weighted suppression follow MediaPipe's
pose_detection graph (github.com/google-ai-edge/mediapipe, mediapipe/modules/pose_detection). Coordinates count from
pixel centres.
"""

from __future__ import annotations

from math import atan2, hypot, pi

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.boxes import anchors
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.pipelines import BlazePose as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Image, transform

Floats = NDArray[np.float32]

MARGIN = 1.25
"""How much larger than the body's circle the square is that the landmark network looks at."""

MAPS = ((8, 2), (16, 2), (32, 6))
"""Stride of each feature map, and anchors in each of its cells."""


def body_square(middle: NDArray[np.floating], rim: NDArray[np.floating]) -> Square:
    """The square around a body from the middle of its hips and a point on its circle, straight above in the crop."""
    dx, dy = (float(v) for v in rim - middle)
    return Square(float(middle[0]), float(middle[1]), 2 * MARGIN * hypot(dx, dy), atan2(dy, dx) + pi / 2)


class PersonDetector:
    """Finds the surest person of a picture. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self._settings = settings
        self._anchors = anchors(settings.detector_size, MAPS)
        sight = Sight(settings.detector_size, "turned", scale=1 / 127.5, shift=-1.0)
        self._look = looks(network, sight, list(network.outputs)[:2])

    def __call__(self, image: Image) -> Square | None:
        """The square around the surest person, in coordinates of the picture, or None if there is nobody."""
        (boxes, logits), affine = self._look(image, Square.around(image.width, image.height))
        points = self._best(boxes[0], logits[0, :, 0])
        if points is None:
            return None
        middle, rim = transform(affine, points)
        return body_square(middle, rim)

    def _best(self, raw: Floats, logits: Floats) -> Floats | None:
        """Middle and rim of the surest person, 2x2, averaged over all boxes that agree with it, by their scores.

        `raw` is Nx12 in pixels of the input, relative to its anchor: the box's centre and size, then four points.
        """
        settings = self._settings
        scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
        sure = np.flatnonzero(scores >= settings.detector_score)
        if not len(sure):
            return None
        sure = sure[np.argsort(-scores[sure])]
        raw, scores, anchor = raw[sure], scores[sure], self._anchors[sure]
        centre, half = raw[:, :2] + anchor, raw[:, 2:4] * np.float32(0.5)
        agree = _overlap(centre - half, centre + half) >= settings.overlap
        points = raw[agree, 4:8].reshape(-1, 2, 2) + anchor[agree, None]
        mean: Floats = np.average(points, axis=0, weights=scores[agree]).astype(np.float32)
        return mean


def _overlap(low: Floats, high: Floats) -> Floats:
    """Intersection over union of the first box with each box, N; boxes by their corners, Nx2 each."""
    shared = np.clip(np.minimum(high, high[0]) - np.maximum(low, low[0]), 0, None).prod(axis=1)
    area = np.clip(high - low, 0, None).prod(axis=1)
    union: Floats = shared / np.maximum(area + area[0] - shared, 1e-6)
    return union
