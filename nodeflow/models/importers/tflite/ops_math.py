"""Arithmetic, activations, reductions and the matrix product."""

from __future__ import annotations

import numpy as np
import tflite

from nodeflow.models.importers import array_ops
from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value, int64

from .operators import Handler, Op, activated, operator

_BINARY = {
    "ADD": ("Add", tflite.AddOptions),
    "SUB": ("Sub", tflite.SubOptions),
    "MUL": ("Mul", tflite.MulOptions),
    "DIV": ("Div", tflite.DivOptions),
}
_UNARY = {
    "ABS": "Abs",
    "EXP": "Exp",
    "LOGISTIC": "Sigmoid",
    "NEG": "Neg",
    "RELU": "Relu",
    "SQRT": "Sqrt",
    "TANH": "Tanh",
}
_REDUCTIONS = {"MEAN": "ReduceMean", "SUM": "ReduceSum", "REDUCE_MAX": "ReduceMax", "REDUCE_MIN": "ReduceMin"}


def _binary(onnx_op: str, kind: type) -> Handler:
    def handler(graph: OnnxGraph, op: Op) -> Value:
        y = graph.add(onnx_op, op.input(0), op.input(1))
        return activated(graph, y, op.options(kind).FusedActivationFunction())

    return handler


def _unary(onnx_op: str) -> Handler:
    return lambda graph, op: graph.add(onnx_op, op.input(0))


def _reduction(onnx_op: str) -> Handler:
    def handler(graph: OnnxGraph, op: Op) -> Value:
        keep_dims = op.options(tflite.ReducerOptions).KeepDims()
        return array_ops.reduce(graph, onnx_op, op.input(0), op.constant(1), keep_dims)

    return handler


for _name, (_onnx_op, _kind) in _BINARY.items():
    operator(_name)(_binary(_onnx_op, _kind))
for _name, _onnx_op in _UNARY.items():
    operator(_name)(_unary(_onnx_op))
for _name, _onnx_op in _REDUCTIONS.items():
    operator(_name)(_reduction(_onnx_op))


@operator("DEQUANTIZE")
def dequantize(graph: OnnxGraph, op: Op) -> Value:
    """Weights stored as float16, or as integers with a scale."""
    tensor = op.tensor(0)
    if tensor.quantization is None or not np.issubdtype(tensor.dtype, np.integer):
        return graph.cast(op.input(0), np.float32)
    stored, q = op.constant(0), tensor.quantization
    along = [1] * stored.ndim
    if len(q.scale) > 1:
        along[q.axis] = len(q.scale)
    centred = stored.astype(np.float32) - q.zero_point.reshape(along).astype(np.float32)
    return (centred * q.scale.reshape(along)).astype(np.float32)


@operator("RELU6")
def relu6(graph: OnnxGraph, op: Op) -> Value:
    return activated(graph, op.input(0), tflite.ActivationFunctionType.RELU6)


@operator("HARD_SWISH")
def hard_swish(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("HardSwish", op.input(0))


@operator("PRELU")
def prelu(graph: OnnxGraph, op: Op) -> Value:
    return graph.add("PRelu", op.input(0), op.input(1))


@operator("SOFTMAX")
def softmax(graph: OnnxGraph, op: Op) -> Value:
    if op.options(tflite.SoftmaxOptions).Beta() != 1:
        raise Unsupported("a softmax with beta other than 1")
    return graph.add("Softmax", op.input(0), axis=-1)


@operator("FULLY_CONNECTED")
def fully_connected(graph: OnnxGraph, op: Op) -> Value:
    options, weights = op.options(tflite.FullyConnectedOptions), op.constant(1)  # (out, in)
    if options.WeightsFormat() != tflite.FullyConnectedOptionsWeightsFormat.DEFAULT:
        raise Unsupported("shuffled weights")
    bias = op.optional(2)
    rows = graph.add("Reshape", op.input(0), int64(-1, weights.shape[1]))
    y = graph.add("Gemm", rows, weights, *([] if bias is None else [bias]), transB=1)
    return graph.add("Reshape", activated(graph, y, options.FusedActivationFunction()), int64(*op.shape))
