"""LaMa: what lies under a hole, guessed from what lies around it (Suvorov et al., 2021). One instance per thread.

The network sees pictures at one size. So it is shown a square around the hole, with as much around it again on each
side, where the picture has that much: a small hole in a large picture keeps its detail.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Inpaint as Settings
from nodeflow.models.pipelines.whole import Whole
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats
from nodeflow.models.whole import WholeReader, fixed_size, planes
from nodeflow.values import Image

_IMAGE, _MASK = "image", "mask"


def open_inpaint(parts: Parts) -> Inpaint:
    return Inpaint(parts.networks["painter"], parts.settings)


class Inpaint:
    """An `InpaintModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        missing = {_IMAGE, _MASK} - network.inputs.keys()
        if missing:
            raise BadModel(f"the network has no input {sorted(missing)[0]!r}; it fills no holes")
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._size = fixed_size(network, _IMAGE) or settings.size
        self._whole = WholeReader(network, Whole(size=settings.size), _IMAGE)
        self._to_bytes = np.float32(255 / settings.white)

    def __call__(self, image: Image, hole: NDArray[np.float32]) -> Image:
        """The picture with its hole filled. Raises BadModel."""
        import cv2

        around = window(hole, max(self._size))
        if around is None:
            return image
        left, top, wide, high = around
        part = image.cropped(left, top, wide, high)
        weight = np.ascontiguousarray(hole[top : top + high, left : left + wide])
        shown = self._whole.sized(part, max(self._size))
        mask = cv2.resize(weight, self._size, interpolation=cv2.INTER_LINEAR) > 0
        feeds = {_IMAGE: self._whole.levels(shown), _MASK: mask.astype(np.float32)[None, None]}
        levels = planes(self._network.run(feeds)[0])
        if levels.shape != (3, shown.height, shown.width):
            raise BadModel(
                f"the network gives {levels.shape} for a picture of {shown.width}x{shown.height}; correct the card"
            )
        filled = cv2.resize(self._pixels(levels), (wide, high), interpolation=cv2.INTER_LINEAR)
        made = image.array.copy()
        into = made[top : top + high, left : left + wide]
        into[:] = cv2.blendLinear(np.asarray(filled, np.uint8), part.array, weight, np.float32(1) - weight)
        return image.replaced(made)

    def _pixels(self, levels: Floats) -> NDArray[np.uint8]:
        rounded: NDArray[np.uint8] = np.clip(levels * self._to_bytes + np.float32(0.5), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(rounded.transpose(1, 2, 0))

    def close(self) -> None:
        """Let the session go."""
        del self._network


def window(hole: NDArray[np.float32], least: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the part to show: a square around the hole, three times as long and at least
    `least`, moved or cut where the picture ends. None where there is no hole."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    if not len(rows):
        return None
    height, width = hole.shape
    side = max(least, 3 * (rows[-1] - rows[0] + 1), 3 * (columns[-1] - columns[0] + 1))
    (left, wide), (top, high) = (
        _placed(int(found[0]), int(found[-1]) + 1, int(side), length)
        for found, length in ((columns, width), (rows, height))
    )
    return left, top, wide, high


def _placed(start: int, end: int, side: int, length: int) -> tuple[int, int]:
    """Where a stretch of `side` around start..end begins in 0..length, and how long it is there."""
    long = min(side, length)
    return min(max(0, (start + end - long) // 2), length - long), long
