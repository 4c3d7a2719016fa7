"""The generator of pix2pix, for pictures of 256x256: a U-shaped network, in which what was seen at each size on the way
down is seen again on the way up.

After Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", 2017; names as in PyTorch-GAN,
whose copy the HugGAN community trained. How wide the network is, its first weights tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.net_ops import instance_norm, twice_as_large
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Weights

from .layers import first_width

if TYPE_CHECKING:
    import onnx

SIZE = 256
_DOWN = (1, 2, 4, 8, 8, 8, 8, 8)
_UP = (8, 8, 8, 8, 4, 2, 1)
"""How many times as wide as the first layer each one is."""


def pix2pix_256(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x 256 x 256, RGB, -1 to 1; gives "made", the same."""
    wide = first_width(weights, "down1.model.0.weight")
    net = _Net(weights)
    x, given = net.graph.input("image", np.float32, (1, 3, SIZE, SIZE)), 3
    seen: list[tuple[str, int]] = []
    for number, times in enumerate(_DOWN, 1):
        x = net.down(x, number, given, times * wide, norm=number not in (1, len(_DOWN)))
        given = times * wide
        seen.append((x, given))
    seen.pop()
    for number, times in enumerate(_UP, 1):
        x = net.up(x, number, given, times * wide)
        skip, more = seen.pop()
        x, given = net.graph.add("Concat", x, skip, axis=1), times * wide + more
    x = twice_as_large(net.graph, x)
    last, bias = weights.take("final.2.weight", 3, given, 4, 4), weights.take("final.2.bias", 3)
    x = net.graph.add("Conv", x, last, bias, kernel_shape=[4, 4], pads=[2, 2, 1, 1])
    net.graph.output("made", net.graph.add("Tanh", x))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("pix2pix-256")
        self._weights = weights

    def down(self, x: str, number: int, given: int, made: int, *, norm: bool) -> str:
        """Half the size."""
        weight = self._weights.take(f"down{number}.model.0.weight", made, given, 4, 4)
        x = self.graph.add("Conv", x, weight, kernel_shape=[4, 4], strides=[2, 2], pads=[1] * 4)
        return self.graph.add("LeakyRelu", self._normalised(x, made) if norm else x, alpha=0.2)

    def up(self, x: str, number: int, given: int, made: int) -> str:
        """Twice the size."""
        weight = self._weights.take(f"up{number}.model.0.weight", given, made, 4, 4)
        x = self.graph.add("ConvTranspose", x, weight, kernel_shape=[4, 4], strides=[2, 2], pads=[1] * 4)
        return self.graph.add("Relu", self._normalised(x, made))

    def _normalised(self, x: str, channels: int) -> str:
        return instance_norm(self.graph, x, np.ones(channels, np.float32), np.zeros(channels, np.float32))
