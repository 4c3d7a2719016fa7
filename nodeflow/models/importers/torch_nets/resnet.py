"""The generator of CycleGAN: a picture is made a quarter as large, changed by nine residual blocks, and made large
again.

After Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017, and Johnson
et al., "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", 2016; names as in
pytorch-CycleGAN-and-pix2pix, without dropout. Files of old versions of torch hold means of the training data, which the
network never uses. Where a file calls its blocks "block", or has a scale and a shift for what was normalised, it is
taken as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.net_ops import instance_norm
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Array, Weights

from .layers import first_width, scale_and_shift

if TYPE_CHECKING:
    import onnx

_BLOCKS = 9


def cyclegan_resnet_9(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x rows x columns, multiples of 4, RGB, -1 to 1; gives "made", the same."""
    wide = first_width(weights, "model.1.weight")
    net = _Net(weights)
    x = net.graph.input("image", np.float32, (1, 3, "height", "width"))
    x = net.bent(net.conv(net.mirrored(x, 3), "model.1", 3, wide, kernel=7), wide, "model.2")
    for place, times in ((4, 1), (7, 2)):
        x = net.conv(x, f"model.{place}", times * wide, 2 * times * wide, stride=2)
        x = net.bent(x, 2 * times * wide, f"model.{place + 1}")
    within = "block" if "model.10.block.1.weight" in weights else "conv_block"
    for place in range(10, 10 + _BLOCKS):
        x = net.block(x, f"model.{place}.{within}", 4 * wide)
    for place, times in ((10 + _BLOCKS, 4), (13 + _BLOCKS, 2)):
        x = net.larger(x, f"model.{place}", times * wide, times * wide // 2)
        x = net.bent(x, times * wide // 2, f"model.{place + 1}")
    x = net.conv(net.mirrored(x, 3), f"model.{17 + _BLOCKS}", wide, 3, kernel=7)
    net.graph.output("made", net.graph.add("Tanh", x))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("cyclegan-resnet-9")
        self._weights = weights

    def block(self, x: str, name: str, channels: int) -> str:
        """What two convolutions change, added to what went in."""
        y = self.bent(self.conv(self.mirrored(x, 1), f"{name}.1", channels, channels), channels, f"{name}.2")
        y = self.conv(self.mirrored(y, 1), f"{name}.5", channels, channels)
        return self.graph.add("Add", x, self._normalised(y, channels, f"{name}.6"))

    def conv(self, x: str, name: str, given: int, made: int, *, kernel: int = 3, stride: int = 1) -> str:
        """A convolution; one that does not halve the picture finds its edges mirrored already."""
        weight, bias = self._weights.take(f"{name}.weight", made, given, kernel, kernel), self._bias(name, made)
        pads = [1 if stride > 1 else 0] * 4
        return self.graph.add("Conv", x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads)

    def larger(self, x: str, name: str, given: int, made: int) -> str:
        """Twice the size."""
        weight, bias = self._weights.take(f"{name}.weight", given, made, 3, 3), self._bias(name, made)
        return self.graph.add(
            "ConvTranspose", x, weight, bias, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, output_padding=[1, 1]
        )

    def mirrored(self, x: str, by: int) -> str:
        return self.graph.add("Pad", x, int64(0, 0, by, by, 0, 0, by, by), mode="reflect")

    def bent(self, x: str, channels: int, name: str) -> str:
        return self.graph.add("Relu", self._normalised(x, channels, name))

    def _normalised(self, x: str, channels: int, name: str) -> str:
        self._weights.leave(f"{name}.running_mean", f"{name}.running_var")
        scale, shift = np.ones(channels, np.float32), np.zeros(channels, np.float32)
        if f"{name}.weight" in self._weights:
            scale, shift = scale_and_shift(self._weights, name, channels)
        return instance_norm(self.graph, x, scale, shift)

    def _bias(self, name: str, made: int) -> Array:
        return self._weights.take(f"{name}.bias", made)
