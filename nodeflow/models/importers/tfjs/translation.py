"""From TensorFlow.js's nodes, those that the outputs need, inputs first, to an ONNX model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import onnx

from nodeflow.models.importers.errors import USE_ANOTHER, ImportFailed, blaming
from nodeflow.models.importers.onnx_graph import OnnxGraph, Value

from . import ops_array, ops_image, ops_math
from .operators import Op, operator
from .reader import Node, TfjsModel, read

_FILLED_BY = (ops_array, ops_image, ops_math)  # importing them fills the table of operators


def import_model(path: Path, shapes: Mapping[str, Sequence[int]]) -> onnx.ModelProto:
    """The model in `path` as ONNX; see `nodeflow.models.importers.import_tfjs`."""
    with blaming(path, "the model"):
        model = read(path)
        nodes = _in_order(model)
    _refuse_unknown(path, nodes)
    inputs = [node.name for node in nodes if node.op == "Placeholder"]
    if unknown := sorted(shapes.keys() - inputs):
        raise ImportFailed(
            path, f"input {unknown[0]}", "there is no such input", f"Its inputs are {', '.join(inputs)}."
        )
    graph = OnnxGraph(path.stem)
    values: dict[str, list[Value]] = {}
    for node in nodes:
        with blaming(path, f"node {node.name!r}, {node.op}"):
            if node.op == "Placeholder":
                values[node.name] = [_input(graph, node, shapes.get(node.name))]
                continue
            made = operator[node.op](
                graph, Op(node, [values[ref.node][ref.output] for ref in node.inputs], model.weights)
            )
            values[node.name] = made if isinstance(made, list) else [made]
    with blaming(path, "the outputs"):
        for reference in model.outputs:
            name = f"{reference.node}:{reference.output}" if reference.output else reference.node
            graph.output(name, values[reference.node][reference.output])
    with blaming(path, "the model"):
        return graph.finish()


def _in_order(model: TfjsModel) -> list[Node]:
    """The nodes that the outputs need, each after its inputs. Raises ValueError where one is missing or in a cycle."""
    needed: dict[str, list[str]] = {}
    waiting = [reference.node for reference in model.outputs]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        if name not in model.nodes:
            raise ValueError(f"node {name!r} is missing")
        needed[name] = [reference.node for reference in model.nodes[name].inputs]
        waiting += needed[name]
    return [model.nodes[name] for name in TopologicalSorter(needed).static_order()]


def _refuse_unknown(path: Path, nodes: Sequence[Node]) -> None:
    unknown = sorted({node.op for node in nodes} - operator.keys() - {"Placeholder"})
    if unknown:
        raise ImportFailed(path, "its operators", f"the importer does not know {', '.join(unknown)}", USE_ANOTHER)


def _input(graph: OnnxGraph, node: Node, pinned: Sequence[int] | None) -> str:
    declared = node.attributes.shape("shape")
    if pinned is None:
        if declared is None:
            raise ValueError("its shape is unknown: give one")
        sizes: list[int | str] = [size if size >= 0 else f"{node.name}_{axis}" for axis, size in enumerate(declared)]
        return graph.input(node.name, node.attributes.dtype("dtype"), sizes)
    if declared is not None and (
        len(pinned) != len(declared)
        or any(size not in (-1, given) for size, given in zip(declared, pinned, strict=True))
    ):
        raise ValueError(f"its shape is {declared} and cannot be {list(pinned)}")
    return graph.input(node.name, node.attributes.dtype("dtype"), pinned)
