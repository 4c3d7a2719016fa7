"""BlazePose: 33 points of one person, followed from frame to frame.

    1. nobody is followed: the detector looks at the whole picture for a square around a person
    2. the landmark network looks at that square, and gives points, how sure it is that a person is there, and
       the square in which to look in the next frame; its heatmaps settle the points more exactly (see `settling`)
    3. while it is sure, step 1 is left out; once it is not, the detector has a second look at the same frame

After Bazarevsky et al., "BlazePose: On-device Real-time Body Pose Tracking", 2020, and MediaPipe's pose_landmark
graphs, whose points these match to a fraction of a pixel on the same square. Points are not smoothed over time.
Inside, coordinates count from pixel centres as MediaPipe's do; poses are edge-based, half a pixel more. Use one
instance per stream, from one thread at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.people import BlazePose as Settings
from nodeflow.models.pose.person_detector import PersonDetector, body_square
from nodeflow.models.pose.settling import Settled
from nodeflow.models.pose.skeletons import BLAZEPOSE
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square, turned
from nodeflow.values import Image, Poses, transform

Floats = NDArray[np.float32]

JOINTS = len(BLAZEPOSE.joints)
_MIDDLE, _RIM = 33, 34
"""Two of the network's extra points: the middle of the hips and one on the body's circle."""
_GIVEN = 39
"""How many points the network gives: the joints, these two, and four that nobody needs."""


def open_pose(parts: Parts) -> BlazePose:
    return BlazePose(parts.networks["detector"], parts.networks["landmarks"], parts.settings)


class Body(NamedTuple):
    """What the landmark network says of one square.

    `presence` 0..1; `xy` float32 33x2 in pixels of the picture, from pixel centres; `score` float32 33; `xyz` float32
    33x3 in metres about the hips, turned as the picture is; `next` the square to look at in the next frame.
    """

    presence: float
    xy: Floats
    score: Floats
    xyz: Floats
    next: Square


class BlazePose:
    """A `PoseModel` for one person. `detector_runs` counts the looks at the whole picture."""

    def __init__(self, detector: OnnxModel, landmarks: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self.provider = landmarks.provider
        self.device = landmarks.device
        self.detector_runs = 0
        self._detector = PersonDetector(detector, settings, looks)
        self._landmarks = LandmarkReader(landmarks, settings, looks)
        self._tracking_score = settings.tracking_score
        self._followed: Square | None = None
        self._size = (0, 0)

    def __call__(self, image: Image, *, score: float) -> Poses:
        """The person in a picture, if its presence is at least `score`. Raises BadModel."""
        if image.frame.size != self._size:
            self.reset()
            self._size = image.frame.size
        body = self._find(image)
        if body is None or body.presence < score:
            return Poses.none(BLAZEPOSE, image.frame)
        person = np.array((body.presence,), np.float32)
        return Poses(
            body.xy[None] + np.float32(0.5), body.score[None], BLAZEPOSE, image.frame, person, xyz=body.xyz[None]
        )

    def _find(self, image: Image) -> Body | None:
        if self._followed is not None:
            body = self._landmarks(image, self._followed)
            if self._follow(body):
                return body
        self.detector_runs += 1
        square = self._detector(image)
        if square is None:
            return None
        body = self._landmarks(image, square)
        self._follow(body)
        return body

    def _follow(self, body: Body) -> bool:
        """Whether to go on with this body in the next frame."""
        sure = body.presence >= self._tracking_score and body.next.side >= 1
        self._followed = body.next if sure else None
        return sure

    def reset(self) -> None:
        """Forget the person: the next picture is not a sequel of the last."""
        self._followed = None

    def close(self) -> None:
        """Let the sessions go."""
        del self._detector, self._landmarks


class LandmarkReader:
    """The landmark network on one square of a picture. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        size = settings.landmark_size
        reading = Settled(_GIVEN, _RIM + 1, size, settings.heatmap_score)
        self._look = looks(network, Sight(size, "extended", scale=1 / 255), None, reading)

    def __call__(self, image: Image, square: Square) -> Body:
        """The body in a square of the picture. Always gives one: `presence` says whether to believe it."""
        (settled, points, presence, places), affine = self._look(image, square)
        xy = transform(affine, settled)
        score = 1 / (1 + np.exp(-points[:JOINTS, 3]))
        xyz = turned(places[:JOINTS], square.angle)
        return Body(float(presence[0, 0]), xy[:JOINTS], score, xyz, body_square(xy[_MIDDLE], xy[_RIM]))
