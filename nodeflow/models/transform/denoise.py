"""Noise taken out of pictures by a network that is told how strong it is. One instance per thread.

Large pictures are made in tiles, as in `retouch`.
"""

from __future__ import annotations

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Denoise as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats
from nodeflow.models.transform.retouch import Bytes, in_tiles
from nodeflow.values import Image


def open_denoise(parts: Parts) -> Denoise:
    return Denoise(parts.networks["denoiser"], parts.settings)


class Denoise:
    """A `DenoiseModel`. Its network takes "image", 1x3xHxW, 0..1, and "noise", one number, 0..1; it gives a picture."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        """Raises BadModel where the network takes something else."""
        if set(network.inputs) != {"image", "noise"}:
            raise BadModel(f"the network takes {', '.join(network.inputs)}; it does not belong to this pipeline")
        self.provider = network.provider
        self.device = network.device
        self._network, self._settings = network, settings

    def __call__(self, image: Image, *, noise: float) -> Image:
        """The picture without noise of so many levels. Raises BadModel."""
        numbers = self._settings
        strength = np.array([np.clip(noise, 0, numbers.most) / 255], np.float32)

        def cleaned(part: Bytes) -> Floats:
            high, wide = part.shape[:2]
            shown = np.pad(part, ((0, -high % numbers.step), (0, -wide % numbers.step), (0, 0)), "edge")
            levels = np.multiply(shown.transpose(2, 0, 1)[None], np.float32(1 / 255), dtype=np.float32)
            (made,) = self._network.run({"image": np.ascontiguousarray(levels), "noise": strength})
            if made.shape != levels.shape:
                raise BadModel(f"the network gives {made.shape} for {levels.shape}; correct the card")
            return np.asarray(made[0, :, :high, :wide], np.float32).transpose(1, 2, 0)

        return image.replaced(in_tiles(image.array, (numbers.tile, numbers.tile), numbers.overlap, cleaned))

    def close(self) -> None:
        """Let the session go."""
        del self._network
