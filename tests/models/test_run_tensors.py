"""Models on torch tensors give what they give on arrays. On the CPU here, and on a GPU where there is one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from nodeflow.models import BadModel, Library, OnnxModel
from nodeflow.models.providers import halved
from nodeflow.values.device import download

from .tiny_onnx import add_one

CUDA = "cuda:0"
on_gpu = pytest.param(
    CUDA, marks=[pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]
)
each_device = pytest.mark.parametrize("device", ["cpu", on_gpu])


def any_length(path: Path) -> Path:
    """y = x + x and the indices of the non-zero elements of x: one shape known when x is, one never."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])
    where = helper.make_tensor_value_info("where", TensorProto.INT64, [1, "some"])
    nodes = [helper.make_node("Add", ["x", "x"], ["y"]), helper.make_node("NonZero", ["x"], ["where"])]
    graph = helper.make_graph(nodes, "any_length", [x], [y, where])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@each_device
def test_tensors_give_what_arrays_give(tmp_path: Path, device: str) -> None:
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), device)
    assert model.device == device
    x = np.array((1, 2), np.float32)
    there = torch.from_numpy(x).to(device)
    y, z = model.run_tensors({"x": there})
    assert str(y.device) == device
    for tensor, array in zip(download(y, z), model.run({"x": x}), strict=True):
        np.testing.assert_array_equal(tensor, array)
    (only,) = model.run_tensors({"x": there}, ["z"])
    assert only.tolist() == [-1, -2]
    assert y.tolist() == [2, 3]  # a later run writes elsewhere


@each_device
def test_outputs_of_any_length(tmp_path: Path, device: str) -> None:
    model = OnnxModel(any_length(tmp_path / "any.onnx"), device)
    kept = []
    for length in (3, 5, 2):
        x = torch.arange(length, dtype=torch.float32, device=device)
        kept.append(model.run_tensors({"x": x}))
    assert [(y.tolist(), where.tolist()) for y, where in kept] == [
        ([0, 2, 4], [[1, 2]]),
        ([0, 2, 4, 6, 8], [[1, 2, 3, 4]]),
        ([0, 2], [[1]]),
    ]


@each_device
def test_a_view_is_read_as_it_stands(tmp_path: Path, device: str) -> None:
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), device)
    x = torch.tensor(((1.0, 9.0), (2.0, 9.0)), device=device)[:, 0]
    assert model.run_tensors({"x": x})[0].tolist() == [2, 3]


@pytest.mark.parametrize("wrong", [torch.zeros(3), torch.zeros(2, dtype=torch.float64), torch.zeros(2, device="meta")])
def test_wrong_tensors_are_a_clear_error(tmp_path: Path, wrong: torch.Tensor) -> None:
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), "cpu")
    with pytest.raises(BadModel, match=r"tiny\.onnx"):
        model.run_tensors({"x": wrong})
    with pytest.raises(BadModel, match=r"tiny\.onnx"):
        model.run_tensors({"x": torch.zeros(2)}, ["nowhere"])


@each_device
def test_threads_may_run_at_once(tmp_path: Path, device: str) -> None:
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), device)

    def use(number: int) -> list[float]:
        x = torch.full((2,), float(number), device=device)
        return [float(v) for v in download(*model.run_tensors({"x": x}, ["y"]))[0]]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(100))) == [[n + 1.0, n + 1.0] for n in range(100)]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
def test_a_run_waits_for_the_callers_stream_and_the_host_for_neither(tmp_path: Path) -> None:
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), CUDA)
    model.run_tensors({"x": torch.zeros(2, device=CUDA)})
    stream = torch.cuda.Stream(CUDA)
    for number in range(8):
        if number:  # the first round loads what it calls, for which the host does wait
            torch.cuda.set_sync_debug_mode("error")
        try:
            with torch.cuda.stream(stream):
                torch.cuda._sleep(100_000_000)  # rounds of the GPU's clock: at least 50 ms
                x = torch.ones(2, device=CUDA) * number
                (y,) = model.run_tensors({"x": x}, ["y"])
                after = y * 2
            assert not number or not stream.query()  # all is queued, and the slow part is not done yet
        finally:
            torch.cuda.set_sync_debug_mode("default")
        with torch.cuda.stream(stream):
            assert download(after)[0] == pytest.approx(2 * (number + 1), rel=1e-3)


