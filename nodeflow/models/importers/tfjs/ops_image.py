"""Convolutions, pooling and resizing. Images are NHWC; convolution weights are HWIO, depthwise ones HWIM."""

from __future__ import annotations

from typing import Any

from nodeflow.models.importers import image_ops
from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value

from .operators import Op, operator, with_fused


@operator("Conv2D", "_FusedConv2D")
def conv_2d(graph: OnnxGraph, op: Op) -> Value:
    return _convolved(graph, op, op.constant(1).transpose(3, 2, 0, 1), groups=1)


@operator("DepthwiseConv2dNative", "FusedDepthwiseConv2dNative")
def depthwise_conv_2d(graph: OnnxGraph, op: Op) -> Value:
    weights = op.constant(1)
    height, width, channels, _ = weights.shape
    return _convolved(graph, op, weights.transpose(2, 3, 0, 1).reshape(-1, 1, height, width), groups=channels)


@operator("Conv2DBackpropInput")
def conv_2d_backprop_input(graph: OnnxGraph, op: Op) -> Value:
    _, height, width, _ = op.integers(0)
    return image_ops.transposed_convolution(
        graph,
        op.input(2),
        op.constant(1).transpose(3, 2, 0, 1),  # from HWOI
        None,
        strides=op.attributes.integers("strides")[1:3],
        padding=op.attributes.text("padding"),
        size=(height, width),
    )


@operator("MaxPool")
def max_pool(graph: OnnxGraph, op: Op) -> Value:
    return image_ops.max_pool(graph, op.input(0), **_pool_window(op))


@operator("AvgPool")
def average_pool(graph: OnnxGraph, op: Op) -> Value:
    return image_ops.average_pool(graph, op.input(0), **_pool_window(op))


@operator("ResizeBilinear")
def resize_bilinear(graph: OnnxGraph, op: Op) -> Value:
    return _resized(graph, op, "linear")


@operator("ResizeNearestNeighbor")
def resize_nearest_neighbor(graph: OnnxGraph, op: Op) -> Value:
    return _resized(graph, op, "nearest")


@operator("DepthToSpace")
def depth_to_space(graph: OnnxGraph, op: Op) -> Value:
    return image_ops.depth_to_space(graph, op.input(0), op.attributes.integer("block_size"))


def _convolved(graph: OnnxGraph, op: Op, weights: Any, groups: int) -> Value:
    fused = op.attributes.texts("fused_ops")
    bias = op.input(2) if fused[:1] == ["BiasAdd"] else None
    y = image_ops.convolution(
        graph,
        op.input(0),
        weights,
        bias,
        strides=op.attributes.integers("strides")[1:3],
        dilations=op.attributes.integers("dilations")[1:3] or (1, 1),
        padding=_padding(op),
        groups=groups,
    )
    return with_fused(graph, op, y, fused if bias is None else fused[1:], operand=2 if bias is None else 3)


def _resized(graph: OnnxGraph, op: Op, mode: str) -> Value:
    return image_ops.resize(
        graph,
        op.input(0),
        op.input(1),
        mode=mode,
        align_corners=op.attributes.flag("align_corners"),
        half_pixel_centers=op.attributes.flag("half_pixel_centers"),
    )


def _pool_window(op: Op) -> dict[str, Any]:
    return {
        "kernel": op.attributes.integers("ksize")[1:3],
        "strides": op.attributes.integers("strides")[1:3],
        "padding": _padding(op),
    }


def _padding(op: Op) -> image_ops.Padding:
    if op.attributes.text("data_format", "NHWC") != "NHWC":
        raise Unsupported("images in NCHW order")
    if op.attributes.text("padding") != "EXPLICIT":
        return op.attributes.text("padding")
    _, _, top, bottom, left, right, _, _ = op.attributes.integers("explicit_paddings")
    return top, left, bottom, right
