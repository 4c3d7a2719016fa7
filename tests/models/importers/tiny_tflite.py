"""Builds TensorFlow Lite files of a few operators, for tests.

x, y = Tensor("x", (1, 4)), Tensor("y", (1, 4))
content = build([Operator("RELU", [x], [y])], [x], [y])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import tflite

TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "bool": 6, "int8": 9}
ACTIVATIONS = vars(tflite.ActivationFunctionType)


@dataclass(frozen=True)
class Compressed:
    """A CSR level of a sparse tensor."""

    segments: Sequence[int]
    indices: Sequence[int]


@dataclass(frozen=True)
class Sparsity:
    """Levels are dense sizes or Compressed."""

    order: Sequence[int]
    blocks: Sequence[int]
    levels: Sequence[int | Compressed]


@dataclass(eq=False)
class Tensor:
    name: str
    shape: Sequence[int]
    data: np.ndarray | None = None
    dtype: str = "float32"
    sparsity: Sparsity | None = None
    scale: Sequence[float] = ()
    zero_point: Sequence[int] = ()
    axis: int = 0


def constant(name: str, data: Any, dtype: str = "float32") -> Tensor:
    array = np.asarray(data, dtype)
    return Tensor(name, array.shape, array, dtype)


@dataclass(frozen=True)
class Operator:
    """`options` are fields of the options table `kind`, as in {"StrideH": 2}."""

    name: str
    inputs: Sequence[Tensor | None]
    outputs: Sequence[Tensor]
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    custom: bytes = b""


def build(operators: Sequence[Operator], inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> bytes:
    """The bytes of a model file."""
    b = flatbuffers.Builder(1024)
    tensors: list[Tensor] = []
    for tensor in [*inputs, *(t for o in operators for t in (*o.inputs, *o.outputs)), *outputs]:
        if tensor is not None and tensor not in tensors:
            tensors.append(tensor)
    buffers = [_buffer(b, None), *(_buffer(b, tensor.data) for tensor in tensors)]
    stored = [_tensor(b, tensor, number + 1) for number, tensor in enumerate(tensors)]
    codes = sorted({operator.name for operator in operators})
    stored_codes = [_code(b, name) for name in codes]
    steps = [_operator(b, operator, codes, tensors) for operator in operators]
    graph = _table(
        b,
        "SubGraph",
        Tensors=_offsets(b, stored),
        Inputs=_ints(b, [tensors.index(t) for t in inputs]),
        Outputs=_ints(b, [tensors.index(t) for t in outputs]),
        Operators=_offsets(b, steps),
    )
    model = _table(
        b,
        "Model",
        Version=3,
        OperatorCodes=_offsets(b, stored_codes),
        Subgraphs=_offsets(b, [graph]),
        Buffers=_offsets(b, buffers),
    )
    b.Finish(model, b"TFL3")
    return bytes(b.Output())


def _table(b: Any, kind: str, **fields: Any) -> int:
    getattr(tflite, f"{kind}Start")(b)
    for name, value in fields.items():
        if value is not None:
            getattr(tflite, f"{kind}Add{name}")(b, value)
    return getattr(tflite, f"{kind}End")(b)


def _offsets(b: Any, offsets: Sequence[int]) -> int:
    b.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        b.PrependUOffsetTRelative(offset)
    return b.EndVector()


def _ints(b: Any, numbers: Sequence[int]) -> int:
    return b.CreateNumpyVector(np.array(numbers, np.int32))


def _buffer(b: Any, data: np.ndarray | None) -> int:
    content = None if data is None else b.CreateByteVector(data.tobytes())
    return _table(b, "Buffer", Data=content)


def _tensor(b: Any, tensor: Tensor, buffer: int) -> int:
    quantization = None
    if tensor.scale:
        quantization = _table(
            b,
            "QuantizationParameters",
            Scale=b.CreateNumpyVector(np.array(tensor.scale, np.float32)),
            ZeroPoint=b.CreateNumpyVector(np.array(tensor.zero_point, np.int64)),
            QuantizedDimension=tensor.axis,
        )
    return _table(
        b,
        "Tensor",
        Shape=_ints(b, tensor.shape),
        Type=TYPES[tensor.dtype],
        Buffer=buffer if tensor.data is not None else 0,
        Name=b.CreateString(tensor.name),
        Quantization=quantization,
        Sparsity=None if tensor.sparsity is None else _sparsity(b, tensor.sparsity),
    )


def _sparsity(b: Any, sparsity: Sparsity) -> int:
    levels = [_level(b, level) for level in sparsity.levels]
    return _table(
        b,
        "SparsityParameters",
        TraversalOrder=_ints(b, sparsity.order),
        BlockMap=_ints(b, sparsity.blocks) if sparsity.blocks else None,
        DimMetadata=_offsets(b, levels),
    )


def _level(b: Any, level: int | Compressed) -> int:
    if isinstance(level, int):
        return _table(b, "DimensionMetadata", Format=tflite.DimensionType.DENSE, DenseSize=level)
    segments = _table(b, "Int32Vector", Values=_ints(b, level.segments))
    indices = _table(b, "Uint8Vector", Values=b.CreateByteVector(bytes(level.indices)))
    return _table(
        b,
        "DimensionMetadata",
        Format=tflite.DimensionType.SPARSE_CSR,
        ArraySegmentsType=tflite.SparseIndexVector.Int32Vector,
        ArraySegments=segments,
        ArrayIndicesType=tflite.SparseIndexVector.Uint8Vector,
        ArrayIndices=indices,
    )


def _code(b: Any, name: str) -> int:
    code = vars(tflite.BuiltinOperator).get(name, tflite.BuiltinOperator.CUSTOM)
    custom = b.CreateString(name) if code == tflite.BuiltinOperator.CUSTOM else None
    return _table(b, "OperatorCode", BuiltinCode=code, DeprecatedBuiltinCode=min(code, 127), CustomCode=custom)


def _operator(b: Any, operator: Operator, codes: Sequence[str], tensors: Sequence[Tensor]) -> int:
    options = _table(b, operator.kind, **operator.options) if operator.kind else None
    return _table(
        b,
        "Operator",
        OpcodeIndex=codes.index(operator.name),
        Inputs=_ints(b, [-1 if t is None else tensors.index(t) for t in operator.inputs]),
        Outputs=_ints(b, [tensors.index(t) for t in operator.outputs]),
        BuiltinOptionsType=getattr(tflite.BuiltinOptions, operator.kind) if operator.kind else None,
        BuiltinOptions=options,
        CustomOptions=b.CreateByteVector(operator.custom) if operator.custom else None,
    )
