"""A network that gives one number for each pixel, the larger the nearer or the other way. One instance per thread."""

from __future__ import annotations

from nodeflow.models.depth import Nearness
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Depth
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import WholeReader, planes
from nodeflow.values import Image


def open_depth(parts: Parts) -> DepthNetwork:
    return DepthNetwork(parts.networks["depth"], parts.settings)


class DepthNetwork:
    """A `DepthModel`."""

    def __init__(self, network: OnnxModel, settings: Depth) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._whole = WholeReader(network, settings.shown)
        self._outputs = [next(iter(network.outputs))]
        self._far = settings.near == "small"

    def __call__(self, image: Image, *, longest: int) -> Nearness:
        """How near each pixel is. Raises BadModel."""
        shown = self._whole.sized(image, longest)
        (made,) = self._network.run({self._whole.name: self._whole.levels(shown)}, self._outputs)
        values = planes(made)[0]
        return Nearness(-values if self._far else values, image.frame.resized(values.shape[1], values.shape[0]))

    def close(self) -> None:
        """Let the session go."""
        del self._network