@pytest.mark.weights
@each_device
def test_a_pose_network_gives_the_same_either_way(library: Library, device: str) -> None:
    model = OnnxModel(library.fetch("blazepose-full")["landmarks"], device)
    x = np.random.default_rng(0).random((1, 256, 256, 3)).astype(np.float32)
    name = next(iter(model.inputs))
    tensors = model.run_tensors({name: torch.from_numpy(x).to(device)})
    for tensor, array in zip(download(*tensors), model.run({name: x}), strict=True):
        np.testing.assert_allclose(tensor, array, rtol=0, atol=0 if device == "cpu" else 1e-3)


@pytest.mark.weights
def test_weights_in_half_precision_move_points_by_a_fraction_of_a_pixel(library: Library, tmp_path: Path) -> None:
    """Of the 256 that the network sees. Arithmetic is fp32 here: the CPU has no other."""
    path = library.fetch("blazepose-full")["landmarks"]
    (tmp_path / "half.onnx").write_bytes(halved(path))
    x = {next(iter(OnnxModel(path, "cpu").inputs)): np.random.default_rng(0).random((1, 256, 256, 3), np.float32)}
    whole, half = (OnnxModel(each, "cpu").run(x)[0] for each in (path, tmp_path / "half.onnx"))
    assert np.abs(whole - half).max() < 0.25
    assert whole.dtype == half.dtype


@pytest.mark.weights
@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
@pytest.mark.parametrize(("model_id", "role"), [("blazepose-full", "landmarks"), ("movenet-multipose", "pose")])
def test_half_precision_on_a_gpu_or_why_not(library: Library, model_id: str, role: str) -> None:
    model = OnnxModel(library.fetch(model_id)[role], CUDA, precision="fp16")
    assert model.provider == "CUDA fp16" or model.provider.startswith("CUDA (asked for CUDA fp16: ")


def test_calls_that_share_a_stream_take_turns_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With arrays or with tensors; on the CPU they do not."""
    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), "cpu")
    session, inside = model._lease.session(), []
    monkeypatch.setattr(session, "_turn", turn := threading.Lock())

    class Seen:
        def run(self, *given: object) -> object:
            inside.append(turn.locked())
            return the_session.run(*given)

        def __getattr__(self, name: str) -> object:
            inside.append(turn.locked()) if name == "run_with_iobinding" else None
            return getattr(the_session, name)

    the_session = session._session
    monkeypatch.setattr(session, "_session", Seen())
    model.run({"x": np.ones(2, np.float32)})
    model.run_tensors({"x": torch.ones(2)})
    assert inside == [True, True]
    assert not turn.locked()


def test_a_session_takes_its_turn_between_what_the_caller_queued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With streams that write down what they are told; the session itself is on the CPU."""
    log: list[str] = []

    class Stream:
        def __init__(self, name: str) -> None:
            self.name = name

        def wait_stream(self, other: Stream) -> None:
            log.append(f"{self.name} waits for {other.name}")

    @contextmanager
    def entered(stream: Stream) -> Iterator[None]:
        log.append(f"on {stream.name}")
        yield
        log.append(f"off {stream.name}")

    model = OnnxModel(add_one(tmp_path / "tiny.onnx"), "cpu")
    caller = Stream("caller")
    monkeypatch.setattr(model._lease.session(), "_stream", Stream("session"))
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: caller)
    monkeypatch.setattr(torch.cuda, "stream", entered)
    assert model.run_tensors({"x": torch.ones(2)})[0].tolist() == [2, 2]
    assert log == ["session waits for caller", "on session", "off session", "caller waits for session"]
