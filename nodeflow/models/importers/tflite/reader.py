"""A TensorFlow Lite file as plain, bounded data.

The format is a flatbuffer (tensorflow/compiler/mlir/lite/schema/schema.fbs); the `tflite` package reads its fields
but verifies nothing, so every count, size and index is checked here, and reading garbage raises one of the errors
that `blaming` knows. Weights are views of the file's bytes, not copies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tflite

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.files import read_whole
from nodeflow.models.importers.onnx_graph import Array, checked_size

MAX_TENSORS = 50_000
MAX_OPERANDS = 256
MAX_RANK = 8
MAX_NAME = 1000
MAX_CUSTOM_OPTIONS = 2**16
"""Bytes. Any number of tensors and operators may point at one long text, which would be copied for each."""

_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.FLOAT64: np.float64,
    tflite.TensorType.INT8: np.int8,
    tflite.TensorType.UINT8: np.uint8,
    tflite.TensorType.INT16: np.int16,
    tflite.TensorType.INT32: np.int32,
    tflite.TensorType.INT64: np.int64,
    tflite.TensorType.BOOL: np.bool_,
}
_OPERATOR_NAMES = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}


@dataclass(frozen=True)
class Quantization:
    """real = (stored - zero_point) * scale, per entry of `axis` where there are several scales."""

    scale: Array
    zero_point: Array
    axis: int


@dataclass(frozen=True)
class Tensor:
    """A tensor. `data` is None where it is computed at run time, and flat where `sparsity` says how to spread it."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    data: Array | None
    sparsity: Any | None
    quantization: Quantization | None


@dataclass(frozen=True)
class Operator:
    """One step of the graph. Operands are indices of tensors; -1 is an input left out."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    custom_options: bytes
    _options_type: int
    _options: Any

    def options(self, kind: type[Any]) -> Any:
        """The operator's options as the `tflite` class `kind`. Raises ValueError where the file holds another kind."""
        if self._options is None or self._options_type != getattr(tflite.BuiltinOptions, kind.__name__):
            raise ValueError(f"it has no {kind.__name__}")
        options = kind()
        options.Init(self._options.Bytes, self._options.Pos)
        return options


@dataclass(frozen=True)
class TfliteModel:
    """The main subgraph of a file, operators in the order of execution."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read(path: Path) -> TfliteModel:
    """Read `path`. Raises OSError, Unsupported, or any of the errors of reading garbage."""
    content = read_whole(path)
    if content[4:8] != b"TFL3":
        raise ValueError("it is not a TensorFlow Lite file")
    model = tflite.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    buffers = _all("buffers", model.BuffersLength(), model.Buffers)
    codes = [_operator_name(code) for code in _all("operator codes", model.OperatorCodesLength(), model.OperatorCodes)]
    tensors = tuple(_tensor(tensor, buffers) for tensor in _all("tensors", graph.TensorsLength(), graph.Tensors))
    operators = _all("operators", graph.OperatorsLength(), graph.Operators)
    return TfliteModel(
        tensors,
        tuple(_operator(operator, codes, len(tensors)) for operator in operators),
        _operands(graph.InputsAsNumpy(), len(tensors)),
        _operands(graph.OutputsAsNumpy(), len(tensors)),
    )


def _all(what: str, count: int, entry: Callable[[int], Any]) -> list[Any]:
    if count > MAX_TENSORS:
        raise ValueError(f"it claims {count} {what}")
    return [entry(i) for i in range(count)]


def _name(stored: bytes | None) -> str:
    if stored is not None and len(stored) > MAX_NAME:
        raise ValueError(f"a name has {len(stored)} bytes")
    return (stored or b"").decode()


def _operator_name(code: Any) -> str:
    builtin = code.BuiltinCode()
    if builtin == tflite.BuiltinOperator.CUSTOM:
        return _name(code.CustomCode())
    return str(_OPERATOR_NAMES.get(builtin, f"operator {builtin}"))


def _tensor(tensor: Any, buffers: list[Any]) -> Tensor:
    name = _name(tensor.Name())
    if tensor.Type() not in _DTYPES:
        raise Unsupported(f"tensor {name!r} has element type {tensor.Type()}")
    dtype = np.dtype(_DTYPES[tensor.Type()])
    shape = _vector(tensor.ShapeAsNumpy(), MAX_RANK)
    checked_size(shape)
    buffer, sparsity, data = buffers[tensor.Buffer()], tensor.Sparsity(), None
    if buffer.DataLength():
        flat = buffer.DataAsNumpy().view(dtype)
        data = flat if sparsity is not None else flat.reshape(shape)
    return Tensor(name, shape, dtype, data, sparsity, _quantization(tensor.Quantization()))


def _quantization(stored: Any) -> Quantization | None:
    if stored is None or not stored.ScaleLength():
        return None
    return Quantization(stored.ScaleAsNumpy(), stored.ZeroPointAsNumpy(), stored.QuantizedDimension())


def _operator(operator: Any, codes: list[str], tensors: int) -> Operator:
    if operator.CustomOptionsLength() > MAX_CUSTOM_OPTIONS:
        raise ValueError(f"an operator has options of {operator.CustomOptionsLength()} bytes")
    return Operator(
        codes[operator.OpcodeIndex()],
        _operands(operator.InputsAsNumpy(), tensors, optional=True),
        _operands(operator.OutputsAsNumpy(), tensors),
        bytes(operator.CustomOptionsAsNumpy()) if operator.CustomOptionsLength() else b"",
        operator.BuiltinOptionsType(),
        operator.BuiltinOptions(),
    )


def _operands(vector: Any, tensors: int, *, optional: bool = False) -> tuple[int, ...]:
    indices = _vector(vector, MAX_OPERANDS)
    if any(not (-1 if optional else 0) <= index < tensors for index in indices):
        raise ValueError(f"it refers to tensors that are not there: {indices}")
    return indices


def _vector(vector: Any, limit: int) -> tuple[int, ...]:
    if isinstance(vector, int):  # what the reader gives for a vector that is absent
        return ()
    if len(vector) > limit:
        raise ValueError(f"a list has {len(vector)} entries where at most {limit} make sense")
    return tuple(int(entry) for entry in vector)
