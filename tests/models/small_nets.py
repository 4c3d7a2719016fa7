"""Networks of a few operators with the inputs and outputs of real ones, and answers that can be foretold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx

from nodeflow.models.importers.onnx_graph import OnnxGraph

Shape = Sequence[int | str]
OPEN: Shape = (1, 3, "height", "width")
"""A picture of any size, channels first."""


def picture_net(shape: Shape, *answers: Callable[[OnnxGraph, str], str], name: str = "image") -> onnx.ModelProto:
    """One picture goes in, one output for each of `answers` comes out: "out_0", "out_1" ..."""
    graph = OnnxGraph("small")
    image = graph.input(name, np.float32, shape)
    for number, answer in enumerate(answers):
        graph.output(f"out_{number}", answer(graph, image))
    return graph.finish()


def mean_of_channels(graph: OnnxGraph, x: str) -> str:
    """N x 1 x rows x columns."""
    return graph.add("ReduceMean", x, np.array([1], np.int64), keepdims=1)


def nothing(graph: OnnxGraph, x: str) -> str:
    """Zeros, N x 1 x rows x columns."""
    return graph.add("Mul", mean_of_channels(graph, x), np.float32(0))
