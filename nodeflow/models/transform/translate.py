"""A picture of one kind made of one of another: drawings to photographs, say. One instance per thread."""

from __future__ import annotations

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import PictureToPicture
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import pixels
from nodeflow.models.whole import WholeReader, planes
from nodeflow.values import Image


def open_translate(parts: Parts) -> Translate:
    return Translate(parts.networks["painter"], parts.settings)


class Translate:
    """A `TranslateModel`."""

    def __init__(self, network: OnnxModel, settings: PictureToPicture) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._whole = WholeReader(network, settings.shown)
        self._darkest, self._longest = np.float32(settings.darkest), settings.longest

    def __call__(self, image: Image) -> Image:
        """The picture of the other kind. Raises BadModel."""
        shown = self._whole.sized(image, self._longest)
        made = planes(self._network.run({self._whole.name: self._whole.levels(shown)})[0])
        if len(made) != 3:
            raise BadModel(f"the network gives {len(made)} planes, not red, green and blue; correct the card")
        levels = (made.transpose(1, 2, 0) - self._darkest) / (np.float32(1) - self._darkest)
        return Image(pixels(levels), image.frame.resized(made.shape[2], made.shape[1]))

    def close(self) -> None:
        """Let the session go."""
        del self._network
