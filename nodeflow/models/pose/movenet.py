"""MoveNet: 17 joints of up to six people at once, or of one person followed from frame to frame.

Both take the picture as int32 0..255 and give joints as (y, x, score), in parts of the square they looked at. Their
joints count from pixel centres, as TensorFlow's own resize does: on pictures and their mirror images, x + x' comes to
255.0 to 255.4 of 256 (MultiPose, sample clips). So half a pixel of the input is added. Use one instance per stream,
from one thread at a time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pose.skeletons import COCO
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Image, Poses, transform

Floats = NDArray[np.float32]

JOINTS = len(COCO.joints)


def open_multi(parts: Parts) -> MultiPose:
    return MultiPose(parts.networks["pose"], parts.settings.size)


def open_single(parts: Parts) -> SinglePose:
    return SinglePose(parts.networks["pose"], parts.settings.size)


class _Network:
    """A MoveNet on one square of a picture. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, size: int, looks: Looks) -> None:
        self._size = size
        self._look = looks(network, Sight(size, "upright", dtype="int32"), None)

    def __call__(self, image: Image, square: Square) -> tuple[Floats, Floats, Floats]:
        """Joints Nx17x2 in pixels of the picture, their scores Nx17, and the network's rows as they came, for
        now."""
        (rows, *_), affine = self._look(image, square)
        rows = rows.reshape(-1, rows.shape[-1]) if rows.shape[-1] > 3 else rows.reshape(1, -1)
        if rows.shape[1] < JOINTS * 3:
            raise BadModel(f"the network gives {rows.shape[1]} numbers for {JOINTS} joints; correct the card's network")
        joints = rows[:, : JOINTS * 3].reshape(-1, JOINTS, 3)
        xy = transform(affine, joints[..., 1::-1] * np.float32(self._size) + np.float32(0.5))
        return xy, joints[..., 2].copy(), rows  # the rows are the network's own, and the next look writes over them


class MultiPose:
    """A `PoseModel` for up to six people; it sees each picture afresh."""

    def __init__(self, network: OnnxModel, size: int, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = _Network(network, size, looks)

    def __call__(self, image: Image, *, score: float) -> Poses:
        """People whose score is at least `score`, surest first. Raises BadModel."""
        side = max(image.frame.size)
        xy, joints, rows = self._network(image, Square(side / 2, side / 2, side))
        person = rows[:, -1]
        kept = np.argsort(-person, kind="stable")
        kept = kept[person[kept] >= score]
        return Poses(xy[kept], joints[kept], COCO, image.frame, person[kept])

    def reset(self) -> None:
        """Nothing to forget: each picture is seen afresh."""

    def close(self) -> None:
        """Let the session go."""
        del self._network


class SinglePose:
    """A `PoseModel` for one person, seen in a square that follows the torso.

    Where the torso was not seen in the last frame, the whole picture is looked at. A person's score is the mean of
    its joints' scores.
    """

    def __init__(self, network: OnnxModel, size: int, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = _Network(network, size, looks)
        self._followed: Square | None = None
        self._size = (0, 0)

    def __call__(self, image: Image, *, score: float) -> Poses:
        """The person in a picture, if its score is at least `score`. Raises BadModel."""
        if image.frame.size != self._size:
            self.reset()
            self._size = image.frame.size
        square = self._followed or Square.around(*self._size)
        xy, joints, _ = self._network(image, square)
        self._followed = next_square(xy[0], joints[0], *self._size)
        person = joints.mean(axis=1)
        if person[0] < score:
            return Poses.none(COCO, image.frame)
        return Poses(xy, joints, COCO, image.frame, person)

    def reset(self) -> None:
        """Forget the person: the next picture is not a sequel of the last."""
        self._followed = None

    def close(self) -> None:
        """Let the session go."""
        del self._network


SEEN = 0.2
"""Score from which a joint counts for the next square."""

_TORSO = tuple(COCO.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right"))


def next_square(xy: Floats, score: Floats, width: int, height: int) -> Square | None:
    """The square to look at in the next frame, or None for the whole picture.

    Centred on the hips; 1.9 times the reach of the torso or 1.2 times that of the body to each side, whichever is
    more, and no more than reaches the picture's far edge. The rule of the crop region in TensorFlow's MoveNet
    tutorial ("MoveNet: Ultra fast and accurate pose detection model").
    """
    seen = score > SEEN
    left_shoulder, right_shoulder, left_hip, right_hip = (bool(seen[i]) for i in _TORSO)
    if not ((left_shoulder or right_shoulder) and (left_hip or right_hip)):
        return None
    x, y = (float(v) for v in (xy[_TORSO[2]] + xy[_TORSO[3]]) / 2)
    reach = np.abs(xy - (x, y)).max(axis=1)
    wanted = max(1.9 * float(reach[list(_TORSO)].max()), 1.2 * float(reach[seen].max()))
    half = min(wanted, max(x, width - x, y, height - y))
    if half > max(width, height) / 2 or half < 1:
        return None
    return Square(x, y, 2 * half)
