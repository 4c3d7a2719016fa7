"""Networks of a few operators with the inputs and outputs of real ones, and answers that can be foretold."""

from __future__ import annotations

import json
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


END, A, DARK, BRIGHT, ROOM = range(5)
CAPTION_PIECES = json.dumps({"<|endoftext|>": END, "a": A, "Ġdark": DARK, "Ġbright": BRIGHT, "Ġroom": ROOM}).encode()


def caption_encoder() -> onnx.ModelProto:
    """ViT's input and output: 1 x 2 x 3 numbers, all the brightness, -1 to 1."""

    def mean(graph: OnnxGraph, x: str) -> str:
        light = graph.add("ReduceMean", x, np.array([1, 2, 3], np.int64), keepdims=1)
        return graph.add("Mul", graph.add("Squeeze", light, np.array([3], np.int64)), np.ones((1, 2, 3), np.float32))

    return picture_net((1, 3, 224, 224), mean, name="pixel_values")


def caption_decoder(extra: str = "") -> onnx.ModelProto:
    """GPT-2's inputs and outputs. It says "a", then "dark" or "bright", then "room", then the end."""
    graph = OnnxGraph("decoder")
    said = graph.input("input_ids", np.int64, (1, "said"))
    seen = graph.input("encoder_hidden_states", np.float32, (1, "seen", 3))
    follows = np.full((5, 5), -20, np.float32)
    for piece, after in ((END, A), (DARK, ROOM), (BRIGHT, ROOM), (ROOM, END)):
        follows[piece, after] = 0
    follows[A, [DARK, BRIGHT]] = 0
    light = graph.add("ReduceMean", seen, np.array([1, 2], np.int64), keepdims=1)
    towards = np.array([0, 0, -1, 1, 0], np.float32)
    scores = graph.add("Add", graph.add("Gather", follows, said), graph.add("Mul", light, towards))
    graph.output("logits", scores)
    graph.output("present.0.key", graph.add("Identity", light))
    if extra:
        graph.output("too_much", graph.input(extra, np.float32, (1,)))
    return graph.finish()


def captions() -> dict[str, onnx.ModelProto | bytes]:
    """The parts of a model that says what it sees: "a dark room", or a bright one."""
    return {"encoder": caption_encoder(), "decoder": caption_decoder(), "vocabulary": CAPTION_PIECES}


def lama(size: int = 64) -> onnx.ModelProto:
    """LaMa's inputs and outputs: the mask comes back in green, 255 where it held."""
    graph = OnnxGraph("lama")
    image = graph.input("image", np.float32, (1, 3, size, size))
    mask = graph.input("mask", np.float32, (1, 1, size, size))
    red = graph.add("Mul", graph.add("ReduceMean", image, np.array([1], np.int64), keepdims=1), np.float32(0))
    graph.output("output", graph.add("Concat", red, graph.add("Mul", mask, np.float32(255)), red, axis=1))
    return graph.finish()


def efficient_sam(labels: tuple[int, ...] = (1, 1, 6), size: int = 64) -> onnx.ModelProto:
    """EfficientSAM's inputs and outputs. Its masks: all of the picture (the best), what is brighter than a half, and
    nothing; each output carries what it was given, so that a test can see it."""
    graph = OnnxGraph("sam")
    image = graph.input("batched_images", np.float32, (1, 3, size, size))
    points = graph.input("batched_point_coords", np.float32, (1, 1, 6, 2))
    marks = graph.input("batched_point_labels", np.float32, labels)
    bright = graph.add("Sub", graph.add("ReduceMean", image, np.array([1], np.int64), keepdims=1), np.float32(0.5))
    whole = graph.add("Add", graph.add("Mul", bright, np.float32(0)), np.float32(9))
    masks = graph.add("Concat", bright, whole, graph.add("Neg", whole), axis=1)
    graph.output("output_masks", graph.add("Unsqueeze", masks, np.array([1], np.int64)))
    graph.output("iou_predictions", np.array([[[0.8, 0.9, 0.1]]], np.float32))
    graph.output("points", points)
    graph.output("marks", marks)
    return graph.finish()
