"""Steps that the networks have in common which are built here by name; pictures are NCHW."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .onnx_graph import OnnxGraph, Value
from .weights import Array


def relu6(graph: OnnxGraph, x: Value) -> str:
    """What is negative is 0, what is above 6 is 6."""
    return graph.add("Clip", x, np.float32(0), np.float32(6))


def gelu(graph: OnnxGraph, x: Value) -> str:
    """Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, in its exact form."""
    bent = graph.add("Add", graph.add("Erf", graph.add("Mul", x, np.float32(math.sqrt(0.5)))), np.float32(1))
    return graph.add("Mul", graph.add("Mul", x, bent), np.float32(0.5))


def layer_norm(graph: OnnxGraph, x: Value, scale: Array, shift: Array, epsilon: float) -> str:
    """Each place by itself: normalised over its features, the last axis (Ba, Kiros and Hinton, 2016)."""
    return graph.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def instance_norm(graph: OnnxGraph, x: Value, scale: Array, shift: Array) -> str:
    """Each channel of each picture by itself (Ulyanov, Vedaldi and Lempitsky, 2016)."""
    return graph.add("InstanceNormalization", x, scale, shift, epsilon=1e-5)


class BatchNorm(NamedTuple):
    """What batch normalisation (Ioffe and Szegedy, 2015) comes to once it is trained: (x - mean) * factor + shift."""

    mean: Array
    factor: Array
    shift: Array

    @classmethod
    def of(cls, scale: Array | None, shift: Array, mean: Array, variance: Array, epsilon: float) -> BatchNorm:
        """Of what the training has left, for each channel; without a scale it is 1."""
        deviation = np.sqrt(variance + np.float32(epsilon))
        return cls(mean, (np.float32(1) if scale is None else scale) / deviation, shift)

    def folded(self, weight: Array, bias: Array | float = 0.0, axis: int = 0) -> tuple[Array, Array]:
        """Weight and bias of a convolution that gives its channels normalised; `axis` is that of the channels made."""
        factor = self.factor.reshape([-1 if each == axis else 1 for each in range(weight.ndim)])
        return weight * factor, (bias - self.mean) * self.factor + self.shift

    def apart(self, graph: OnnxGraph, x: Value) -> str:
        """`x`, n x channels x places, normalised, where no convolution can take it in."""
        y = graph.add("Mul", x, self.factor[:, None])
        return graph.add("Add", y, (self.shift - self.mean * self.factor)[:, None])


def twice_as_large(graph: OnnxGraph, x: Value) -> str:
    """A picture each of whose pixels becomes four."""
    return graph.add(
        "Resize", x, "", np.array((1, 1, 2, 2), np.float32),
        mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip


def same_padding(sides: tuple[int, int], kernel: int, stride: int) -> tuple[list[int], tuple[int, int]]:
    """The pads of TensorFlow's "SAME", what is left over below and to the right, and the sides that are made."""
    made = -(-sides[0] // stride), -(-sides[1] // stride)
    pads = [max((m - 1) * stride + kernel - side, 0) for m, side in zip(made, sides, strict=True)]
    return [*(pad // 2 for pad in pads), *(pad - pad // 2 for pad in pads)], made
