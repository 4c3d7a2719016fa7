"""Signatures are read from files without running them, and hostile files are refused in bounded time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from nodeflow.models import BadModel
from nodeflow.models.signature import TensorInfo, protobuf, read_signature

from .networks import info, mirror, saved, says

DIMENSIONS = st.one_of(st.integers(1, 9999), st.sampled_from(("batch", "h")), st.none())
SHAPES = st.lists(DIMENSIONS, max_size=5)


@given(st.lists(SHAPES, min_size=1, max_size=4), st.sampled_from(("float32", "uint8", "int64")))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40, deadline=None
)
def test_names_types_and_shapes_are_those_that_onnx_reads(
    tmp_path: Path, shapes: list[list[int | str | None]], dtype: str
) -> None:
    infos = [info(f"x{i}", shape, dtype) for i, shape in enumerate(shapes)]
    nodes = [helper.make_node("Identity", [f"x{i}"], [f"y{i}"]) for i in range(len(shapes))]
    outputs = [info(f"y{i}", shape, dtype) for i, shape in enumerate(shapes)]
    signature = read_signature(saved(tmp_path / "any.onnx", nodes, infos, outputs))
    assert signature.inputs == tuple(TensorInfo(f"x{i}", dtype, tuple(shape)) for i, shape in enumerate(shapes))
    assert [each.name for each in signature.outputs] == [f"y{i}" for i in range(len(shapes))]


def test_an_input_that_has_a_weight_is_none(tmp_path: Path) -> None:
    weight = numpy_helper.from_array(np.ones(3, np.float32), "w")
    path = saved(
        tmp_path / "old.onnx",
        [helper.make_node("Add", ["x", "w"], ["y"])],
        [info("x", (3,)), info("w", (3,))],
        [info("y", None)],
        [weight],
    )
    signature = read_signature(path)
    assert [each.name for each in signature.inputs] == ["x"]
    assert signature.outputs == (TensorInfo("y", "float32", None),)


def test_large_weights_are_passed_over_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = says(tmp_path / "large.onnx", {"y": np.zeros((1, 4_000_000), np.float32)})
    read = 0
    plain = protobuf.Reader.bytes

    def counted(self: protobuf.Reader, span: protobuf.Span, at_most: int) -> bytes:
        nonlocal read
        read += span.end - span.start
        return plain(self, span, at_most)

    monkeypatch.setattr(protobuf.Reader, "bytes", counted)
    assert read_signature(path).outputs[0].shape == (1, 4_000_000)
    assert read < 1000


def test_it_imports_neither_onnx_nor_torch(tmp_path: Path) -> None:
    path = mirror(tmp_path / "m.onnx", (1, 3, 8, 8))
    code = (
        "import sys; from pathlib import Path; from nodeflow.models.signature import read_signature;"
        f"read_signature(Path({str(path)!r}));"
        "print([heavy for heavy in ('onnx', 'onnxruntime', 'torch', 'pydantic') if heavy in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def _with_weights_in(tmp_path: Path, place: str, *, deep: bool = False) -> Path:
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value=place)
    if deep:
        constant = helper.make_node("Constant", [], ["w"], value=weight)
        branch = helper.make_graph([constant], "branch", [], [info("w", (3,))])
        nodes = [helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)]
        graph = helper.make_graph(nodes, "g", [info("c", (), "int64")], [info("y", (3,))])
    else:
        graph = helper.make_graph(
            [helper.make_node("Add", ["x", "w"], ["y"])], "g", [info("x", (3,))], [info("y", (3,))], [weight]
        )
    path = tmp_path / "model.onnx"
    path.write_bytes(helper.make_model(graph).SerializeToString())
    return path


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    "place", ["../secret", "/etc/passwd", "a/../../b", "C:\\secret", "\\\\host\\share", "..\\b", ""]
)
def test_weights_that_lie_elsewhere_are_refused(tmp_path: Path, place: str, deep: bool) -> None:
    with pytest.raises(BadModel, match="not in its own folder; refused"):
        read_signature(_with_weights_in(tmp_path, place, deep=deep))


def test_weights_behind_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "w.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(BadModel, match="refused"):
        read_signature(_with_weights_in(folder, "w.bin"))


def test_weights_must_lie_beside_the_model(tmp_path: Path) -> None:
    path = _with_weights_in(tmp_path, "w.bin")
    with pytest.raises(BadModel, match=r"'w\.bin', which is not there: put it into"):
        read_signature(path)
    (tmp_path / "w.bin").write_bytes(bytes(12))
    assert read_signature(path).beside == (tmp_path / "w.bin",)


def test_what_is_no_tensor_is_left_out_or_refused(tmp_path: Path) -> None:
    sequence = helper.make_tensor_sequence_value_info("s", TensorProto.FLOAT, [1])
    made = helper.make_node("SequenceConstruct", ["x"], ["s"])
    path = saved(
        tmp_path / "s.onnx",
        [made, helper.make_node("Identity", ["x"], ["y"])],
        [info("x", (1,))],
        [info("y", (1,)), sequence],
    )
    assert read_signature(path).left_out == ("s",)
    with pytest.raises(BadModel, match="gives no tensor"):
        read_signature(saved(tmp_path / "t.onnx", [made], [info("x", (1,))], [sequence]))
    with pytest.raises(BadModel, match="takes 's', a sequence"):
        read_signature(
            saved(
                tmp_path / "u.onnx",
                [helper.make_node("SequenceAt", ["s", "i"], ["y"])],
                [sequence, info("i", (), "int64")],
                [info("y", (1,))],
            )
        )


def test_files_that_are_no_models_are_refused_with_a_way_out(tmp_path: Path) -> None:
    for name, data in {
        "empty.onnx": b"",
        "text.onnx": b"hello, world",
        "zeros.onnx": bytes(1000),
        "picture.png": b"\x89PNG",
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadModel, match="choose") as caught:
            read_signature(tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(BadModel, match="cannot be read"):
        read_signature(tmp_path / "gone.onnx")


@given(st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150, deadline=None
)
def test_a_damaged_file_gives_a_signature_or_a_clear_error(tmp_path: Path, data: st.DataObject) -> None:
    path = says(tmp_path / "good.onnx", {"y": np.zeros((1, 5), np.float32)}, names="{0: 'a'}")
    good = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(good[: data.draw(st.integers(0, len(good)))]))
    try:
        read_signature(path)
    except BadModel:
        pass


def test_graphs_in_graphs_and_endless_parts_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = b""
    for _ in range(60):  # a graph in an attribute of a node of a graph, and so on
        graph = _field(1, _field(5, _field(6, graph)))
    path = tmp_path / "deep.onnx"
    path.write_bytes(_field(7, graph))
    with pytest.raises(BadModel, match="deep"):
        read_signature(path)
    monkeypatch.setattr(protobuf, "MOST_FIELDS", 50)
    with pytest.raises(BadModel, match="more than 50 parts"):
        read_signature(mirror(tmp_path / "m.onnx", [1] * 8))


def _field(number: int, message: bytes) -> bytes:
    """A message as a field of another."""
    length = len(message)
    sizes = bytes([*(0x80 | (length >> shift) & 0x7F for shift in range(0, 21, 7)), (length >> 21) & 0x7F])
    return bytes([number << 3 | 2]) + sizes + message
