"""From a graph model's nodes, those that the outputs need, inputs first, to an ONNX model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx

from nodeflow.models.importers.errors import USE_ANOTHER, ImportFailed, blaming
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value

from . import ops_array, ops_image, ops_math
from .inputs import check_inputs, input_shape
from .operators import Op, operator
from .order import in_order
from .reader import Node, TfjsModel, read

_FILLED_BY = (ops_array, ops_image, ops_math)  # importing them fills the table of operators


def import_graph(path: Path, document: Mapping[str, Any], shapes: Mapping[str, Sequence[int]]) -> onnx.ModelProto:
    """The graph model `document`, read from `path`, as ONNX; see `nodeflow.models.importers.import_tfjs`."""
    with blaming(path, "the model"):
        model = read(document, path.parent)
        nodes = _in_order(model)
    _refuse_unknown(path, nodes)
    check_inputs(path, [node.name for node in nodes if node.op == "Placeholder"], shapes)
    graph = OnnxGraph(path.stem)
    values: dict[str, list[Value]] = {}
    for node in nodes:
        with blaming(path, f"node {node.name!r}, {node.op}"):
            if node.op == "Placeholder":
                values[node.name] = [_input(graph, node, shapes.get(node.name))]
                continue
            inputs = [values[reference.node][reference.output] for reference in node.inputs]
            made = operator[node.op](graph, Op(node, inputs, model.weights))
            values[node.name] = [graph.hold(value) for value in (made if isinstance(made, list) else [made])]
    with blaming(path, "the outputs"):
        for reference in model.outputs:
            name = f"{reference.node}:{reference.output}" if reference.output else reference.node
            graph.output(name, values[reference.node][reference.output])
    with blaming(path, "the model"):
        return graph.finish()


def _in_order(model: TfjsModel) -> list[Node]:
    inputs_of = {node.name: [reference.node for reference in node.inputs] for node in model.nodes.values()}
    return [model.nodes[name] for name in in_order(inputs_of, [reference.node for reference in model.outputs])]


def _refuse_unknown(path: Path, nodes: Sequence[Node]) -> None:
    unknown = sorted({node.op for node in nodes} - operator.keys() - {"Placeholder"})
    if unknown:
        raise ImportFailed(path, "its operators", f"the importer does not know {', '.join(unknown)}", USE_ANOTHER)


def _input(graph: OnnxGraph, node: Node, pinned: Sequence[int] | None) -> str:
    shape = input_shape(node.name, node.attributes.shape("shape"), pinned)
    return graph.input(node.name, node.attributes.dtype("dtype"), shape)
