"""A network that gives one weight for each pixel of the whole picture, at its own size. One instance per thread."""

from __future__ import annotations

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.pictures import MaskNetwork as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Image, Mask


def open_mask(parts: Parts) -> MaskNetwork:
    return MaskNetwork(parts.networks["mask"], parts.settings)


class MaskNetwork:
    """A `MaskModel`."""

    def __init__(self, network: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        self._size = settings.width, settings.height
        self._classes, self._holds, self._layout = settings.classes, settings.holds, settings.layout
        sight = Sight(
            settings.width,
            "stretched",
            settings.scale,
            settings.shift,
            layout=settings.layout,
            height=settings.height,
        )
        self._look = looks(network, sight, None)

    def __call__(self, image: Image) -> Mask:
        """Weights of 0 to 1 in the network's own size, placed on the picture. Raises BadModel."""
        (weight, *_), _ = self._look(image, Square.around(image.width, image.height))
        width, height = self._size
        if weight.size != width * height * self._classes:
            raise BadModel(f"the network gives {weight.size} weights for {width}x{height} pixels; correct the card")
        if self._classes > 1:
            first = self._layout == "nchw"
            scores = weight.reshape((self._classes, height, width) if first else (height, width, self._classes))
            weight = (scores.argmax(axis=0 if first else 2) == self._holds).astype(np.float32)
        return Mask(np.clip(weight.reshape(height, width), 0, 1), image.frame.resized(width, height))

    def close(self) -> None:
        """Let the session go."""
        del self._look
