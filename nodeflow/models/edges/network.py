"""A network that says of each pixel how likely it is an edge. One instance per thread.

What it gives is taken as it is. Some demonstrations stretch it until the likeliest edge of each picture is white; then
a plain wall would be full of edges, and a film would flicker.
"""

from __future__ import annotations

import numpy as np

from nodeflow.models.likely import sigmoid
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Edges
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import WholeReader, plane
from nodeflow.values import Image, Mask


def open_edges(parts: Parts) -> EdgeNetwork:
    return EdgeNetwork(parts.networks["edges"], parts.settings)


class EdgeNetwork:
    """An `EdgeModel`."""

    def __init__(self, network: OnnxModel, settings: Edges) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._whole = WholeReader(network, settings.shown)
        self._outputs = [settings.output or list(network.outputs)[-1]]
        self._logits = settings.give == "logits"

    def __call__(self, image: Image, *, longest: int) -> Mask:
        """How likely each pixel is an edge. Raises BadModel."""
        shown = self._whole.sized(image, longest)
        (made,) = self._network.run({self._whole.name: self._whole.levels(shown)}, self._outputs)
        likely = plane(made, shown)
        return Mask(np.clip(sigmoid(likely) if self._logits else likely, 0, 1), shown.frame)

    def close(self) -> None:
        """Let the session go."""
        del self._network
