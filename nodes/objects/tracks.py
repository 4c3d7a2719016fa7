"""Giving things numbers that they keep from frame to frame.

Each track expects its thing where it was, moved on as it last moved. Boxes and tracks of one name are matched by how
much they overlap, the surest pair first, in two rounds: sure boxes with all tracks, then doubtful boxes with the tracks
that are left (a thing half hidden is found with a low score; after ByteTrack, Zhang et al., 2021). A sure box that
matches nothing begins a track; a track that finds nothing waits for a while, then ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_STEADY = 0.5
"""How much of a track's speed is taken over from the frame before."""


@dataclass(slots=True)
class Track:
    """One thing: its number, its name's class, its box, how the box moves, and for how many frames it was not seen."""

    number: int
    class_id: int
    box: Floats
    speed: Floats
    unseen: int = 0

    @property
    def expected(self) -> Floats:
        moved: Floats = self.box + self.speed * np.float32(self.unseen + 1)
        return moved

    def found(self, box: Floats) -> None:
        moved = (box - self.box) / np.float32(self.unseen + 1)
        self.speed = self.speed * np.float32(_STEADY) + moved * np.float32(1 - _STEADY)
        self.box, self.unseen = box, 0


class Tracker:
    """The tracks of one stream. Pure bookkeeping: boxes in, numbers out."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._next = 1

    def __call__(
        self, boxes: Floats, score: Floats, class_id: NDArray[np.int64], *, sure: float, overlap: float, patience: int
    ) -> NDArray[np.int64]:
        """The number of each box, int64 N; 0 for a doubtful box that belongs to no track.

        Boxes Nx4. A box of at least the score `sure` may begin a track; a pair needs an `overlap` (intersection over
        union); a track ends when it was not seen for more than `patience` frames.
        """
        numbers = np.zeros(len(boxes), np.int64)
        left = list(self._tracks)
        is_sure = score >= sure
        for chosen in (np.flatnonzero(is_sure), np.flatnonzero(~is_sure)):
            left = self._match(left, boxes, class_id, chosen, numbers, overlap)
        for track in left:
            track.unseen += 1
        self._tracks = [track for track in self._tracks if track.unseen <= patience]
        for index in np.flatnonzero(is_sure & (numbers == 0)):
            numbers[index] = self._begin(int(class_id[index]), boxes[index])
        return numbers

    def _match(
        self,
        tracks: list[Track],
        boxes: Floats,
        class_id: NDArray[np.int64],
        chosen: NDArray[np.intp],
        numbers: NDArray[np.int64],
        overlap: float,
    ) -> list[Track]:
        """Give tracks the boxes that suit them best. Returns the tracks that found none."""
        if not tracks or not len(chosen):
            return tracks
        shared = shares(np.stack([track.expected for track in tracks]), boxes[chosen])
        names = np.array([track.class_id for track in tracks])
        shared[names[:, None] != class_id[chosen][None]] = 0
        done: set[int] = set()
        for flat in np.argsort(-shared, axis=None, kind="stable"):
            row, column = divmod(int(flat), len(chosen))
            if shared[row, column] < overlap or shared[row, column] <= 0:
                break
            box = int(chosen[column])
            if row not in done and numbers[box] == 0:
                done.add(row)
                numbers[box] = tracks[row].number
                tracks[row].found(boxes[box])
        return [track for row, track in enumerate(tracks) if row not in done]

    def _begin(self, class_id: int, box: Floats) -> int:
        number, self._next = self._next, self._next + 1
        self._tracks.append(Track(number, class_id, box, np.zeros(4, np.float32)))
        return number


def shares(ones: Floats, others: Floats) -> Floats:
    """Intersection over union of each of N boxes with each of M, NxM."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1) for boxes in (ones, others)]
    both: Floats = shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-6)
    return both
