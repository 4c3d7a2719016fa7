"""Writes TensorFlow.js graph models of a few nodes, and layers models of a few layers, for tests.

write(folder, [placeholder("x", (1, 4)), node("y", "Relu", ["x"])], outputs=["y"])
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32", "bool": "DT_BOOL"}


def node(name: str, op: str, inputs: Sequence[str] = (), **attributes: Any) -> dict[str, Any]:
    """A node; attributes are plain values, a dtype as np.dtype."""
    stored = {key: _attribute(value) for key, value in attributes.items()}
    return {"name": name, "op": op, "input": list(inputs), "attr": stored}


def placeholder(name: str, shape: Sequence[int] | None, dtype: str = "float32") -> dict[str, Any]:
    dims = {"unknownRank": True} if shape is None else {"dim": [{"size": str(size)} for size in shape]}
    return {"name": name, "op": "Placeholder", "attr": {"dtype": {"type": TYPES[dtype]}, "shape": {"shape": dims}}}


def write(
    folder: Path,
    nodes: Sequence[Mapping[str, Any]],
    weights: Mapping[str, np.ndarray] | None = None,
    outputs: Sequence[str] = (),
) -> Path:
    """Write model.json and weights.bin; each weight gets its Const node. Without `outputs` there is no signature."""
    weights = {name: np.asarray(array) for name, array in (weights or {}).items()}
    constants = [node(name, "Const", dtype=array.dtype) for name, array in weights.items()]
    document: dict[str, Any] = {"format": "graph-model", "modelTopology": {"node": [*constants, *nodes]}}
    if outputs:
        document["signature"] = {"outputs": {f"output_{i}": {"name": name} for i, name in enumerate(outputs)}}
    return _written(folder, document, weights)


def layer(name: str, kind: str, inputs: Sequence[str] = (), **config: Any) -> dict[str, Any]:
    """A Keras layer."""
    calls = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
    return {"name": name, "class_name": kind, "config": {"name": name, **config}, "inbound_nodes": calls}


def write_layers(
    folder: Path, layers: Sequence[Mapping[str, Any]], weights: Mapping[str, np.ndarray], outputs: Sequence[str]
) -> Path:
    """Write a Keras layers model as model.json and weights.bin."""
    config = {"layers": list(layers), "output_layers": [[name, 0, 0] for name in outputs]}
    topology = {"model_config": {"class_name": "Functional", "config": config}}
    return _written(folder, {"format": "layers-model", "modelTopology": topology}, weights)


def _written(folder: Path, document: Mapping[str, Any], weights: Mapping[str, np.ndarray]) -> Path:
    entries = [{"name": n, "shape": list(a.shape), "dtype": str(a.dtype)} for n, a in weights.items()]
    manifest = [{"paths": ["weights.bin"], "weights": entries}]
    (folder / "weights.bin").write_bytes(b"".join(array.tobytes() for array in weights.values()))
    path = folder / "model.json"
    path.write_text(json.dumps({**document, "weightsManifest": manifest}))
    return path


def _attribute(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"b": value}
        case int():
            return {"i": str(value)}
        case float():
            return {"f": value}
        case str():
            return {"s": _encoded(value)}
        case np.dtype():
            return {"type": TYPES[str(value)]}
        case [str(), *_]:
            return {"list": {"s": [_encoded(text) for text in value]}}
        case _:
            return {"list": {"i": [str(number) for number in value]}}


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
