"""YAMNet: MobileNet v1 over a second of sound, seen as a picture of 96 moments by 64 bands.

A convolution, then thirteen that look around in each channel by itself and mix the channels after it, with batch
normalisation without a scale and ReLU behind each; the mean over the picture; one likelihood for each of 521 sounds.
Padded as TensorFlow pads ("SAME": what is left over goes below and to the right). After Howard et al., "MobileNets",
2017, and the YAMNet of TensorFlow's model garden; names as Keras counts layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.net_ops import BatchNorm, same_padding
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Array, Weights

if TYPE_CHECKING:
    import onnx

MOMENTS, BANDS, SOUNDS = 96, 64, 521
_FIRST = 32
_LAYERS = ((1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512), *((1, 512),) * 5, (2, 1024), (1, 1024))
"""Stride and channels of each separable convolution."""
_EPSILON = 1e-4
_LAYER = "layer_with_weights-"


def yamnet(arrays: Mapping[str, Array]) -> onnx.ModelProto:
    """Takes "sight", n x 96 x 64, logarithms of loudness; gives "likely", n x 521, 0 to 1 each.

    What wraps the network, and what belongs to its training, is left out.
    """
    weights = Weights({_LAYER + name.partition(_LAYER)[2]: array for name, array in arrays.items() if _LAYER in name})
    net = _Net(weights)
    x = net.graph.add("Unsqueeze", net.graph.input("sight", np.float32, ("n", MOMENTS, BANDS)), int64(1))
    x = net.mixed(x, 1, _FIRST, kernel=3, stride=2)
    channels = _FIRST
    for stride, made in _LAYERS:
        x = net.mixed(net.looked_around(x, channels, stride), channels, made)
        channels = made
    x = net.graph.add("Flatten", net.graph.add("GlobalAveragePool", x), axis=1)
    name = net.next()
    x = net.graph.add("MatMul", x, weights.take(f"{name}/kernel", channels, SOUNDS))
    x = net.graph.add("Add", x, weights.take(f"{name}/bias", SOUNDS))
    net.graph.output("likely", net.graph.add("Sigmoid", x))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    """The graph, which layer with weights comes next, and the picture's size, which padding depends on."""

    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("yamnet")
        self._weights = weights
        self._layer = 0
        self._size = (MOMENTS, BANDS)

    def next(self) -> str:
        """The name of the next layer with weights."""
        self._layer += 1
        return f"{_LAYER}{self._layer - 1}"

    def mixed(self, x: str, given: int, made: int, kernel: int = 1, stride: int = 1) -> str:
        """A convolution over all channels."""
        weight = self._weights.take(f"{self.next()}/kernel", kernel, kernel, given, made).transpose(3, 2, 0, 1)
        return self._convolved(x, weight, kernel, stride)

    def looked_around(self, x: str, channels: int, stride: int) -> str:
        """A 3 x 3 convolution in each channel by itself."""
        weight = self._weights.take(f"{self.next()}/depthwise_kernel", 3, 3, channels, 1).transpose(2, 3, 0, 1)
        return self._convolved(x, weight, 3, stride, groups=channels)

    def _convolved(self, x: str, weight: Array, kernel: int, stride: int, groups: int = 1) -> str:
        """With the normalisation behind it, folded in, and ReLU."""
        name, made = self.next(), len(weight)
        shift, mean, variance = (
            self._weights.take(f"{name}/{part}", made) for part in ("beta", "moving_mean", "moving_variance")
        )
        weight, bias = BatchNorm.of(None, shift, mean, variance, _EPSILON).folded(weight)
        pads, self._size = same_padding(self._size, kernel, stride)
        x = self.graph.add(
            "Conv", x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=groups
        )
        return self.graph.add("Relu", x)
