"""Operators that move elements without computing: padding, reshaping, joining, slicing."""

from __future__ import annotations

import tflite

from nodeflow.models.importers import array_ops
from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value, checked_size, int64

from .operators import Op, activated, operator


@operator("DENSIFY")
def densify(_graph: OnnxGraph, op: Op) -> Value:
    return op.constant(0)


@operator("PAD")
def pad(graph: OnnxGraph, op: Op) -> Value:
    return array_ops.pad(graph, op.input(0), op.constant(1))


@operator("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
def reshape(graph: OnnxGraph, op: Op) -> Value:
    """Every shape is declared in the file, so the declared one says all."""
    if checked_size(op.shape) != checked_size(op.tensor(0).shape):
        raise ValueError(f"it makes {op.shape} of {op.tensor(0).shape}")
    return graph.add("Reshape", op.input(0), int64(*op.shape))


@operator("TRANSPOSE")
def transpose(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Transpose", op.input(0), perm=op.constant(1).tolist())


@operator("CONCATENATION")
def concatenation(graph: OnnxGraph, op: Op) -> Value:
    options = op.options(tflite.ConcatenationOptions)
    y = graph.add("Concat", *(op.input(i) for i in range(op.inputs)), axis=options.Axis())
    return activated(graph, y, options.FusedActivationFunction())


@operator("STRIDED_SLICE")
def strided_slice(graph: OnnxGraph, op: Op) -> Value:
    options = op.options(tflite.StridedSliceOptions)
    if options.Offset():
        raise Unsupported("a strided slice whose end is an offset")
    masks = array_ops.SliceMasks(
        begin=options.BeginMask(),
        end=options.EndMask(),
        shrink_axis=options.ShrinkAxisMask(),
        new_axis=options.NewAxisMask(),
        ellipsis=options.EllipsisMask(),
    )
    return array_ops.strided_slice(graph, op.input(0), op.constant(1), op.constant(2), op.constant(3), masks)
