"""From TensorFlow Lite's operators to an ONNX model, one after the other, with all unknown ones named at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from nodeflow.models.importers.errors import USE_ANOTHER, ImportFailed, blaming
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value

from . import ops_image, ops_math, ops_shape
from .operators import Op, operator
from .reader import Operator, Tensor, TfliteModel, read
from .sparse import densify

_FILLED_BY = (ops_image, ops_math, ops_shape)  # importing them fills the table of operators

_INTEGERS = (np.dtype(np.int8), np.dtype(np.uint8), np.dtype(np.int16))


def import_model(path: Path) -> onnx.ModelProto:
    """The model in `path` as ONNX; see `nodeflow.models.importers.import_tflite`."""
    with blaming(path, "the model"):
        model = read(path)
    _refuse_unknown(path, model)
    graph = OnnxGraph(path.stem)
    with blaming(path, "the inputs"):
        values: dict[int, Value] = {
            i: graph.input(tensor.name, tensor.dtype, tensor.shape) for i, tensor in _chosen(model, model.inputs)
        }
    for number, step in enumerate(model.operators):
        with blaming(path, f"operator {number}, {step.name}"):
            _read_constants(graph, model, step, values)
            made = operator[step.name](graph, Op(step, model.tensors, values))
            for i, value in zip(step.outputs, made if isinstance(made, list) else [made], strict=True):
                values[i] = graph.hold(value)
                graph.declare(value, model.tensors[i].dtype, model.tensors[i].shape)
    with blaming(path, "the outputs"):
        for i, tensor in _chosen(model, model.outputs):
            graph.output(tensor.name, values[i], tensor.dtype, tensor.shape)
    with blaming(path, "the model"):
        return graph.finish()


def _chosen(model: TfliteModel, indices: tuple[int, ...]) -> list[tuple[int, Tensor]]:
    return [(i, model.tensors[i]) for i in indices]


def _read_constants(graph: OnnxGraph, model: TfliteModel, step: Operator, values: dict[int, Value]) -> None:
    """Put the constants that `step` reads among the values."""
    for i in step.inputs:
        tensor = model.tensors[i] if i >= 0 else None
        if tensor is None or i in values or tensor.data is None:
            continue
        if tensor.sparsity is None:
            values[i] = tensor.data
        else:
            values[i] = graph.hold(densify(tensor.data, tensor.shape, tensor.sparsity))


def _refuse_unknown(path: Path, model: TfliteModel) -> None:
    unknown = sorted({step.name for step in model.operators} - operator.keys())
    if unknown:
        raise ImportFailed(path, "its operators", f"the importer does not know {', '.join(unknown)}", USE_ANOTHER)
    for step in model.operators:
        operands = [model.tensors[i] for i in (*step.inputs, *step.outputs) if i >= 0]
        if step.name != "DEQUANTIZE" and any(t.quantization and t.dtype in _INTEGERS for t in operands):
            raise ImportFailed(path, step.name, "it computes with quantised integers, not floats", USE_ANOTHER)
