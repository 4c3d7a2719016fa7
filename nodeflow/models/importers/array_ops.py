"""Operators on plain arrays that TensorFlow Lite and TensorFlow.js define alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import Unsupported
from .onnx_graph import Array, OnnxGraph, Value, int64

_END = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SliceMasks:
    """Bit j of a mask changes the meaning of the slice's entry j, as in `tf.strided_slice`."""

    begin: int = 0
    end: int = 0
    shrink_axis: int = 0
    new_axis: int = 0
    ellipsis: int = 0


def strided_slice(graph: OnnxGraph, x: Value, begin: Array, end: Array, strides: Array, masks: SliceMasks) -> Value:
    """`x[begin:end:strides]` per axis. A shrunk axis is taken at `begin` and dropped; a new axis has size 1."""
    if masks.ellipsis:
        raise Unsupported("a strided slice with an ellipsis")
    starts: list[int] = []
    ends: list[int] = []
    steps: list[int] = []
    axes: list[int] = []
    shrunk: list[int] = []
    new: list[int] = []
    kept = 0  # position in the result, without shrunk axes
    for j, (first, last, step) in enumerate(zip(begin.tolist(), end.tolist(), strides.tolist(), strict=True)):
        if step == 0:
            raise ValueError("a strided slice with stride 0")
        if masks.new_axis >> j & 1:
            new.append(kept)
            kept += 1
            continue
        axis = len(axes)
        axes.append(axis)
        if masks.shrink_axis >> j & 1:
            starts, ends, steps = [*starts, first], [*ends, first + 1 if first != -1 else _END], [*steps, 1]
            shrunk.append(axis)
            continue
        low, high = (0, _END) if step > 0 else (_END, -_END)
        starts.append(low if masks.begin >> j & 1 else first)
        ends.append(high if masks.end >> j & 1 else last)
        steps.append(step)
        kept += 1
    if axes:
        x = graph.add("Slice", x, int64(*starts), int64(*ends), int64(*axes), int64(*steps))
    if shrunk:
        x = graph.add("Squeeze", x, int64(*shrunk))
    return graph.add("Unsqueeze", x, int64(*new)) if new else x


def pad(graph: OnnxGraph, x: Value, paddings: Array, *fill: Value) -> str:
    """Pad axis i by `paddings[i] = (before, after)` elements of `fill` (0 if not given)."""
    before_after = paddings.reshape(-1, 2).astype(np.int64)
    if before_after.min(initial=0) < 0:
        raise ValueError("a negative padding")
    return graph.add("Pad", x, np.concatenate([before_after[:, 0], before_after[:, 1]]), *fill)


def reduce(graph: OnnxGraph, op: str, x: Value, axes: Array, keep_dims: bool) -> str:
    """ReduceMean, ReduceSum, ... over `axes`."""
    return graph.add(op, x, int64(*axes.reshape(-1).tolist()), keepdims=int(keep_dims))
