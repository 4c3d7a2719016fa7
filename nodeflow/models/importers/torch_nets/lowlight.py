"""Networks that light up dark pictures. Both are small: they say how much lighter each pixel should be, not what it is.

`sci`: how much light fell on each pixel, by which the picture is divided (Ma et al., "Toward Fast, Flexible, and
Robust Low-Light Image Enhancement", 2022). `zero_dce`: eight curves for each pixel and colour, applied one after the
other (Guo et al., "Zero-Reference Deep Curve Estimation for Low-Light Image Enhancement", 2020). Names as in the
authors' files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.importers.weights import Array, Weights

from .layers import batch_norm

if TYPE_CHECKING:
    import onnx

_EPSILON = 1e-5
_DARKEST = 0.0001
_CURVES, _WIDE = 8, 32
_SHAPE = (1, 3, "height", "width")


def sci(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x rows x columns, RGB, 0 to 1; gives "made", the same."""
    graph = OnnxGraph("sci")
    image = graph.input("image", np.float32, _SHAPE)
    x = graph.add("Relu", _conv(graph, image, *_layer(weights, "enhance.in_conv.0", 3, 3)))
    normal = batch_norm(weights, "enhance.conv.1", 3, _EPSILON)
    inner = _conv(graph, x, *normal.folded(*_layer(weights, "enhance.conv.0", 3, 3)))
    x = graph.add("Add", x, graph.add("Relu", inner))
    x = graph.add("Sigmoid", _conv(graph, x, *_layer(weights, "enhance.out_conv.0", 3, 3)))
    light = graph.add("Clip", graph.add("Add", x, image), np.float32(_DARKEST), np.float32(1))
    graph.output("made", graph.add("Clip", graph.add("Div", image, light), np.float32(0), np.float32(1)))
    # The same arrays under a second name, and the part that only trained.
    weights.leave_under("enhance.blocks.", "calibrate.")
    weights.require_all_used()
    return graph.finish()


def zero_dce(weights: Weights) -> onnx.ModelProto:
    """Takes "image", 1 x 3 x rows x columns, RGB, 0 to 1; gives "made", the same."""
    graph = OnnxGraph("zero-dce")
    image = graph.input("image", np.float32, _SHAPE)

    def layer(number: int, x: str, given: int = _WIDE, made: int = _WIDE) -> str:
        return _conv(graph, x, *_layer(weights, f"e_conv{number}", given, made))

    seen = [graph.add("Relu", layer(1, image, 3))]
    for number in (2, 3, 4):
        seen.append(graph.add("Relu", layer(number, seen[-1])))
    x = seen.pop()
    for number in (5, 6):
        x = graph.add("Relu", layer(number, graph.add("Concat", seen.pop(), x, axis=1), 2 * _WIDE))
    x = layer(7, graph.add("Concat", seen.pop(), x, axis=1), 2 * _WIDE, 3 * _CURVES)
    made = image
    for curve in graph.add_many("Split", graph.add("Tanh", x), outputs=_CURVES, axis=1, num_outputs=_CURVES):
        bend = graph.add("Sub", graph.add("Mul", made, made), made)
        made = graph.add("Add", made, graph.add("Mul", curve, bend))
    graph.output("made", made)
    weights.require_all_used()
    return graph.finish()


def _layer(weights: Weights, name: str, given: int, made: int) -> tuple[Array, Array]:
    return weights.take(f"{name}.weight", made, given, 3, 3), weights.take(f"{name}.bias", made)


def _conv(graph: OnnxGraph, x: str, weight: Array, bias: Array) -> str:
    return graph.add("Conv", x, weight, bias, kernel_shape=[3, 3], pads=[1] * 4)
