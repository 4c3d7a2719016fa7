"""BlazeFace: faces as boxes with six points, in one look at the picture.

After Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019, and MediaPipe's
face_detection graphs.
"""

from __future__ import annotations

from math import atan2

import numpy as np

from nodeflow.models.blaze import BlazeDetector, Found
from nodeflow.models.faces import FoundFaces
from nodeflow.models.faces.skeletons import FACE
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.people import SsdNumbers
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Detections, Image, Poses

MESH_MARGIN = 1.5
"""How much larger than the face's box the square is in which its points are looked for."""


def open_faces(parts: Parts) -> BlazeFace:
    return BlazeFace(parts.networks["detector"], parts.settings.detector)


def detector(network: OnnxModel, numbers: SsdNumbers, looks: Looks = look_for) -> BlazeDetector:
    """BlazeFace's network as a detector."""
    return BlazeDetector(network, numbers, Sight(numbers.size, "turned", scale=1 / 127.5, shift=-1.0), looks)


def face_square(face: Found) -> Square:
    """The square around a face, turned so that its eyes are level. From pixel centres, as `face` is."""
    left, top, right, bottom = face.box
    (x, y), (to_x, to_y) = face.points[:2]
    angle = atan2(to_y - y, to_x - x)
    return Square((left + right) / 2, (top + bottom) / 2, MESH_MARGIN * max(right - left, bottom - top), angle)


class BlazeFace:
    """A `FaceModel`."""

    def __init__(self, network: OnnxModel, numbers: SsdNumbers, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        self._detector = detector(network, numbers, looks)

    def __call__(self, image: Image, *, score: float, most: int) -> FoundFaces:
        """The `most` surest faces of which it is at least `score` sure. Raises BadModel."""
        found = [face for face in self._detector(image, most) if face.score >= score]
        if not found:
            return FoundFaces(Detections.none(("face",), image.frame), Poses.none(FACE, image.frame))
        count, joints, (width, height) = len(found), len(FACE.joints), image.frame.size
        # One array for all: beside so small a network each costs a hundredth of it.
        rows = np.array([_row(face, joints, width, height) for face in found], np.float32)
        sure, boxes, xy = rows[:, 0], rows[:, 1:5], rows[:, 5:].reshape(count, joints, 2)
        points = Poses(xy, sure.repeat(joints).reshape(count, joints), FACE, image.frame, sure)
        boxed = Detections(boxes, sure, np.zeros(count, np.int64), ("face",), image.frame)
        return FoundFaces(boxed, points)

    def close(self) -> None:
        """Let the session go."""
        del self._detector


def _row(face: Found, joints: int, width: int, height: int) -> list[float]:
    """A face's score, its box within the picture and its points; edge-based, half a pixel more than found."""
    left, top, right, bottom = face.box
    box = max(left + 0.5, 0), max(top + 0.5, 0), min(right + 0.5, width), min(bottom + 0.5, height)
    return [face.score, *box, *(each + 0.5 for point in face.points[:joints] for each in point)]
