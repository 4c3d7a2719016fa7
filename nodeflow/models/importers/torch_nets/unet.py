"""The generator of pix2pix as its authors trained it, for pictures of 256x256: each size of the U lies in the next.

After Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", 2017; names as in
pytorch-CycleGAN-and-pix2pix, where every level is a part of the one around it. The authors run the network as it was
trained: it normalises by the mean and deviation of the one picture that it sees, not by those of the training data, so
that is what stands here. They also leave dropout on, whose noise hardly shows; here it is off, and a picture gives the
same picture each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.net_ops import instance_norm
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Weights

from .layers import first_width, scale_and_shift

if TYPE_CHECKING:
    import onnx

SIZE = 256
_WIDTHS = (1, 2, 4, 8, 8, 8, 8, 8)
"""How many times as wide as the first level each one is, from 128x128 to 1x1."""


def pix2pix_unet_256(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x 256 x 256, RGB, -1 to 1; gives "made", the same."""
    wide = first_width(weights, "model.model.0.weight")
    net = _Net(weights, wide)
    image = net.graph.input("image", np.float32, (1, 3, SIZE, SIZE))
    net.graph.output("made", net.level(image, 0, "model."))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    def __init__(self, weights: Weights, wide: int) -> None:
        self.graph = OnnxGraph("pix2pix-unet-256")
        self._weights = weights
        self._channels = [3, *(times * wide for times in _WIDTHS)]

    def level(self, x: str, number: int, name: str) -> str:
        """Half the size, all smaller levels, and back: beside what came in, except for the first level."""
        outer, inner = self._channels[number : number + 2]
        first, last = number == 0, number == len(_WIDTHS) - 1
        place = iter(range(7))  # of its parts in the file: each counts, also those that learn nothing
        y = x
        if not first:
            next(place)
            y = x = self.graph.add("LeakyRelu", x, alpha=0.2)  # the authors' is in place: what goes beside is bent too
        weight = self._weights.take(f"{name}model.{next(place)}.weight", inner, outer, 4, 4)
        y = self.graph.add("Conv", y, weight, kernel_shape=[4, 4], strides=[2, 2], pads=[1] * 4)
        if not first and not last:
            y = self._normalised(y, inner, f"{name}model.{next(place)}")
        if not last:
            y = self.level(y, number + 1, f"{name}model.{next(place)}.")
        y = self.graph.add("Relu", y)
        next(place)
        up = f"{name}model.{next(place)}"
        weight = self._weights.take(f"{up}.weight", inner if last else 2 * inner, outer, 4, 4)
        bias = [self._weights.take(f"{up}.bias", outer)] if first else []
        y = self.graph.add("ConvTranspose", y, weight, *bias, kernel_shape=[4, 4], strides=[2, 2], pads=[1] * 4)
        if first:
            return self.graph.add("Tanh", y)
        return self.graph.add("Concat", x, self._normalised(y, outer, f"{name}model.{next(place)}"), axis=1)

    def _normalised(self, x: str, channels: int, name: str) -> str:
        self._weights.leave(f"{name}.running_mean", f"{name}.running_var")
        return instance_norm(self.graph, x, *scale_and_shift(self._weights, name, channels))
