"""The generator of a DCGAN: 100 numbers become a picture of 64x64.

Transposed convolutions that double the picture, batch normalisation folded into them, ReLU between and tanh at the end.
After Radford et al., "Unsupervised Representation Learning with Deep Convolutional GANs", 2015; names as in PyTorch's
DCGAN tutorial.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Weights

from .layers import batch_norm

if TYPE_CHECKING:
    import onnx

LATENT = 100
_CHANNELS = (LATENT, 512, 256, 128, 64, 3)
_KERNEL = 4
_EPSILON = 1e-5


def dcgan_64(weights: Weights) -> onnx.ModelProto:
    """Takes "latent", N x 100, normally distributed; gives "image", N x 3 x 64 x 64, -1 to 1."""
    graph = OnnxGraph("dcgan-64")
    x = graph.input("latent", np.float32, ("n", LATENT))
    x = graph.add("Reshape", x, np.array((-1, LATENT, 1, 1), np.int64))
    last = len(_CHANNELS) - 2
    for layer, (given, made) in enumerate(pairwise(_CHANNELS)):
        weight = weights.take(f"main.{3 * layer}.weight", given, made, _KERNEL, _KERNEL)
        bias = np.zeros(made, np.float32)
        if layer < last:
            weight, bias = batch_norm(weights, f"main.{3 * layer + 1}", made, _EPSILON).folded(weight, axis=1)
        stride, pad = (1, 0) if layer == 0 else (2, 1)
        x = graph.add(
            "ConvTranspose", x, weight, bias, kernel_shape=[_KERNEL] * 2, strides=[stride] * 2, pads=[pad] * 4
        )
        x = graph.add("Tanh" if layer == last else "Relu", x)
    graph.output("image", x)
    weights.require_all_used()
    return graph.finish()
