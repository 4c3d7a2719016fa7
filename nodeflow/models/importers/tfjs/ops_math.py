"""Arithmetic, comparisons, activations, reductions and the matrix product."""

from __future__ import annotations

import numpy as np

from nodeflow.models.importers import array_ops
from nodeflow.models.importers.net_ops import relu6
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value, int64

from .operators import Handler, Op, operator, with_fused

_SAME_INPUTS = {
    "Abs": "Abs",
    "Add": "Add",
    "AddN": "Sum",
    "AddV2": "Add",
    "BiasAdd": "Add",
    "Ceil": "Ceil",
    "Cos": "Cos",
    "Elu": "Elu",
    "Equal": "Equal",
    "Exp": "Exp",
    "Floor": "Floor",
    "Greater": "Greater",
    "GreaterEqual": "GreaterOrEqual",
    "Less": "Less",
    "LessEqual": "LessOrEqual",
    "Log": "Log",
    "LogicalAnd": "And",
    "LogicalNot": "Not",
    "LogicalOr": "Or",
    "Maximum": "Max",
    "Minimum": "Min",
    "Mul": "Mul",
    "Neg": "Neg",
    "Pow": "Pow",
    "Prelu": "PRelu",
    "RealDiv": "Div",
    "Reciprocal": "Reciprocal",
    "Relu": "Relu",
    "Select": "Where",
    "SelectV2": "Where",
    "Sigmoid": "Sigmoid",
    "Sin": "Sin",
    "Sqrt": "Sqrt",
    "Sub": "Sub",
    "Tanh": "Tanh",
}
_REDUCTIONS = {"Max": "ReduceMax", "Mean": "ReduceMean", "Min": "ReduceMin", "Prod": "ReduceProd", "Sum": "ReduceSum"}


def _same_inputs(onnx_op: str) -> Handler:
    return lambda graph, op: graph.add(onnx_op, *op.inputs)


def _reduction(onnx_op: str) -> Handler:
    def handler(graph: OnnxGraph, op: Op) -> Value:
        return array_ops.reduce(graph, onnx_op, op.input(0), op.constant(1), op.attributes.flag("keep_dims"))

    return handler


for _name, _onnx_op in _SAME_INPUTS.items():
    operator(_name)(_same_inputs(_onnx_op))
for _name, _onnx_op in _REDUCTIONS.items():
    operator(_name)(_reduction(_onnx_op))


@operator("Relu6")
def clipped_relu(graph: OnnxGraph, op: Op) -> Value:
    return relu6(graph, op.input(0))


@operator("LeakyRelu")
def leaky_relu(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("LeakyRelu", op.input(0), alpha=op.attributes.number("alpha", 0.2))


@operator("Softmax")
def softmax(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Softmax", op.input(0), axis=-1)


@operator("Square")
def square(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Mul", op.input(0), op.input(0))


@operator("SquaredDifference")
def squared_difference(graph: OnnxGraph, op: Op) -> Value:
    difference = graph.add("Sub", op.input(0), op.input(1))
    return graph.add("Mul", difference, difference)


@operator("Rsqrt")
def reciprocal_square_root(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("Reciprocal", graph.add("Sqrt", op.input(0)))


@operator("FloorDiv")
def floor_div(graph: OnnxGraph, op: Op) -> Value:
    a, b = op.input(0), op.input(1)
    if op.attributes.dtype("T") == np.float32:
        return graph.add("Floor", graph.add("Div", a, b))
    # ONNX divides integers towards zero: take the remainder, which has the divisor's sign, off first.
    return graph.add("Div", graph.add("Sub", a, graph.add("Mod", a, b)), b)


@operator("FloorMod")
def floor_mod(graph: OnnxGraph, op: Op) -> Value:
    a, b = op.input(0), op.input(1)
    if op.attributes.dtype("T") != np.float32:
        return graph.add("Mod", a, b)
    return graph.add("Sub", a, graph.add("Mul", graph.add("Floor", graph.add("Div", a, b)), b))


@operator("Cast")
def cast(graph: OnnxGraph, op: Op) -> Value:
    return graph.cast(op.input(0), op.attributes.dtype("DstT"))


@operator("MatMul", "_FusedMatMul")
def mat_mul(graph: OnnxGraph, op: Op) -> Value:
    a, b = op.input(0), op.input(1)
    if op.attributes.flag("transpose_a"):
        a = graph.add("Transpose", a, perm=[1, 0])
    if op.attributes.flag("transpose_b"):
        b = graph.add("Transpose", b, perm=[1, 0])
    return with_fused(graph, op, graph.add("MatMul", a, b), op.attributes.texts("fused_ops"), operand=2)


@operator("ArgMax")
def arg_max(graph: OnnxGraph, op: Op) -> Value:
    return graph.cast(graph.add("ArgMax", op.input(0), axis=op.integer(1), keepdims=0), np.int32)


@operator("TopKV2")
def top_k(graph: OnnxGraph, op: Op) -> list[Value]:
    """The k largest of the last axis, largest first, and where they are."""
    k = graph.add("Reshape", graph.cast(op.input(1), np.int64), int64(1))
    largest, where = graph.add_many("TopK", op.input(0), k, outputs=2, axis=-1)
    return [largest, graph.cast(where, np.int32)]
