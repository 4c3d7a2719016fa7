"""Pictures made better without changing their size: sharper, say. One instance per thread.

Large pictures are made in tiles. Tiles overlap, and of the overlap each side keeps its half. Where a tile is smaller
than what the network takes, the picture's edge goes on.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Retouch as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats, pixels
from nodeflow.models.transform.upscale import spans
from nodeflow.models.whole import fixed_size
from nodeflow.values import Image

Bytes = NDArray[np.uint8]


def open_retouch(parts: Parts) -> Retouch:
    return Retouch(parts.networks["retouch"], parts.settings)


class Retouch:
    """A `RetouchModel`. Its network takes 1x3xHxW, 0..1, and gives the same."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        """Raises BadModel where the network's size leaves nothing of a tile but its edges."""
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._name = next(iter(network.inputs))
        self._fixed = fixed_size(network, self._name)
        self._wide, self._high = self._fixed or (settings.tile, settings.tile)
        self._overlap, self._step = settings.overlap, settings.step
        if min(self._wide, self._high) <= 2 * self._overlap:
            tiles = f"tiles of {self._wide}x{self._high} pixels"
            raise BadModel(f"{tiles} cannot overlap by {self._overlap} on each side; correct the card")

    def __call__(self, image: Image) -> Image:
        """The picture, better, in its own size. Raises BadModel."""
        return image.replaced(in_tiles(image.array, (self._wide, self._high), self._overlap, self._run))

    def _run(self, part: Bytes) -> Floats:
        high, wide = part.shape[:2]
        below, behind = self._missing(high, self._high), self._missing(wide, self._wide)
        shown = np.pad(part, ((0, below), (0, behind), (0, 0)), "edge") if below or behind else part
        levels = np.multiply(shown.transpose(2, 0, 1)[None], np.float32(1 / 255), dtype=np.float32)
        (made,) = self._network.run({self._name: np.ascontiguousarray(levels)})
        if made.shape != levels.shape:
            raise BadModel(f"the network gives {made.shape} for {levels.shape}; it does not belong to this pipeline")
        kept: Floats = np.asarray(made[0], np.float32).transpose(1, 2, 0)[:high, :wide]
        return kept

    def _missing(self, length: int, fixed: int) -> int:
        return fixed - length if self._fixed else -length % self._step

    def close(self) -> None:
        """Let the session go."""
        del self._network


def in_tiles(source: Bytes, size: tuple[int, int], overlap: int, make: Callable[[Bytes], Floats]) -> Bytes:
    """A picture of what `make` makes of each tile of at most `size` (width, height): levels 0 to 1, as large as it."""
    made = np.empty_like(source)
    for top, bottom, above, below in spans(source.shape[0], size[1], overlap):
        for left, right, before, behind in spans(source.shape[1], size[0], overlap):
            part = make(source[above:below, before:behind])
            made[top:bottom, left:right] = pixels(part[top - above : bottom - above, left - before : right - before])
    return made
