"""Dense arrays from TensorFlow Lite's sparse weights.

The format (the schema's `SparsityParameters`, after "TACO: the tensor algebra compiler", Kjolstad et al. 2017) is a
tree with one level per dimension, in a traversal order of its own. A level is dense (every index exists) or
compressed (each node lists its children, as in CSR). Dimensions may be cut in dense blocks, whose inner dimensions
are further levels. The leaves, in order, are the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tflite

from nodeflow.models.importers.onnx_graph import Array, checked_size

_VECTORS = {
    tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
    tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
    tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
}


def densify(values: Array, shape: tuple[int, ...], sparsity: Any) -> Array:
    """The array of `shape` that holds `values` where `sparsity` (the tflite package's table) says, and zeros elsewhere.

    Works level by level on all nodes at once: each node is a flat offset into the result. Memory is bounded by the
    file and by `shape`. Raises ValueError or IndexError where the parts do not fit.
    """
    dense = np.zeros(checked_size(shape), values.dtype)
    sizes, strides = _levels(shape, sparsity)
    if len(sizes) != sparsity.DimMetadataLength():
        raise ValueError(f"{sparsity.DimMetadataLength()} sparse levels where {len(sizes)} are due")
    offsets = np.zeros(1, np.int64)
    for level, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
        metadata = sparsity.DimMetadata(level)
        if metadata.Format() == tflite.DimensionType.DENSE:
            if metadata.DenseSize() != size or len(offsets) * size > len(dense):
                raise ValueError(f"sparse level {level} has size {metadata.DenseSize()} where {size} is due")
            offsets = (offsets[:, None] + np.arange(size) * stride).reshape(-1)
        else:
            offsets = _children(offsets, metadata, size, stride)
    if len(offsets) != len(values):
        raise ValueError(f"{len(values)} values for {len(offsets)} places")
    dense[offsets] = values
    return dense.reshape(shape)


def _levels(shape: tuple[int, ...], sparsity: Any) -> tuple[list[int], list[int]]:
    """Size and stride, in elements of the dense array, of each level in the order of traversal."""
    rank = len(shape)
    element_strides = [int(np.prod(shape[axis + 1 :], dtype=np.int64)) for axis in range(rank)]
    blocked = _ints(sparsity.BlockMapAsNumpy())  # axis that each block dimension cuts
    blocks = [sparsity.DimMetadata(rank + k).DenseSize() for k in range(len(blocked))]
    sizes, strides = list(shape), list(element_strides)
    for axis, block in zip(blocked, blocks, strict=True):
        if block < 1 or sizes[axis] % block:
            raise ValueError(f"blocks of {block} in a dimension of {sizes[axis]}")
        sizes[axis] //= block
        strides[axis] *= block
    order = _ints(sparsity.TraversalOrderAsNumpy())
    if sorted(order) != list(range(rank + len(blocked))):
        raise ValueError(f"sparse levels in the order {order}")
    sizes += blocks
    strides += [element_strides[axis] for axis in blocked]
    return [sizes[dim] for dim in order], [strides[dim] for dim in order]


def _children(offsets: Array, metadata: Any, size: int, stride: int) -> Array:
    """The offsets of the nodes below `offsets` at a compressed level."""
    segments = _index_vector(metadata.ArraySegmentsType(), metadata.ArraySegments())
    indices = _index_vector(metadata.ArrayIndicesType(), metadata.ArrayIndices())
    counts = np.diff(segments)
    if len(counts) != len(offsets) or segments[0] != 0 or segments[-1] != len(indices) or counts.min(initial=0) < 0:
        raise ValueError("a compressed sparse level whose segments do not fit")
    if len(indices) and not 0 <= indices.min() <= indices.max() < size:
        raise ValueError(f"a sparse index outside 0..{size - 1}")
    children: Array = np.repeat(offsets, counts) + indices * stride
    return children


def _index_vector(kind: int, table: Any) -> Array:
    vector = _VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return np.asarray(vector.ValuesAsNumpy(), np.int64).reshape(-1)


def _ints(vector: Any) -> list[int]:
    return [] if isinstance(vector, int) else [int(entry) for entry in vector[:64]]
