"""What detectors have in common: their anchors, and keeping one box of many around the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel

Floats = NDArray[np.float32]

MOST_ANCHORS = 1_000_000
"""A card may say any size and strides, and this is a hundred times what detectors have."""


def anchors(size: int, maps: Sequence[tuple[int, int]]) -> Floats:
    """Centres of the anchors in pixels of a `size` x `size` input, Nx2, in the order of a network's outputs.

    `maps` are the feature maps: the stride of each, and how many anchors each of its cells has. Raises BadModel where
    they have more than `MOST_ANCHORS`.
    """
    count = sum((-(-size // stride)) ** 2 * each for stride, each in maps)
    if count > MOST_ANCHORS:
        raise BadModel(f"its card says {count:,} anchors on {size} pixels, which no detector has; correct its strides")
    grids = []
    for stride, each in maps:
        cells = -(-size // stride)
        y, x = np.mgrid[0:cells, 0:cells]
        centres = (np.stack((x, y), -1).reshape(-1, 2) + 0.5) * (size / cells)
        grids.append(centres.repeat(each, axis=0))
    return np.concatenate(grids).astype(np.float32)


def suppressed(xyxy: Floats, score: Floats, class_id: NDArray[np.int64], overlap: float) -> NDArray[np.intp]:
    """Which boxes stay, surest first, when of boxes of one class that overlap by more than `overlap` (intersection
    over union, 0..1) only the surest stays. `xyxy` Nx4."""
    import cv2

    if not len(xyxy):
        return np.zeros(0, np.intp)
    boxes = np.concatenate((xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]), axis=1)
    kept = cv2.dnn.NMSBoxesBatched(boxes.tolist(), score.tolist(), class_id.tolist(), 0.0, overlap)
    stay = np.asarray(kept, np.intp).reshape(-1)
    return stay[np.argsort(-score[stay], kind="stable")]
