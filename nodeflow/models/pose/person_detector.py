"""The detector of BlazePose: where a person is, how large and how turned.

Of its points two count: the middle of the hips, and one on the circle around the whole body, straight above the middle
for an upright person. After MediaPipe's pose_detection graph. Coordinates count from pixel centres.
"""

from __future__ import annotations

from math import atan2, hypot, pi

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.blaze import BlazeDetector
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.pipelines.people import BlazePose as Settings
from nodeflow.models.pipelines.people import SsdNumbers
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Image

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
        size = settings.detector_size
        numbers = SsdNumbers(size=size, maps=MAPS, least=settings.detector_score, overlap=settings.overlap)
        self._detector = BlazeDetector(network, numbers, Sight(size, "turned", scale=1 / 127.5, shift=-1.0), looks)

    def __call__(self, image: Image) -> Square | None:
        """The square around the surest person, in coordinates of the picture, or None if there is nobody."""
        people = self._detector(image)
        return body_square(*np.array(people[0].points[:2])) if people else None
