"""A network that gives one score for each class and pixel: the highest one counts. One instance per thread."""

from __future__ import annotations

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.masks import Segments
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Segments as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import WholeReader
from nodeflow.values import Image


def open_segments(parts: Parts) -> SegmentNetwork:
    return SegmentNetwork(parts.networks["segments"], parts.settings)


class SegmentNetwork:
    """A `SegmentModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._whole = WholeReader(network, settings.shown)
        self._outputs = [settings.output or next(iter(network.outputs))]
        self._names = tuple(settings.names)

    def __call__(self, image: Image, *, longest: int) -> Segments:
        """The likeliest class of each pixel. Raises BadModel."""
        shown = self._whole.sized(image, longest)
        (made,) = self._network.run({self._whole.name: self._whole.levels(shown)}, self._outputs)
        scores = self._whole.planes(made)
        if len(scores) != len(self._names):
            raise BadModel(f"the network gives {len(scores)} scores for {len(self._names)} names; correct the card")
        frame = image.frame.resized(scores.shape[2], scores.shape[1])
        return Segments(scores.argmax(axis=0).astype(np.int32), self._names, frame)

    def close(self) -> None:
        """Let the session go."""
        del self._network
