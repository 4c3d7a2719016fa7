"""Damaged and malicious files: an import gives a model or raises ImportFailed, and leaves nothing half-written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodeflow.models.importers import ImportFailed, import_tfjs, import_tflite, to_onnx

from .tiny_tfjs import layer, node, placeholder, write, write_layers
from .tiny_tflite import Compressed, Operator, Sparsity, Tensor, build, constant

PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tiny_tflite() -> bytes:
    """Sparse half-precision weights, a convolution, a pool, a slice: a bit of all that a reader walks through."""
    x, y = Tensor("x", (1, 4, 4, 1)), Tensor("y", (1, 2, 2))
    kernel = Tensor(
        "kernel",
        (2, 3, 3, 1),
        np.arange(4).astype(np.float16),
        "float16",
        Sparsity([0, 1, 2, 3], [], [2, Compressed([0, 1, 2], [0, 2]), Compressed([0, 2, 4], [0, 2, 1, 2]), 1]),
    )
    dense, wide = Tensor("dense", kernel.shape, dtype="float16"), Tensor("wide", kernel.shape)
    a, b = Tensor("a", (1, 4, 4, 2)), Tensor("b", (1, 2, 2, 2))
    window = {"Padding": 0, "StrideH": 1, "StrideW": 1, "FusedActivationFunction": 1}
    pool = {"Padding": 1, "StrideH": 2, "StrideW": 2, "FilterHeight": 2, "FilterWidth": 2}
    cut = [constant(name, value, "int32") for name, value in [("b0", [0] * 4), ("e0", [1, 2, 2, 0]), ("s0", [1] * 4)]]
    operators = [
        Operator("DENSIFY", [kernel], [dense]),
        Operator("DEQUANTIZE", [dense], [wide]),
        Operator("CONV_2D", [x, wide, constant("bias", [1, 2])], [a], "Conv2DOptions", window),
        Operator("MAX_POOL_2D", [a], [b], "Pool2DOptions", pool),
        Operator("STRIDED_SLICE", [b, *cut], [y], "StridedSliceOptions", {"ShrinkAxisMask": 8}),
    ]
    return build(operators, [x], [y])


def tiny_tfjs(folder: Path) -> Path:
    nodes = [
        placeholder("x", (-1, 4, 4, 1)),
        node("a", "_FusedConv2D", ["x", "w", "bias"], strides=[1, 2, 2, 1], padding="SAME", fused_ops=["BiasAdd"]),
        node("b", "StridedSlice", ["a", "begin", "end", "steps"], shrink_axis_mask=1, end_mask=2),
        node("y", "Mean", ["b", "begin"], keep_dims=True),
    ]
    weights = {
        "w": np.ones((3, 3, 1, 2), np.float32),
        "bias": np.ones(2, np.float32),
        "begin": np.array([0, 0], np.int32),
        "end": np.array([1, 0], np.int32),
        "steps": np.array([1, 1], np.int32),
    }
    return write(folder, nodes, weights, ["y"])


def tiny_layers(folder: Path) -> Path:
    window = {"strides": [1, 1], "dilation_rate": [1, 1], "padding": "same", "use_bias": False, "activation": "relu"}
    layers = [
        layer("x", "InputLayer", batch_input_shape=[None, None, None, 1]),
        layer("c", "Conv2D", ["x"], **window),
        layer("j", "Concatenate", ["c", "x"], axis=3),
        layer("y", "UpSampling2D", ["j"], size=[2, 2], interpolation="nearest"),
    ]
    return write_layers(folder, layers, {"c/kernel": np.ones((3, 3, 1, 2), np.float32)}, ["y"])


TFLITE = tiny_tflite()
with tempfile.TemporaryDirectory() as _folder:
    TFJS = tiny_tfjs(Path(_folder)).read_bytes()
    TFJS_WEIGHTS = Path(_folder, "weights.bin").read_bytes()
    LAYERS = tiny_layers(Path(_folder)).read_bytes()
    LAYERS_WEIGHTS = Path(_folder, "weights.bin").read_bytes()


def survives(name: str, content: bytes, weights: bytes = TFJS_WEIGHTS) -> None:
    """Import the file, expecting success or ImportFailed and no leftovers."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = folder / name
        path.write_bytes(content)
        (folder / "weights.bin").write_bytes(weights)
        before = {*folder.iterdir()}
        dest = folder / "model.onnx"
        try:
            to_onnx(path, dest=dest)
        except ImportFailed:
            assert {*folder.iterdir()} == before
        else:
            assert {*folder.iterdir()} == before | {dest}


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content with a few bytes changed: to anything, or to the extremes that sizes and offsets overflow at."""
    extremes = [b"\x00", b"\x01", b"\xff", b"\x7f", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"]
    change = st.tuples(st.integers(0, len(content) - 1), st.sampled_from(extremes) | st.binary(min_size=1, max_size=4))

    def apply(changes: list[tuple[int, bytes]]) -> bytes:
        changed = bytearray(content)
        for start, new in changes:
            changed[start : start + len(new)] = new
        return bytes(changed)

    return st.lists(change, min_size=1, max_size=4).map(apply)


def test_the_undamaged_files_import(tmp_path: Path) -> None:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(TFLITE)
    assert [output.name for output in import_tflite(path).graph.output] == ["y"]
    for write_model in (tiny_tfjs, tiny_layers):
        assert [output.name for output in import_tfjs(write_model(tmp_path)).graph.output] == ["y"]


@PROPERTY
@given(st.integers(0, len(TFLITE) - 1))
def test_a_truncated_tflite_file(length: int) -> None:
    survives("model.tflite", TFLITE[:length])


@PROPERTY
@given(damaged(TFLITE))
def test_a_damaged_tflite_file(content: bytes) -> None:
    survives("model.tflite", content)


def test_long_names_are_not_copied_for_each_tensor(tmp_path: Path) -> None:
    x, y = Tensor("x", (1, 4)), Tensor("y" * 1001, (1, 4))
    (tmp_path / "m.tflite").write_bytes(build([Operator("RELU", [x], [y])], [x], [y]))
    with pytest.raises(ImportFailed, match="a name has 1001 bytes"):
        import_tflite(tmp_path / "m.tflite")


@pytest.mark.parametrize("name", ["m.tflite", "m.json", "m.h5", "m.pt", "m.safetensors", "v.index", "model.bin"])
def test_a_file_larger_than_any_model_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    for each in {name, "v.data-00000-of-00001"}:
        with (tmp_path / each).open("wb") as file:
            file.truncate(2**30 + 1)  # a hole, which takes no room
    known = {"m.h5": "hed", "v.index": "yamnet", "model.bin": "whisper-encoder", "m.tflite": "", "m.json": ""}
    with pytest.raises(ImportFailed, match=r"is larger than \d+ MiB"):
        to_onnx(tmp_path / name, architecture=known.get(name, "dcgan-64"), dest=tmp_path / "made.onnx")


@PROPERTY
@given(st.binary(max_size=300))
def test_a_file_that_only_claims_to_be_tflite(content: bytes) -> None:
    survives("model.tflite", content[:4].ljust(4, b"\x00") + b"TFL3" + content[4:])


@PROPERTY
@given(damaged(TFJS) | st.integers(0, len(TFJS) - 1).map(lambda length: TFJS[:length]))
def test_a_damaged_tfjs_file(content: bytes) -> None:
    survives("model.json", content)


@settings(PROPERTY, max_examples=30)
@given(damaged(TFJS_WEIGHTS) | st.integers(0, len(TFJS_WEIGHTS) - 1).map(lambda length: TFJS_WEIGHTS[:length]))
def test_damaged_tfjs_weights(weights: bytes) -> None:
    survives("model.json", TFJS, weights)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("content", "weights"), [(TFJS, TFJS_WEIGHTS), (LAYERS, LAYERS_WEIGHTS)], ids=["graph", "layers"]
)
@PROPERTY
@given(data=st.data())
def test_a_tfjs_file_with_anything_in_any_place(content: bytes, weights: bytes, data: st.DataObject) -> None:
    document: Any = json.loads(content)
    place = document
    for _ in range(data.draw(st.integers(0, 7))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        containers = [key for key in keys if isinstance(place[key], dict | list) and place[key]]
        if not containers:
            break
        place = place[data.draw(st.sampled_from(containers))]
    place[data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))] = data.draw(
        JSON
    )
    survives("model.json", json.dumps(document).encode(), weights)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"modelTopology": {"node": {}}}'])
def test_json_that_is_no_model(content: bytes) -> None:
    survives("model.json", content)


@pytest.mark.parametrize(
    "sparsity",
    [
        Sparsity([0, 1], [], [4, Compressed([0, 2, 1, 4, 4], [0, 1, 2, 3])]),
        Sparsity([0, 1], [], [4, Compressed([0, 2, 4, 4, 4], [0, 1, 2, 200])]),
        Sparsity([0, 1], [], [4, Compressed([0, 2, 4], [0, 1, 2, 3])]),
        Sparsity([0, 0], [], [4, Compressed([0, 1, 2, 3, 4], [0, 1, 2, 3])]),
        Sparsity([0, 1], [], [4]),
        Sparsity([0, 1], [], [2**30, 4]),
        Sparsity([0, 1, 2], [1], [4, Compressed([0, 1, 2, 3, 4], [0, 1, 2, 3]), 3]),
        Sparsity([0, 1, 2], [9], [4, 4, 1]),
    ],
)
def test_sparse_weights_that_do_not_fit(tmp_path: Path, sparsity: Sparsity) -> None:
    weights = Tensor("w", (4, 4), np.ones(4, np.float32), sparsity=sparsity)
    x, y = Tensor("x", (4, 4)), Tensor("y", (4, 4))
    path = tmp_path / "model.tflite"
    path.write_bytes(build([Operator("ADD", [x, weights], [y], "AddOptions")], [x], [y]))
    with pytest.raises(ImportFailed, match="ADD"):
        import_tflite(path)


def test_a_small_file_cannot_fill_the_memory(tmp_path: Path) -> None:
    """A hundred tensors of 512 MiB each, sparse and all but empty, in a file of a few kB."""
    size = 2**27
    one = Sparsity([0], [], [Compressed([0, 1], [0])])
    operators = [
        Operator(
            "DENSIFY", [Tensor(f"w{i}", (size,), np.ones(1, np.float32), sparsity=one)], [Tensor(f"d{i}", (size,))]
        )
        for i in range(100)
    ]
    path = tmp_path / "model.tflite"
    path.write_bytes(build(operators, [], [operators[-1].outputs[0]]))
    with pytest.raises(ImportFailed, match="constants take more than"):
        import_tflite(path)


def test_missing_files_and_other_formats(tmp_path: Path) -> None:
    dest = tmp_path / "model.onnx"
    with pytest.raises(ImportFailed, match=r"gone\.tflite"):
        to_onnx(tmp_path / "gone.tflite", dest=dest)
    with pytest.raises(ImportFailed, match=r"gone\.json"):
        to_onnx(tmp_path / "gone.json", dest=dest)
    with pytest.raises(ImportFailed, match=r"\.h5 is not"):
        to_onnx(tmp_path / "model.h5", dest=dest)


def test_a_destination_keeps_its_old_file_when_the_import_fails(tmp_path: Path) -> None:
    dest, source = tmp_path / "model.onnx", tmp_path / "model.tflite"
    dest.write_bytes(b"old")
    source.write_bytes(TFLITE[:100])
    with pytest.raises(ImportFailed):
        to_onnx(source, dest=dest)
    assert dest.read_bytes() == b"old"
    source.write_bytes(TFLITE)
    assert to_onnx(source, dest=dest) == dest
    assert dest.read_bytes() != b"old"
