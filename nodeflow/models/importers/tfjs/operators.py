"""What an operator's translation is given, and the table in which it registers.

@operator("Relu")
def relu(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Relu", op.input(0))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.net_ops import relu6
from nodeflow.models.importers.onnx_graph import Array, OnnxGraph, Value
from nodeflow.models.importers.operator_table import OperatorTable

from .reader import Node

_ACTIVATIONS = {"Relu": "Relu", "Elu": "Elu", "Sigmoid": "Sigmoid", "Tanh": "Tanh"}


class Op:
    """One node of the file: its inputs by position, its attributes by name (`op.attributes.integer("axis")`)."""

    def __init__(self, node: Node, inputs: Sequence[Value], weights: Mapping[str, Array]) -> None:
        self.name = node.name
        self.attributes = node.attributes
        self.inputs = inputs
        self.weights = weights

    def input(self, position: int) -> Value:
        """The value of an input."""
        return self.inputs[position]

    def constant(self, position: int) -> Array:
        """An input known at import. Raises Unsupported where it is computed at run time."""
        value = self.input(position)
        if isinstance(value, str):
            raise Unsupported(f"its input {position} is computed at run time and must be a constant here")
        return np.asarray(value)

    def integer(self, position: int) -> int:
        """A constant input that is one number, as axes are."""
        return int(self.constant(position).reshape(()))

    def integers(self, position: int) -> list[int]:
        """A constant input that is a list of sizes or axes."""
        return [int(number) for number in self.constant(position).reshape(-1)]


Handler = Callable[[OnnxGraph, Op], Value | list[Value]]

operator = OperatorTable[Handler]()


def with_fused(graph: OnnxGraph, op: Op, y: Value, names: Sequence[str], operand: int) -> Value:
    """`y` after the operations fused to it, `names`; the first operand that they need is input number `operand`."""
    for name in names:
        if name == "BiasAdd":
            y, operand = graph.add("Add", y, op.input(operand)), operand + 1
        elif name == "Prelu":
            y, operand = graph.add("PRelu", y, op.input(operand)), operand + 1
        elif name == "Relu6":
            y = relu6(graph, y)
        elif name == "LeakyRelu":
            y = graph.add("LeakyRelu", y, alpha=op.attributes.number("leakyrelu_alpha", 0.2))
        elif name in _ACTIVATIONS:
            y = graph.add(_ACTIVATIONS[name], y)
        else:
            raise Unsupported(f"fused operation {name}")
    return y
