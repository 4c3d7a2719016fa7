"""Constants, shapes, and operators that move elements without computing. Shapes and indices are int32."""

from __future__ import annotations

import numpy as np

from nodeflow.models.importers import array_ops
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value, checked_size, int64

from .operators import Op, operator


@operator("Const")
def const(_graph: OnnxGraph, op: Op) -> Value:
    return op.weights[op.name]


@operator("Identity")
def identity(_graph: OnnxGraph, op: Op) -> Value:
    return op.input(0)


@operator("Shape")
def shape(graph: OnnxGraph, op: Op) -> Value:
    return graph.cast(graph.add("Shape", op.input(0)), np.int32)


@operator("Size")
def size(graph: OnnxGraph, op: Op) -> Value:
    return graph.cast(graph.add("Size", op.input(0)), np.int32)


@operator("Fill")
def fill(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Expand", op.input(1), graph.cast(op.input(0), np.int64))


@operator("Range")
def arange(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Range", *op.inputs)


@operator("SparseToDense")
def sparse_to_dense(_graph: OnnxGraph, op: Op) -> Value:
    """A constant given by its exceptions from a default."""
    sizes, values, default = op.integers(1), op.constant(2), op.constant(3)
    checked_size(sizes)
    dense = np.full(sizes, default, default.dtype)
    dense[tuple(op.constant(0).reshape(-1, len(sizes)).T)] = values
    return dense


@operator("Reshape")
def reshape(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Reshape", op.input(0), graph.cast(op.input(1), np.int64))


@operator("ExpandDims")
def expand_dims(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Unsqueeze", op.input(0), int64(op.integer(1)))


@operator("Squeeze")
def squeeze(graph: OnnxGraph, op: Op) -> Value:
    axes = op.attributes.integers("squeeze_dims") or op.attributes.integers("axis")
    return graph.add("Squeeze", op.input(0), *([int64(*axes)] if axes else []))


@operator("Transpose")
def transpose(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Transpose", op.input(0), perm=op.integers(1))


@operator("Tile")
def tile(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Tile", op.input(0), graph.cast(op.input(1), np.int64))


@operator("Pack")
def pack(graph: OnnxGraph, op: Op) -> Value:
    axis = op.attributes.integer("axis")
    return graph.add("Concat", *(graph.add("Unsqueeze", x, int64(axis)) for x in op.inputs), axis=axis)


@operator("Unpack")
def unpack(graph: OnnxGraph, op: Op) -> list[Value]:
    axis, count = op.attributes.integer("axis"), op.attributes.integer("num")
    return [graph.add("Squeeze", part, int64(axis)) for part in _parts(graph, op.input(0), [1] * count, axis)]


@operator("ConcatV2")
def concat(graph: OnnxGraph, op: Op) -> Value:
    *parts, _ = op.inputs
    return graph.add("Concat", *parts, axis=op.integer(len(parts)))


@operator("Split")
def split(graph: OnnxGraph, op: Op) -> list[Value]:
    count = op.attributes.integer("num_split")
    return [*graph.add_many("Split", op.input(1), outputs=count, axis=op.integer(0), num_outputs=count)]


@operator("SplitV")
def split_by_sizes(graph: OnnxGraph, op: Op) -> list[Value]:
    return _parts(graph, op.input(0), op.integers(1), op.integer(2))


@operator("GatherV2")
def gather(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Gather", op.input(0), op.input(1), axis=op.integer(2))


@operator("GatherNd")
def gather_nd(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("GatherND", op.input(0), graph.cast(op.input(1), np.int64))


@operator("Slice")
def slice_from(graph: OnnxGraph, op: Op) -> Value:
    """`sizes` elements from `begin` on; -1 means up to the end."""
    begin, sizes = op.integers(1), op.integers(2)
    ends = [np.iinfo(np.int64).max if count < 0 else start + count for start, count in zip(begin, sizes, strict=True)]
    return graph.add("Slice", op.input(0), int64(*begin), int64(*ends))


@operator("StridedSlice")
def strided_slice(graph: OnnxGraph, op: Op) -> Value:
    masks = array_ops.SliceMasks(
        begin=op.attributes.integer("begin_mask"),
        end=op.attributes.integer("end_mask"),
        shrink_axis=op.attributes.integer("shrink_axis_mask"),
        new_axis=op.attributes.integer("new_axis_mask"),
        ellipsis=op.attributes.integer("ellipsis_mask"),
    )
    return array_ops.strided_slice(graph, op.input(0), op.constant(1), op.constant(2), op.constant(3), masks)


@operator("Pad", "PadV2")
def pad(graph: OnnxGraph, op: Op) -> Value:
    return array_ops.pad(graph, op.input(0), op.constant(1), *op.inputs[2:])


def _parts(graph: OnnxGraph, x: Value, sizes: list[int], axis: int) -> list[Value]:
    return [*graph.add_many("Split", x, int64(*sizes), outputs=len(sizes), axis=axis)]
