"""MediaPipe's hands: a palm detector, then 21 points on a turned square that follows each hand.

The palm's square is turned so that the middle finger points up, moved half a palm towards the fingers, and 2.6 times
the palm; the next frame's square is made from the points: around those of palm and knuckles, twice as large and a
little further on. Beyond the picture its edge goes on. After Zhang et al., "MediaPipe Hands: On-device Real-time Hand
Tracking", 2020, and MediaPipe's palm_detection and hand_landmark graphs. Inside, coordinates count from pixel centres;
poses are edge-based.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.answers import in_order
from nodeflow.models.blaze import BlazeDetector, Found
from nodeflow.models.following import Follower
from nodeflow.models.hands import Hands
from nodeflow.models.hands.skeleton import HAND
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.people import MediaPipeHands as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square, turned
from nodeflow.values import Image, Poses, transform

Floats = NDArray[np.float32]

_POINTS = len(HAND.joints)
_PALM = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]
"""The points that say where the hand is in the next frame: fingertips move too much."""
_WRIST, _INDEX, _MIDDLE, _RING = 0, 5, 9, 13
_PALM_MARGIN, _PALM_SHIFT = 2.6, 0.5
_HAND_MARGIN, _HAND_SHIFT = 2.0, 0.1


def open_hands(parts: Parts) -> MediaPipeHands:
    return MediaPipeHands(parts.networks["detector"], parts.networks["landmarks"], parts.settings)


class Hand(NamedTuple):
    """What the network says of one square: `presence` and `right` 0..1, `xy` float32 21x2 in pixels of the picture,
    `xyz` float32 21x3 in metres about the hand's middle, turned as the picture is; the next frame's square."""

    presence: float
    right: float
    xy: Floats
    xyz: Floats
    next: Square


class MediaPipeHands:
    """A `HandsModel`."""

    def __init__(self, palms: OnnxModel, landmarks: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self.provider = landmarks.provider
        self.device = landmarks.device
        numbers = settings.detector
        self._find = BlazeDetector(palms, numbers, Sight(numbers.size, "turned", scale=1 / 255), looks)
        self._look = looks(landmarks, Sight(settings.size, "extended", scale=1 / 255), None)
        self.follower = Follower(self._squares, self._hand, presence=settings.presence)

    def __call__(self, image: Image, *, most: int) -> Hands:
        """Up to `most` hands, with the numbers that they keep from frame to frame. Raises BadModel."""
        seen = self.follower(image, most)
        if not seen:
            return Hands(Poses.none(HAND, image.frame), np.zeros(0, np.float32))
        hands = [each.body for each in seen]
        sure = np.array([hand.presence for hand in hands], np.float32)
        poses = Poses(
            np.stack([hand.xy for hand in hands]) + np.float32(0.5),
            np.repeat(sure[:, None], _POINTS, axis=1),
            HAND,
            image.frame,
            sure,
            np.stack([hand.xyz for hand in hands]),
            np.array([each.track_id for each in seen]),
        )
        return Hands(poses, np.array([hand.right for hand in hands], np.float32))

    def _squares(self, image: Image, most: int) -> list[Square]:
        return [palm_square(palm) for palm in self._find(image, most)]

    def _hand(self, image: Image, square: Square) -> Hand:
        outputs, affine = self._look(image, square)
        points, presence, right, world = in_order(outputs, points=3 * _POINTS, presence=1, right=1, world=3 * _POINTS)
        xy = transform(affine, points.reshape(_POINTS, 3)[:, :2])
        sure, is_right = float(presence.reshape(1)[0]), float(right.reshape(1)[0])
        return Hand(sure, is_right, xy, turned(world.reshape(_POINTS, 3), square.angle), hand_square(xy))

    def reset(self) -> None:
        """Forget the hands: the next picture is not a sequel of the last."""
        self.follower.reset()

    def close(self) -> None:
        """Let the sessions go."""
        del self._find, self._look, self.follower


def palm_square(palm: Found) -> Square:
    """The square around a whole hand from its palm: points 0 and 2 are the wrist and the middle finger's knuckle."""
    left, top, right, bottom = palm.box
    wrist, _, knuckle = np.array(palm.points[:3])
    middle, size = ((left + right) / 2, (top + bottom) / 2), (right - left, bottom - top)
    return _shifted(middle, size, _upright(wrist, knuckle), _PALM_SHIFT, _PALM_MARGIN)


def hand_square(xy: Floats) -> Square:
    """The square to look at in the next frame, from the points of this one."""
    knuckles = ((xy[_INDEX] + xy[_RING]) / 2 + xy[_MIDDLE]) / 2
    angle = _upright(xy[_WRIST], knuckles)
    c, s = cos(angle), sin(angle)
    turn = np.array(((c, -s), (s, c)))
    level = xy[_PALM] @ turn  # as seen with the hand upright
    low, high = level.min(axis=0), level.max(axis=0)
    x, y = (turn @ ((low + high) / 2)).tolist()
    wide, tall = (high - low).tolist()
    return _shifted((x, y), (wide, tall), angle, _HAND_SHIFT, _HAND_MARGIN)


def _upright(foot: Floats, head: Floats) -> float:
    """The turn, clockwise, of something whose head stands straight above its foot when it is not turned."""
    dx, dy = (head - foot).tolist()
    return atan2(dy, dx) + pi / 2


def _shifted(
    middle: tuple[float, float], size: tuple[float, float], angle: float, shift: float, margin: float
) -> Square:
    """The square around a turned box, moved by `shift` of the box's height towards its own top, and `margin` times as
    large as its longer side."""
    (x, y), up = middle, shift * size[1]
    return Square(x + up * sin(angle), y - up * cos(angle), margin * max(size), angle)
