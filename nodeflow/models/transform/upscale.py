"""Super-resolution: a network that takes 1xHxWx3, 0..1, and gives it some times larger.

Memory grows with the picture, so large ones are made in tiles. Tiles overlap, and of the overlap each side keeps its
half: the network sees what lies around every pixel that is kept. Use one instance per thread.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.making import Upscale as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats, levels, pixels
from nodeflow.values import Image


def open_upscale(parts: Parts) -> Upscale:
    return Upscale(parts.networks["upscale"], parts.settings)


class Upscale:
    """An `UpscaleModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        self.provider = network.provider
        self.device = network.device
        self.factor = settings.factor
        self._network = network
        self._name = next(iter(network.inputs))
        self._tile, self._overlap = settings.tile, settings.overlap

    def __call__(self, image: Image) -> Image:
        """The picture, `factor` times as wide and as high. Raises BadModel."""
        source, factor = levels(image)[0], self.factor
        made = np.empty((image.height * factor, image.width * factor, 3), np.uint8)
        for top, bottom, above, below in spans(image.height, self._tile, self._overlap):
            for left, right, before, behind in spans(image.width, self._tile, self._overlap):
                part = self._run(source[above:below, before:behind])
                y, x = (top - above) * factor, (left - before) * factor
                high, wide = (bottom - top) * factor, (right - left) * factor
                made[top * factor : bottom * factor, left * factor : right * factor] = pixels(
                    part[y : y + high, x : x + wide]
                )
        return Image(made, image.frame.resized(image.width * factor, image.height * factor))

    def _run(self, part: Floats) -> Floats:
        (made,) = self._network.run({self._name: np.ascontiguousarray(part[None])})
        wanted = (1, part.shape[0] * self.factor, part.shape[1] * self.factor, 3)
        if made.shape != wanted:
            raise BadModel(f"the network gives {made.shape}, not {wanted}; correct the factor in the card")
        return np.asarray(made[0], np.float32)

    def close(self) -> None:
        """Let the session go."""
        del self._network


def spans(length: int, tile: int, overlap: int) -> Iterator[tuple[int, int, int, int]]:
    """Along one axis: what each tile keeps (start, end), and what it has to see for that (start, end). A tile is longer
    than both its overlaps."""
    step = tile - 2 * overlap
    start = 0
    while start < length:
        end = length if length - start <= step + overlap else start + step
        yield start, end, max(0, start - overlap), min(length, end + overlap)
        start = end
