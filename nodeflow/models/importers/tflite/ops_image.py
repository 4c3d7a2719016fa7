"""Convolutions, pooling and resizing."""

from __future__ import annotations

import struct
from typing import Any

import tflite

from nodeflow.models.importers import image_ops
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value, int64

from .operators import Op, activated, operator

_PADDINGS = {tflite.Padding.SAME: image_ops.SAME, tflite.Padding.VALID: image_ops.VALID}


@operator("CONV_2D")
def conv_2d(graph: OnnxGraph, op: Op) -> Value:
    options, weights = op.options(tflite.Conv2DOptions), op.constant(1)  # OHWI
    channels = op.tensor(0).shape[3]
    y = image_ops.convolution(
        graph,
        op.input(0),
        weights.transpose(0, 3, 1, 2),
        op.optional(2),
        groups=channels // weights.shape[3],
        **_convolution_window(options),
    )
    return activated(graph, y, options.FusedActivationFunction())


@operator("DEPTHWISE_CONV_2D")
def depthwise_conv_2d(graph: OnnxGraph, op: Op) -> Value:
    options, weights = op.options(tflite.DepthwiseConv2DOptions), op.constant(1)  # 1HW(I x multiplier)
    y = image_ops.convolution(
        graph,
        op.input(0),
        weights.transpose(3, 0, 1, 2),
        op.optional(2),
        groups=op.tensor(0).shape[3],
        **_convolution_window(options),
    )
    return activated(graph, y, options.FusedActivationFunction())


@operator("TRANSPOSE_CONV")
def transpose_conv(graph: OnnxGraph, op: Op) -> Value:
    options, weights = op.options(tflite.TransposeConvOptions), op.constant(1)  # OHWI; input 0 is the output's shape
    y = image_ops.transposed_convolution(
        graph,
        op.input(2),
        weights.transpose(3, 0, 1, 2),
        op.optional(3),
        strides=(options.StrideH(), options.StrideW()),
        padding=_PADDINGS[options.Padding()],
        size=op.shape[1:3],
    )
    return activated(graph, y, options.FusedActivationFunction())


@operator("Convolution2DTransposeBias")
def convolution_2d_transpose_bias(graph: OnnxGraph, op: Op) -> Value:
    """MediaPipe's own. Its options are a C struct of int32: padding (1 is SAME), stride width, stride height."""
    padding, stride_width, stride_height = struct.unpack_from("<3i", op.custom_options)
    return image_ops.transposed_convolution(
        graph,
        op.input(0),
        op.constant(1).transpose(3, 0, 1, 2),
        op.input(2),
        strides=(stride_height, stride_width),
        padding=image_ops.SAME if padding == 1 else image_ops.VALID,
        size=op.shape[1:3],
    )


@operator("MAX_POOL_2D")
def max_pool_2d(graph: OnnxGraph, op: Op) -> Value:
    options = op.options(tflite.Pool2DOptions)
    y = image_ops.max_pool(graph, op.input(0), **_pool_window(options))
    return activated(graph, y, options.FusedActivationFunction())


@operator("AVERAGE_POOL_2D")
def average_pool_2d(graph: OnnxGraph, op: Op) -> Value:
    options = op.options(tflite.Pool2DOptions)
    y = image_ops.average_pool(graph, op.input(0), **_pool_window(options))
    return activated(graph, y, options.FusedActivationFunction())


@operator("RESIZE_BILINEAR")
def resize_bilinear(graph: OnnxGraph, op: Op) -> Value:
    return _resized(graph, op, "linear", op.options(tflite.ResizeBilinearOptions))


@operator("RESIZE_NEAREST_NEIGHBOR")
def resize_nearest_neighbor(graph: OnnxGraph, op: Op) -> Value:
    return _resized(graph, op, "nearest", op.options(tflite.ResizeNearestNeighborOptions))


@operator("DEPTH_TO_SPACE")
def depth_to_space(graph: OnnxGraph, op: Op) -> Value:
    return image_ops.depth_to_space(graph, op.input(0), op.options(tflite.DepthToSpaceOptions).BlockSize())


def _resized(graph: OnnxGraph, op: Op, mode: str, options: Any) -> Value:
    return image_ops.resize(
        graph,
        op.input(0),
        int64(*op.shape[1:3]),
        mode=mode,
        align_corners=options.AlignCorners(),
        half_pixel_centers=options.HalfPixelCenters(),
    )


def _convolution_window(options: Any) -> dict[str, Any]:
    return {
        "strides": (options.StrideH(), options.StrideW()),
        "dilations": (options.DilationHFactor(), options.DilationWFactor()),
        "padding": _PADDINGS[options.Padding()],
    }


def _pool_window(options: Any) -> dict[str, Any]:
    return {
        "kernel": (options.FilterHeight(), options.FilterWidth()),
        "strides": (options.StrideH(), options.StrideW()),
        "padding": _PADDINGS[options.Padding()],
    }
