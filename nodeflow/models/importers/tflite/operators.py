"""What an operator's translation is given, and the table in which it registers.

@operator("RELU")
def relu(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Relu", op.input(0))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tflite

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import Array, OnnxGraph, Value
from nodeflow.models.importers.operator_table import OperatorTable

from .reader import Operator, Tensor

_CLIPS = {
    tflite.ActivationFunctionType.RELU_N1_TO_1: (-1.0, 1.0),
    tflite.ActivationFunctionType.RELU6: (0.0, 6.0),
}
_ACTIVATIONS = {
    tflite.ActivationFunctionType.RELU: "Relu",
    tflite.ActivationFunctionType.TANH: "Tanh",
}


class Op:
    """One operator of the file, its operands seen by position."""

    def __init__(self, step: Operator, tensors: Sequence[Tensor], values: Mapping[int, Value]) -> None:
        self._step = step
        self._tensors = tensors
        self._values = values
        self.inputs = len(step.inputs)
        self.custom_options = step.custom_options

    def input(self, position: int) -> Value:
        """The value of an input. Raises ValueError where nothing before this operator made it."""
        index = self._step.inputs[position]
        if index not in self._values:
            raise ValueError(f"its input {position} is made by no operator before it")
        return self._values[index]

    def optional(self, position: int) -> Value | None:
        """The value of an input that may be left out."""
        return self.input(position) if position < self.inputs and self._step.inputs[position] >= 0 else None

    def constant(self, position: int) -> Array:
        """An input known at import. Raises Unsupported where it is computed at run time."""
        value = self.input(position)
        if isinstance(value, str):
            raise Unsupported(f"its input {position} is computed at run time and must be a constant here")
        return np.asarray(value)

    def tensor(self, position: int) -> Tensor:
        """The declaration of an input."""
        return self._tensors[self._step.inputs[position]]

    @property
    def shape(self) -> tuple[int, ...]:
        """The declared shape of the (first) output."""
        return self._tensors[self._step.outputs[0]].shape

    def options(self, kind: type[Any]) -> Any:
        """The operator's options, of the `tflite` class `kind`."""
        return self._step.options(kind)


Handler = Callable[[OnnxGraph, Op], Value | list[Value]]

operator = OperatorTable[Handler]()


def activated(graph: OnnxGraph, x: Value, function: int) -> Value:
    """`x` after the activation that many operators carry in their options."""
    if function == tflite.ActivationFunctionType.NONE:
        return x
    if function in _CLIPS:
        low, high = _CLIPS[function]
        return graph.add("Clip", x, np.float32(low), np.float32(high))
    if function in _ACTIVATIONS:
        return graph.add(_ACTIVATIONS[function], x)
    raise Unsupported(f"fused activation {function}")
