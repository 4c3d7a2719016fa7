"""CREPE: six convolutions over 64 ms of sound, and one layer that tells pitches apart.

Each convolution is followed by ReLU, batch normalisation (which the next one cannot take in, since it stands behind the
ReLU) and a halving by the largest. After Kim et al., "CREPE", ICASSP 2018; names as in the package torchcrepe.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Weights

from .layers import batch_norm

if TYPE_CHECKING:
    import onnx

WINDOW, PITCHES = 1024, 360
_LAYERS = 6
_EPSILON = 0.0010000000474974513


def crepe(weights: Weights) -> onnx.ModelProto:
    """The network of any of its sizes, from "tiny" to "full": how many channels its layers have stands in the weights.

    Takes "sound", n x 1024, each row with mean 0 and deviation 1; gives "likely", n x 360, 0 to 1.
    """
    graph = OnnxGraph("crepe")
    channels = [1, *(weights.shape(f"conv{layer}.weight")[0] for layer in range(1, _LAYERS + 1))]
    x = graph.add("Unsqueeze", graph.input("sound", np.float32, ("n", WINDOW)), int64(1))
    for layer, (given, made) in enumerate(pairwise(channels), 1):
        kernel, stride, pads = (512, 4, [254, 254]) if layer == 1 else (64, 1, [31, 32])
        weight = weights.take(f"conv{layer}.weight", made, given, kernel, 1)[..., 0]
        x = graph.add(
            "Conv", x, weight, weights.take(f"conv{layer}.bias", made),
            kernel_shape=[kernel], strides=[stride], pads=pads,
        )  # fmt: skip
        normal = batch_norm(weights, f"conv{layer}_BN", made, _EPSILON)
        x = graph.add("MaxPool", normal.apart(graph, graph.add("Relu", x)), kernel_shape=[2], strides=[2])
    features = channels[-1] * (WINDOW // 4 >> _LAYERS)
    x = graph.add("Reshape", graph.add("Transpose", x, perm=[0, 2, 1]), int64(-1, features))
    weight = weights.take("classifier.weight", PITCHES, features)
    x = graph.add("Gemm", x, weight, weights.take("classifier.bias", PITCHES), transB=1)
    graph.output("likely", graph.add("Sigmoid", x))
    weights.require_all_used()
    return graph.finish()
