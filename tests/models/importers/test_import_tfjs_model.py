"""A TensorFlow.js graph model as a whole: its inputs, outputs and order; and what a manifest of weights may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nodeflow.models.importers import ImportFailed, import_tfjs, to_onnx

from .accuracy import session
from .tiny_tfjs import node, placeholder, write


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(3).uniform(-2, 2, shape).astype(np.float32)


def run(model: Path, x: np.ndarray, shapes: dict[str, tuple[int, ...]] | None = None) -> np.ndarray:
    """The first output for the one input."""
    return session(to_onnx(model, shapes=shapes, dest=model.with_suffix(".onnx"))).run(None, {"x": x})[0]


def test_dynamic_sizes_stay_dynamic_unless_pinned(tmp_path: Path) -> None:
    model = write(tmp_path, [placeholder("x", (-1, 3)), node("y", "Relu", ["x"])], outputs=["y:0"])
    for rows in (1, 5):
        assert run(model, noise(rows, 3)).shape == (rows, 3)
    pinned = session(to_onnx(model, shapes={"x": (4, 3)}, dest=tmp_path / "y.onnx"))
    assert [(o.name, o.shape) for o in pinned.get_outputs()] == [("y", [4, 3])]
    for wrong in ({"x": (4, 4)}, {"x": (4,)}, {"z": (4, 3)}):
        with pytest.raises(ImportFailed, match="x"):
            import_tfjs(model, wrong)


def test_an_input_of_unknown_rank_needs_a_shape(tmp_path: Path) -> None:
    model = write(tmp_path, [placeholder("x", None), node("y", "Relu", ["x"])], outputs=["y"])
    with pytest.raises(ImportFailed, match=r"'x'.*shape is unknown"):
        import_tfjs(model)
    assert run(model, noise(2, 3), {"x": (2, 3)}).shape == (2, 3)


def test_without_a_signature_the_ends_are_the_outputs(tmp_path: Path) -> None:
    nodes = [placeholder("x", (2,)), node("a", "Relu", ["x"]), node("b", "Neg", ["a"]), node("c", "Exp", ["a"])]
    assert [output.name for output in import_tfjs(write(tmp_path, nodes)).graph.output] == ["b", "c"]


def test_only_what_the_outputs_need_is_translated(tmp_path: Path) -> None:
    nodes = [placeholder("x", (2,)), node("y", "Relu", ["x", "^odd"]), node("odd", "Mystery", ["x"])]
    assert len(import_tfjs(write(tmp_path, nodes, outputs=["y"])).graph.node) == 2  # and the one that names the output


def test_all_unknown_operators_are_named_at_once(tmp_path: Path) -> None:
    nodes = [placeholder("x", (2,)), node("a", "Mystery", ["x"]), node("y", "Enigma", ["a"])]
    with pytest.raises(ImportFailed, match="does not know Enigma, Mystery") as failure:
        import_tfjs(write(tmp_path, nodes, outputs=["y"]))
    assert failure.value.file.name == "model.json"
    assert failure.value.remedy


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        ([node("y", "Relu", ["a"]), node("a", "Relu", ["y"])], "cycle"),
        ([node("y", "Relu", ["gone"])], "'gone' is missing"),
        ([placeholder("x", (2,)), node("y", "Relu", ["x:3"])], "node 'y', Relu"),
        ([placeholder("x", (2,)), node("y", "Const")], "node 'y', Const"),
        ([placeholder("x", (2**20, 2**20)), node("y", "Relu", ["x"])], "node 'x'.*more than"),
        ([placeholder("x", (2,)), node("y", "Transpose", ["x", "x"])], "computed at run time"),
        ([placeholder("x", (1, 4, 4, 1)), node("y", "MaxPool", ["x"], strides=[1, 0, 0, 1])], "node 'y', MaxPool"),
    ],
)
def test_what_cannot_be_imported_says_where_and_why(tmp_path: Path, nodes: list[Any], says: str) -> None:
    model = write(tmp_path, nodes, outputs=["y"])
    with pytest.raises(ImportFailed, match=says):
        import_tfjs(model)


def test_an_absurd_shape_inside_is_refused(tmp_path: Path) -> None:
    nodes = [placeholder("x", (1,)), node("y", "Tile", ["x", "times"])]
    with pytest.raises(ImportFailed, match="more than"):
        import_tfjs(write(tmp_path, nodes, {"times": np.array([2**30], np.int32)}, outputs=["y"]))


# Weights


def with_manifest(folder: Path, content: bytes, *entries: dict[str, Any], paths: tuple[str, ...] = ("w.bin",)) -> Path:
    """y = x + w"""
    (folder / "w.bin").write_bytes(content)
    nodes = [placeholder("x", (2,)), node("w", "Const"), node("y", "AddV2", ["x", "w"])]
    path = write(folder, nodes, outputs=["y"])
    document = json.loads(path.read_text())
    document["weightsManifest"] = [{"paths": list(paths), "weights": list(entries)}]
    path.write_text(json.dumps(document))
    return path


def weight(**more: Any) -> dict[str, Any]:
    return {"name": "w", "shape": [2], "dtype": "float32", **more}


@pytest.mark.parametrize(
    ("stored", "quantization", "expected"),
    [
        (np.array([1.5, -2], np.float16), {"dtype": "float16"}, [1.5, -2]),
        (np.array([0, 200], np.uint8), {"dtype": "uint8", "scale": 0.5, "min": -10}, [-10, 90]),
        (np.array([1, 60000], np.uint16), {"dtype": "uint16", "scale": 0.25, "min": 1}, [1.25, 15001]),
    ],
)
def test_quantised_weights(
    tmp_path: Path, stored: np.ndarray, quantization: dict[str, Any], expected: list[float]
) -> None:
    model = with_manifest(tmp_path, stored.tobytes(), weight(quantization=quantization))
    assert_allclose(run(model, np.zeros(2, np.float32)), expected)


def test_weights_may_be_cut_anywhere_into_shards(tmp_path: Path) -> None:
    content = np.array([1.5, -2], np.float32).tobytes()
    (tmp_path / "first.bin").write_bytes(content[:3])
    model = with_manifest(tmp_path, content[3:], weight(), paths=("first.bin", "w.bin"))
    assert_allclose(run(model, np.zeros(2, np.float32)), [1.5, -2])


@pytest.mark.parametrize("path", ["../w.bin", "/etc/hostname", "a/../../w.bin", "..\\w.bin", "C:w.bin", "gone.bin"])
def test_shards_lie_beside_the_model(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "w.bin").write_bytes(bytes(8))
    with pytest.raises(ImportFailed):
        import_tfjs(with_manifest(folder, bytes(8), weight(), paths=(path,)))


@pytest.mark.parametrize(
    "entry",
    [
        weight(shape=[3]),
        weight(shape=[1]),
        weight(shape=[-1]),
        weight(shape=[2**40]),
        weight(dtype="string"),
        weight(quantization={"dtype": "int4"}),
        {"name": "w"},
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(ImportFailed):
        import_tfjs(with_manifest(tmp_path, bytes(8), entry))
