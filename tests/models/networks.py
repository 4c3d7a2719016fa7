"""Small networks that tests make themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Shape = Sequence[int | str | None]
_TYPES = {
    "float32": TensorProto.FLOAT,
    "uint8": TensorProto.UINT8,
    "int64": TensorProto.INT64,
    "int32": TensorProto.INT32,
}


def info(name: str, shape: Shape | None, dtype: str = "float32") -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, _TYPES[dtype], None if shape is None else list(shape))


def saved(
    path: Path,
    nodes: Sequence[Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    weights: Sequence[Any] = (),
    **metadata: str,
) -> Path:
    graph = helper.make_graph(list(nodes), "test", list(inputs), list(outputs), list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, path)
    return path


def mirror(path: Path, shape: Shape, dtype: str = "float32") -> Path:
    """Gives what it is shown."""
    return saved(
        path,
        [helper.make_node("Identity", ["shown"], ["given"])],
        [info("shown", shape, dtype)],
        [info("given", shape, dtype)],
    )


def says(path: Path, outputs: Mapping[str, np.ndarray], shape: Shape = (1, 3, 64, 64), **metadata: str) -> Path:
    """Sees a picture and gives these arrays whatever it shows."""
    weights = [numpy_helper.from_array(array, f"w_{name}") for name, array in outputs.items()]
    nodes = [helper.make_node("Identity", [f"w_{name}"], [name]) for name in outputs]
    infos = [info(name, array.shape, array.dtype.name) for name, array in outputs.items()]
    return saved(path, nodes, [info("images", shape)], infos, weights, **metadata)
