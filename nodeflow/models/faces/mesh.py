"""MediaPipe's face mesh: 468 points of each face, followed from frame to frame, and with `iris` five on each iris.

The mesh network looks at a square turned so that the eyes are level, 1.5 times the face; the next frame's square is
made from the points. The iris network looks at a square 2.3 times as wide as an eye, the left one in a mirror. Beyond
the picture its edge goes on. After Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile
GPUs", 2019; Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for Digital Puppetry", 2020; and
MediaPipe's face_landmark and iris_landmark graphs. Inside, coordinates count from pixel centres; poses are edge-based.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.answers import part
from nodeflow.models.faces.detector import MESH_MARGIN, detector, face_square
from nodeflow.models.faces.skeletons import IRISES, MESH, MESH_WITH_IRISES
from nodeflow.models.following import Follower
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.people import FaceMesh as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Affine, Image, Poses, transform

Floats = NDArray[np.float32]

_POINTS = len(MESH.joints)
_RIGHT_EYE, _LEFT_EYE = (33, 133), (362, 263)
"""The corners of the eyes, from the picture's left to its right."""
_EYE_MARGIN = 2.3
_IRIS_SIZE = 64
_IRIS_POINTS = len(IRISES) // 2


def open_mesh(parts: Parts) -> Mesh:
    return Mesh(parts.networks["detector"], parts.networks["mesh"], parts.networks.get("iris"), parts.settings)


class Face(NamedTuple):
    """What the mesh network says of one square: `presence` 0..1, `xy` float32 468x2 in pixels of the picture, and the
    square to look at in the next frame."""

    presence: float
    xy: Floats
    next: Square


class Mesh:
    """A `MeshModel`."""

    def __init__(
        self,
        finder: OnnxModel,
        mesh: OnnxModel,
        iris: OnnxModel | None,
        settings: Settings,
        looks: Looks = look_for,
    ) -> None:
        self.provider = mesh.provider
        self.device = mesh.device
        self._find = detector(finder, settings.detector, looks)
        self._size = settings.size
        self._look = looks(mesh, Sight(self._size, "extended", scale=1 / 255), None)
        self._iris = None if iris is None else looks(iris, Sight(_IRIS_SIZE, "extended", scale=1 / 255), None)
        self.follower = Follower(self._squares, self._mesh, presence=settings.presence)

    def __call__(self, image: Image, *, most: int) -> Poses:
        """The points of up to `most` faces. Raises BadModel."""
        skeleton = MESH if self._iris is None else MESH_WITH_IRISES
        faces = self.follower(image, most)
        if not faces:
            return Poses.none(skeleton, image.frame)
        xy = np.array([self._with_irises(image, face.body.xy) for face in faces]) + np.float32(0.5)
        sure = np.array([face.body.presence for face in faces], np.float32)
        score = np.repeat(sure[:, None], xy.shape[1], axis=1)
        return Poses(xy, score, skeleton, image.frame, sure, None, np.array([face.track_id for face in faces]))

    def _squares(self, image: Image, most: int) -> list[Square]:
        return [face_square(face) for face in self._find(image, most)]

    def _mesh(self, image: Image, square: Square) -> Face:
        outputs, affine = self._look(image, square)
        points = part(outputs, _POINTS * 3, "points of a face").reshape(_POINTS, 3)
        logit = float(part(outputs, 1, "how sure it is")[0])
        xy = transform(affine, points[:, :2])
        return Face(1 / (1 + exp(-min(max(logit, -80.0), 80.0))), xy, mesh_square(xy))

    def _with_irises(self, image: Image, xy: Floats) -> Floats:
        if self._iris is None:
            return xy
        # The network knows eyes whose outer corner is at the left: the person's left one is shown to it in a mirror.
        eyes = eye_square(xy[list(_RIGHT_EYE)]), eye_square(xy[list(_LEFT_EYE)], mirrored=True)
        return np.concatenate((xy, *(_iris(*self._iris(image, eye)) for eye in eyes)))

    def reset(self) -> None:
        """Forget the faces: the next picture is not a sequel of the last."""
        self.follower.reset()

    def close(self) -> None:
        """Let the sessions go."""
        del self._find, self._look, self._iris, self.follower


def eye_square(corners: Floats, mirrored: bool = False) -> Square:
    """The square around an eye from its corners, 2x2, which stand from the picture's left to its right."""
    return _around(corners, corners[0], corners[1], _EYE_MARGIN, mirrored)


def _iris(outputs: Sequence[Floats], affine: Affine) -> Floats:
    points = part(outputs, _IRIS_POINTS * 3, "points of an iris").reshape(_IRIS_POINTS, 3)
    return transform(affine, points[:, :2])


def mesh_square(xy: Floats) -> Square:
    """The square to look at in the next frame from the points of this one, 468x2."""
    return _around(xy, xy[_RIGHT_EYE[0]], xy[_LEFT_EYE[1]], MESH_MARGIN)


def _around(points: Floats, start: Floats, end: Floats, margin: float, mirrored: bool = False) -> Square:
    """`margin` times the box of `points`, as it lies in the picture, turned so that `end` is at the right of `start`.

    The box is that of the points before the turn, as MediaPipe takes it: of a face that leans by 45 degrees it is a
    tenth narrower.
    """
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    across, down = (end - start).tolist()
    side = margin * max(right - left, bottom - top)
    return Square((left + right) / 2, (top + bottom) / 2, side, atan2(down, across), mirrored)
