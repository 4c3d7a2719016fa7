"""Bodies, hands and faces as joints, with the skeleton that says what the joints are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nodeflow.values.arrays import Floats, Ints, floats, ints
from nodeflow.values.frame import Frame, transform


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Names of K joints and the bones between them, as pairs of joint indices."""

    name: str
    joints: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        count = len(self.joints)
        if any(not (0 <= a < count and 0 <= b < count) for a, b in self.edges):
            raise ValueError(f"skeleton {self.name!r} has a bone to a joint it does not have")

    def index(self, joint: str) -> int:
        """The index of a joint by name. Raises ValueError if the skeleton has none of that name."""
        return self.joints.index(joint)


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """N poses of K joints.

    `xy` float32 NxKx2, pixels in `frame`; `score` float32 NxK, 0..1 (how sure the model is that the joint is there and
    visible); `xyz` float32 NxKx3 in metres about the hips, or None; `person` float32 N, 0..1; `track_id` int64 N or
    None. The skeleton travels with the data.
    """

    xy: Floats
    score: Floats
    skeleton: Skeleton
    frame: Frame
    person: Floats
    xyz: Floats | None = None
    track_id: Ints | None = None

    def __post_init__(self) -> None:
        joints = len(self.skeleton.joints)
        object.__setattr__(self, "xy", floats(self.xy, None, joints, 2, what="pose joints (xy)"))
        count = len(self.xy)
        object.__setattr__(self, "score", floats(self.score, count, joints, what="joint scores"))
        object.__setattr__(self, "person", floats(self.person, count, what="person scores"))
        if self.xyz is not None:
            object.__setattr__(self, "xyz", floats(self.xyz, count, joints, 3, what="pose joints (xyz)"))
        if self.track_id is not None:
            object.__setattr__(self, "track_id", ints(self.track_id, count, what="track ids"))

    @classmethod
    def none(cls, skeleton: Skeleton, frame: Frame) -> Poses:
        """Nobody was found."""
        empty = np.zeros((0, len(skeleton.joints)), np.float32)
        return cls(empty[..., None].repeat(2, axis=2), empty, skeleton, frame, np.zeros(0, np.float32))

    def __len__(self) -> int:
        return len(self.xy)

    def on(self, frame: Frame) -> Floats:
        """`xy` in the coordinates of another frame of the same source, float32 NxKx2."""
        return transform(self.frame.to(frame), self.xy)
