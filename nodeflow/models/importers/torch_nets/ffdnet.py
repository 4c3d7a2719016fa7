"""FFDNet: takes noise out of a picture, and is told how strong the noise is.

The picture becomes four of half its size, each with every other pixel of every other row, beside a plane that says the
noise; convolutions with ReLU between make four pictures without noise of them, which become one again. After Zhang et
al., "FFDNet: Toward a Fast and Flexible Solution for CNN-based Image Denoising", 2018; names as in KAIR. How wide and
deep it is, its weights tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Array, Weights

if TYPE_CHECKING:
    import onnx

_COLORS, _HALF = 3, 2
_PARTS = _COLORS * _HALF**2
_MOST_WIDE, _MOST_LAYERS = 512, 40


def ffdnet(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x rows x columns, both even, RGB, 0 to 1, and "noise", 1, its deviation; gives "made", as
    the image."""
    wide = weights.shape("model.0.weight")[0]
    layers = next((n for n in range(_MOST_LAYERS + 1) if f"model.{2 * n}.weight" not in weights), 0)
    if not (1 <= wide <= _MOST_WIDE and layers >= 2):
        raise Unsupported(f"it has {layers or f'more than {_MOST_LAYERS}'} layers of {wide} channels")
    graph = OnnxGraph("ffdnet")
    image = graph.input("image", np.float32, (1, _COLORS, "height", "width"))
    noise = graph.input("noise", np.float32, (1,))
    x = graph.add("SpaceToDepth", image, blocksize=_HALF)
    size = graph.add("Concat", int64(1, 1), graph.add("Slice", graph.add("Shape", x), int64(2), int64(4)), axis=0)
    plane = graph.add("Expand", graph.add("Reshape", noise, int64(1, 1, 1, 1)), size)
    x, given = graph.add("Concat", x, plane, axis=1), _PARTS + 1
    for layer in range(layers):
        last = layer == layers - 1
        made = _PARTS if last else wide
        weight = weights.take(f"model.{2 * layer}.weight", made, given, 3, 3)
        bias = weights.take(f"model.{2 * layer}.bias", made)
        x = graph.add("Conv", x, weight if layer else _by_place(weight), bias, kernel_shape=[3, 3], pads=[1] * 4)
        x, given = x if last else graph.add("Relu", x), made
    graph.output("made", graph.add("DepthToSpace", x, blocksize=_HALF, mode="CRD"))
    weights.require_all_used()
    return graph.finish()


def _by_place(weight: Array) -> Array:
    """Torch halves a picture colour by colour, ONNX place by place: the weights change places instead."""
    wide, rest = len(weight), weight.shape[2:]
    parts = weight[:, :_PARTS].reshape(wide, _COLORS, _HALF**2, *rest).swapaxes(1, 2).reshape(wide, _PARTS, *rest)
    return np.concatenate((parts, weight[:, _PARTS:]), axis=1)
