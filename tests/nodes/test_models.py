"""The node for any ONNX model: its ports, its errors, and a graph that runs with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from nodeflow.cli.faults import Fault
from nodeflow.cli.run import run_graph
from nodeflow.graph import Graph, Node, check, load, save
from nodeflow.models import BadModel, library, open_task
from nodeflow.node import NodeError, load_registry
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Classes, Image, Tensor
from nodes.models.onnx import OnnxNode
from tests.models.networks import mirror, says

PICTURE = Image(np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8))
LOGITS = np.array([[0.1, 3.0, 0.2]], np.float32)


def _place(folder: Path) -> NodeContext:
    return NodeContext(folder)


def test_a_file_runs_with_what_its_shapes_suggest(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS, "features": np.zeros((1, 2, 2), np.float32)})
    ctx = _place(tmp_path)
    (tmp_path / "names.txt").write_text("cup\ncat\ndog\n")
    told, features = run_node(OnnxNode, PICTURE, ctx=ctx, file="kinds.onnx", gives="classes", names="names.txt")
    assert isinstance(told, Classes)
    assert told.top()[0][0] == "cat"
    assert isinstance(features, Tensor)
    assert ctx.providers == ["CPU"]


def test_live_parameters_change_from_call_to_call(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    with open_node(OnnxNode, ctx=_place(tmp_path), file="kinds.onnx") as node:
        assert len(node(PICTURE).names) == 3
        assert node(PICTURE, top=1).names == ("class 1",)


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({"file": "gone.onnx"}, "does not exist"),
        ({"file": "kinds.onnx", "mean": "a b"}, "mean is 'a b'"),
        ({"file": "kinds.onnx", "mean": "1 2"}, "one number, or three"),
        ({"file": "kinds.onnx", "gives": "boxes"}, "do not look like boxes"),
        ({"file": "kinds.onnx", "width": 32}, "set width to 0"),
    ],
)
def test_what_cannot_be_is_said_with_a_way_out(tmp_path: Path, params: dict[str, Any], what: str) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    with pytest.raises((NodeError, BadModel)) as caught:
        run_node(OnnxNode, PICTURE, ctx=_place(tmp_path), **params)
    assert what in f"{caught.value} {getattr(caught.value, 'hint', '')}"


def _graph(tmp_path: Path, file: str) -> Path:
    """picture -> model -> lines, with the ports of the model in `file`."""
    cv2.imwrite(str(tmp_path / "picture.png"), PICTURE.array)
    registry = load_registry(tmp_path / "none")
    node = registry.adapted(Node("models.onnx", params={"file": file}), "file", lambda text: tmp_path / text)
    graph = Graph(
        {
            "picture": Node("io.image", params={"file": "picture.png"}),
            "kinds": node,
            "lines": Node("io.jsonl_writer", params={"path": "out.jsonl"}),
        }
    )
    graph = graph.connect("picture.image -> kinds.image", "kinds.classes -> lines.value")
    save(graph, tmp_path / "graph.json")
    return tmp_path / "graph.json"


def test_a_graph_with_any_model_runs_from_its_file(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS}, names="['cup', 'cat', 'dog']")
    path = _graph(tmp_path, "kinds.onnx")
    assert run_graph(path) == 0
    (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert "cat" in json.dumps(json.loads(line))


def test_a_graph_whose_model_is_gone_opens_and_keeps_its_links(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    path = _graph(tmp_path, "kinds.onnx")
    (tmp_path / "kinds.onnx").unlink()
    graph = load(path)
    assert len(graph.links) == 2
    assert check(graph, load_registry(tmp_path / "none").catalog) == []
    with pytest.raises(Fault, match=r"kinds\.onnx does not exist\. Choose another file"):
        run_graph(path)


def test_a_model_that_is_another_now_is_said_before_it_runs(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    path = _graph(tmp_path, "kinds.onnx")
    mirror(tmp_path / "kinds.onnx", (1, 3, 32, 32))
    with pytest.raises(Fault, match=r"other inputs and outputs than this node: shown .*Choose it again"):
        run_graph(path)


def test_another_file_on_the_command_line_brings_its_ports(tmp_path: Path) -> None:
    says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    says(tmp_path / "other.onnx", {"more": np.zeros((1, 2, 2), np.float32), "kinds": LOGITS})
    path = _graph(tmp_path, "kinds.onnx")
    with pytest.raises(Fault, match=r"not connected|no output|cannot be read|kinds"):
        run_graph(path, changes=["kinds.file=gone.onnx"])
    assert run_graph(path, changes=["kinds.file=other.onnx", "kinds.gives=classes"]) == 0


@pytest.mark.weights
def test_two_bare_networks_in_a_row_paint_as_their_own_pipeline_does(tmp_path: Path) -> None:
    """The sample graph `onnx_files`, node by node, against the task that knows these networks."""
    cat, coffee = (_sample(name) for name in ("cat", "coffee"))
    ctx = _place(tmp_path)
    numbers = run_node(OnnxNode, coffee, ctx=ctx, file="sample:style_reader", gives="tensors")
    assert numbers.array.shape == (1, 1, 1, 100)
    painted = run_node(OnnxNode, cat, numbers, ctx=ctx, file="sample:style_painter")
    wanted = open_task("style-from-picture", "arbitrary-style")(cat, coffee, strength=1.0)
    assert painted.frame == wanted.frame
    np.testing.assert_allclose(painted.array, wanted.array, atol=1)
    assert np.abs(painted.array - cat.resized(384, 384).array.astype(float)).mean() > 10


def _sample(name: str) -> Image:
    return Image.from_bgr(np.asarray(cv2.imread(str(library().asset(name)))))
