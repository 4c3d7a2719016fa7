"""EfficientNet-Lite0: a classifier of ImageNet's 1000 kinds, for small devices.

Inverted residuals without squeeze-and-excitation, with ReLU6. Convolutions are padded as TensorFlow pads them ("SAME":
what is left over goes to the right and below), batch normalisation is folded into the convolution before it. After Tan
and Le, "EfficientNet", 2019, and TensorFlow's EfficientNet-Lite; names as in the package efficientnet-lite-pytorch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.models.importers.net_ops import relu6, same_padding
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Weights

from .layers import batch_norm

if TYPE_CHECKING:
    import onnx

SIZE = 224
_EPSILON = 1e-3
_STEM, _HEAD, _CLASSES = 32, 1280, 1000


class _Stage(NamedTuple):
    """Blocks in a row: how many, the kernel's side, the first one's stride, expansion, and channels given."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    channels: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def efficientnet_lite0(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x 224 x 224, RGB, levels of 255 less 127, divided by 128; gives "logits", 1 x 1000."""
    net = _Net(weights)
    x = net.graph.input("image", np.float32, (1, 3, SIZE, SIZE))
    x = net.conv(x, "_conv_stem", "_bn0", 3, _STEM, kernel=3, stride=2, relu=True)
    channels, number = _STEM, 0
    for stage in _STAGES:
        for repeat in range(stage.repeats):
            x = net.block(x, f"_blocks.{number}", channels, stage, stage.stride if repeat == 0 else 1)
            channels, number = stage.channels, number + 1
    x = net.conv(x, "_conv_head", "_bn1", channels, _HEAD, relu=True)
    x = net.graph.add("Flatten", net.graph.add("GlobalAveragePool", x), axis=1)
    x = net.graph.add(
        "Gemm", x, weights.take("_fc.weight", _CLASSES, _HEAD), weights.take("_fc.bias", _CLASSES), transB=1
    )
    net.graph.output("logits", x, np.float32, (1, _CLASSES))
    weights.require_all_used()
    return net.graph.finish()


class _Net:
    """The graph, and the size of the picture that is passed on, which padding depends on."""

    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("efficientnet-lite0")
        self._weights = weights
        self._size = (SIZE, SIZE)

    def block(self, x: str, name: str, channels: int, stage: _Stage, stride: int) -> str:
        """An inverted residual: expand, look around in each channel by itself, project."""
        before, wide = x, channels * stage.expand
        if stage.expand != 1:
            x = self.conv(x, f"{name}._expand_conv", f"{name}._bn0", channels, wide, relu=True)
        x = self.conv(
            x, f"{name}._depthwise_conv", f"{name}._bn1", 1, wide,
            kernel=stage.kernel, stride=stride, groups=wide, relu=True,
        )  # fmt: skip
        x = self.conv(x, f"{name}._project_conv", f"{name}._bn2", wide, stage.channels)
        return self.graph.add("Add", before, x) if stride == 1 and channels == stage.channels else x

    def conv(
        self, x: str, name: str, norm: str, given: int, made: int,
        *, kernel: int = 1, stride: int = 1, groups: int = 1, relu: bool = False,
    ) -> str:  # fmt: skip
        """A convolution with its batch normalisation; `given` channels of each group become `made` in all."""
        weight = self._weights.take(f"{name}.weight", made, given, kernel, kernel)
        weight, bias = batch_norm(self._weights, norm, made, _EPSILON).folded(weight)
        pads, self._size = same_padding(self._size, kernel, stride)
        x = self.graph.add(
            "Conv", x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=groups
        )
        return relu6(self.graph, x) if relu else x
