"""A Keras layers model: its functional configuration, one layer after the other, to an ONNX model.

Layers know nothing of operators: each is a kind (`class_name`), a configuration, and weights named after it. The kinds
known are those of super-resolution networks; register another with `@layer("Kind")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from nodeflow.models.importers import image_ops
from nodeflow.models.importers.errors import USE_ANOTHER, ImportFailed, Unsupported, blaming
from nodeflow.models.importers.onnx_graph import Array, OnnxGraph, Value
from nodeflow.models.importers.operator_table import OperatorTable

from .document import read_weights
from .inputs import check_inputs, input_shape
from .order import in_order

_ACTIVATIONS = {"elu": "Elu", "relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}


@dataclass(frozen=True)
class Layer:
    """A layer, the layers that it reads, and the model's weights."""

    name: str
    kind: str
    inputs: tuple[str, ...]
    config: Mapping[str, Any]
    weights: Mapping[str, Array]

    def weight(self, role: str) -> Array:
        """One of the layer's own weights, as "kernel" or "bias"."""
        return self.weights[f"{self.name}/{role}"]


Handler = Callable[[OnnxGraph, Layer, Sequence[Value]], Value]

layer = OperatorTable[Handler]()


def import_layers(path: Path, document: Mapping[str, Any], shapes: Mapping[str, Sequence[int]]) -> onnx.ModelProto:
    """The layers model `document`, read from `path`, as ONNX; see `nodeflow.models.importers.import_tfjs`."""
    with blaming(path, "the model"):
        layers, outputs = _read(document, path.parent)
        order = [layers[name] for name in in_order({each.name: each.inputs for each in layers.values()}, outputs)]
    if unknown := sorted({each.kind for each in order} - layer.keys() - {"InputLayer"}):
        raise ImportFailed(path, "its layers", f"the importer does not know {', '.join(unknown)}", USE_ANOTHER)
    check_inputs(path, [each.name for each in order if each.kind == "InputLayer"], shapes)
    graph = OnnxGraph(path.stem)
    values: dict[str, Value] = {}
    for each in order:
        with blaming(path, f"layer {each.name!r}, {each.kind}"):
            if each.kind == "InputLayer":
                declared = [-1 if size is None else int(size) for size in each.config["batch_input_shape"]]
                shape = input_shape(each.name, declared, shapes.get(each.name))
                values[each.name] = graph.input(each.name, np.float32, shape)
            else:
                values[each.name] = layer[each.kind](graph, each, [values[name] for name in each.inputs])
    with blaming(path, "the outputs"):
        for name in outputs:
            graph.output(name, values[name])
    with blaming(path, "the model"):
        return graph.finish()


def _read(document: Mapping[str, Any], folder: Path) -> tuple[dict[str, Layer], list[str]]:
    """The layers by name, and which of them are the outputs."""
    topology = document["modelTopology"]
    model = topology.get("model_config", topology)
    if model["class_name"] not in ("Functional", "Model"):
        raise Unsupported(f"a Keras model of class {model['class_name']}")
    weights = read_weights(document["weightsManifest"], folder)
    layers = [_layer(stored, weights) for stored in model["config"]["layers"]]
    return {each.name: each for each in layers}, [str(name) for name, *_ in model["config"]["output_layers"]]


def _layer(stored: Mapping[str, Any], weights: Mapping[str, Array]) -> Layer:
    calls = stored["inbound_nodes"]
    if len(calls) > 1:
        raise Unsupported(f"layer {stored['name']!r}, which is used several times")
    inputs = tuple(str(name) for name, *_ in calls[0]) if calls else ()
    return Layer(str(stored["name"]), str(stored["class_name"]), inputs, stored["config"], weights)


@layer("Conv2D")
def _conv_2d(graph: OnnxGraph, each: Layer, inputs: Sequence[Value]) -> Value:
    y = image_ops.convolution(
        graph,
        inputs[0],
        each.weight("kernel").transpose(3, 2, 0, 1),  # from HWIO
        each.weight("bias") if each.config["use_bias"] else None,
        strides=each.config["strides"],
        dilations=each.config["dilation_rate"],
        padding=str(each.config["padding"]).upper(),
        groups=int(each.config.get("groups", 1)),
    )
    return _activated(graph, y, each.config["activation"])


@layer("Activation")
def _activation(graph: OnnxGraph, each: Layer, inputs: Sequence[Value]) -> Value:
    return _activated(graph, inputs[0], each.config["activation"])


@layer("Add")
def _add(graph: OnnxGraph, _each: Layer, inputs: Sequence[Value]) -> Value:
    return graph.add("Sum", *inputs)


@layer("Concatenate")
def _concatenate(graph: OnnxGraph, each: Layer, inputs: Sequence[Value]) -> Value:
    return graph.add("Concat", *inputs, axis=int(each.config["axis"]))


@layer("UpSampling2D")
def _up_sampling_2d(graph: OnnxGraph, each: Layer, inputs: Sequence[Value]) -> Value:
    modes = {"nearest": "nearest", "bilinear": "linear"}
    return image_ops.enlarge(graph, inputs[0], each.config["size"], mode=modes[each.config["interpolation"]])


def _activated(graph: OnnxGraph, x: Value, name: str) -> Value:
    if name == "linear":
        return x
    if name not in _ACTIVATIONS:
        raise Unsupported(f"activation {name}")
    return graph.add(_ACTIVATIONS[name], x)
