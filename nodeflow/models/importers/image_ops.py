"""TensorFlow's image operators, NHWC, written with ONNX's, NCHW.

Each function takes and gives NHWC values and puts the NCHW operator between two transposes; onnxruntime's BASIC
optimisation cancels nearly all of them against their neighbours. Sizes and strides are (height, width).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .errors import Unsupported
from .onnx_graph import Array, OnnxGraph, Value, int64

SAME, VALID = "SAME", "VALID"
Padding = str | Sequence[int]
"""SAME, VALID, or explicit (top, left, bottom, right)."""


def to_nchw(graph: OnnxGraph, x: Value) -> str:
    return graph.add("Transpose", x, perm=[0, 3, 1, 2])


def to_nhwc(graph: OnnxGraph, x: Value) -> str:
    return graph.add("Transpose", x, perm=[0, 2, 3, 1])


def convolution(
    graph: OnnxGraph,
    x: Value,
    weights: Array,
    bias: Value | None,
    *,
    strides: Sequence[int],
    dilations: Sequence[int] = (1, 1),
    padding: Padding,
    groups: int = 1,
) -> str:
    """A 2-D convolution. `weights` are ONNX's OIHW; a depthwise one has as many groups as input channels."""
    kernel = weights.shape[2:]
    inputs = [to_nchw(graph, x), weights, *([] if bias is None else [bias])]
    window = _window(kernel, strides, dilations, padding)
    return to_nhwc(graph, graph.add("Conv", *inputs, dilations=_positive(dilations), group=groups, **window))


def transposed_convolution(
    graph: OnnxGraph,
    x: Value,
    weights: Array,
    bias: Value | None,
    *,
    strides: Sequence[int],
    padding: str,
    size: Sequence[int],
) -> str:
    """The gradient of a convolution, to an output of `size`. `weights` are ONNX's IOHW."""
    kernel = list(weights.shape[2:])
    trims, extras = [], []
    for k, s, out in zip(kernel, _positive(strides), _positive(size), strict=True):
        steps = (out - 1) // s if padding == SAME else (out - k) // s  # input size - 1
        excess = steps * s + k - out
        trims.append(max(excess, 0))
        extras.append(max(-excess, 0))
    before = [trim // 2 for trim in trims]
    pads = before + [trim - half for trim, half in zip(trims, before, strict=True)]
    inputs = [to_nchw(graph, x), weights, *([] if bias is None else [bias])]
    y = graph.add(
        "ConvTranspose", *inputs, kernel_shape=kernel, strides=list(strides), pads=pads, output_padding=extras
    )
    return to_nhwc(graph, y)


def max_pool(graph: OnnxGraph, x: Value, *, kernel: Sequence[int], strides: Sequence[int], padding: Padding) -> str:
    return to_nhwc(graph, graph.add("MaxPool", to_nchw(graph, x), **_window(kernel, strides, (1, 1), padding)))


def average_pool(graph: OnnxGraph, x: Value, *, kernel: Sequence[int], strides: Sequence[int], padding: Padding) -> str:
    """The mean over windows; as in TensorFlow, padding does not count."""
    window = _window(kernel, strides, (1, 1), padding)
    return to_nhwc(graph, graph.add("AveragePool", to_nchw(graph, x), count_include_pad=0, **window))


def resize(
    graph: OnnxGraph, x: Value, size: Value, *, mode: str, align_corners: bool = False, half_pixel_centers: bool = False
) -> str:
    """Scale to `size`, `mode` "linear" or "nearest", with TensorFlow's three conventions of where a pixel lies.

    `size` may be computed at run time.
    """
    where = "half_pixel" if half_pixel_centers else "align_corners" if align_corners else "asymmetric"
    # TensorFlow takes the pixel that holds the point, which ONNX, counting from pixel centres, calls rounding.
    rounding = {"nearest_mode": "floor" if where == "asymmetric" else "round_prefer_ceil"} if mode == "nearest" else {}
    if not isinstance(size, str):
        size = int64(*_positive(np.asarray(size).tolist()))
    x = to_nchw(graph, x)
    # All four sizes: with ONNX's `axes` attribute, onnxruntime 1.31 loses the sizes when it moves transposes.
    sizes = graph.add("Concat", graph.add("Shape", x, start=0, end=2), graph.cast(size, np.int64), axis=0)
    y = graph.add("Resize", x, "", "", sizes, mode=mode, coordinate_transformation_mode=where, **rounding)
    return to_nhwc(graph, y)


def enlarge(graph: OnnxGraph, x: Value, factors: Sequence[int], *, mode: str) -> str:
    """Scale by whole `factors`, `mode` "linear" or "nearest", as Keras does: pixels are squares with centres."""
    scales = np.array([1, 1, *_positive(factors)], np.float32)
    where = {"nearest": "asymmetric", "linear": "half_pixel"}[mode]
    rounding = {"nearest_mode": "floor"} if mode == "nearest" else {}
    y = graph.add("Resize", to_nchw(graph, x), "", scales, mode=mode, coordinate_transformation_mode=where, **rounding)
    return to_nhwc(graph, y)


def depth_to_space(graph: OnnxGraph, x: Value, block: int) -> str:
    (block,) = _positive([block])
    return to_nhwc(graph, graph.add("DepthToSpace", to_nchw(graph, x), blocksize=block, mode="DCR"))


def _window(
    kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int], padding: Padding
) -> dict[str, Any]:
    """The attributes of a sliding window."""
    kernel, strides, dilations = _positive(kernel), _positive(strides), _positive(dilations)
    window: dict[str, Any] = {"kernel_shape": kernel, "strides": strides}
    if not isinstance(padding, str):
        return window | {"pads": list(padding)}
    if padding == VALID:
        return window | {"pads": [0, 0, 0, 0]}
    if padding != SAME:
        raise Unsupported(f"padding {padding!r}")
    if strides == [1, 1]:  # SAME needs no input size here, and onnxruntime knows no automatic padding with dilation
        total = [(k - 1) * d for k, d in zip(kernel, dilations, strict=True)]
        return window | {"pads": [t // 2 for t in total] + [t - t // 2 for t in total]}
    if dilations != [1, 1]:
        raise Unsupported("a convolution with both strides and dilations")
    return window | {"auto_pad": "SAME_UPPER"}


def _positive(numbers: Sequence[int]) -> list[int]:
    # Shape inference divides by these, in C++.
    if len(numbers) == 0 or min(numbers) < 1 or max(numbers) > 2**16:
        raise ValueError(f"a kernel, stride, dilation or size is out of range: {list(numbers)}")
    return [int(number) for number in numbers]
