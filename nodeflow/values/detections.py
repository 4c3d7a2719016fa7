"""Things found in a picture, as boxes, and what a picture is taken to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nodeflow.values.arrays import Floats, Ints, floats, ints
from nodeflow.values.frame import Frame, transform


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """N boxes: `xyxy` float32 Nx4 (left, top, right, bottom) in pixels of `frame`; `score` float32 N, 0..1;
    `class_id` int64 N, an index into `names`; `track_id` int64 N or None."""

    xyxy: Floats
    score: Floats
    class_id: Ints
    names: tuple[str, ...]
    frame: Frame
    track_id: Ints | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "xyxy", floats(self.xyxy, None, 4, what="boxes"))
        count = len(self.xyxy)
        object.__setattr__(self, "score", floats(self.score, count, what="box scores"))
        object.__setattr__(self, "class_id", ints(self.class_id, count, what="class ids"))
        # Without its sign, a negative number is larger than any name's.
        if count and self.class_id.view(np.uint64).max() >= len(self.names):
            raise ValueError(f"a class id lies outside the {len(self.names)} names")
        if self.track_id is not None:
            object.__setattr__(self, "track_id", ints(self.track_id, count, what="track ids"))

    @classmethod
    def none(cls, names: tuple[str, ...], frame: Frame) -> Detections:
        """Nothing was found."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), names, frame)

    def __len__(self) -> int:
        return len(self.xyxy)

    def label(self, index: int) -> str:
        """The name of box `index`'s class."""
        return self.names[int(self.class_id[index])]

    def on(self, frame: Frame) -> Floats:
        """The boxes around the same things in another frame of the same source, float32 Nx4."""
        left, top, right, bottom = self.xyxy.T
        corners = np.stack([(left, top), (right, top), (right, bottom), (left, bottom)]).transpose(2, 0, 1)
        moved = transform(self.frame.to(frame), corners)
        return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """What a model takes its input to be: `score` float32 N, 0..1, one for each of `names`."""

    score: Floats
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", floats(self.score, len(self.names), what="class scores"))

    def top(self, count: int = 1) -> list[tuple[str, float]]:
        """The `count` likeliest names with their scores, best first."""
        best = np.argsort(-self.score, kind="stable")[:count]
        return [(self.names[int(i)], float(self.score[i])) for i in best]
