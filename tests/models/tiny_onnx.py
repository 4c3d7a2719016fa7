"""ONNX models of one operator, for tests."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper


def add_one(path: Path, by: float = 1.0) -> Path:
    """y = x + `by` and z = -x, both float32 of shape 2."""
    x, y, z = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xyz")
    one = helper.make_tensor("one", TensorProto.FLOAT, [1], [by])
    nodes = [helper.make_node("Add", ["x", "one"], ["y"]), helper.make_node("Neg", ["x"], ["z"])]
    graph = helper.make_graph(nodes, "add_one", [x], [y, z], [one])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path
