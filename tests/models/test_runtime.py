from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest

from nodeflow.models import BadModel, DeviceUnavailable, OnnxModel, loaded, providers

from .tiny_onnx import add_one

X = np.array((1, 2), np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return add_one(tmp_path / "tiny.onnx")


def test_it_runs_and_says_where(path: Path) -> None:
    model = OnnxModel(path, device="cpu")
    y, z = model.run({"x": X})
    np.testing.assert_array_equal(y, X + 1)
    np.testing.assert_array_equal(z, -X)
    assert model.provider == "CPU"
    assert model.inputs == {"x": (2,)}
    assert model.outputs == {"y": (2,), "z": (2,)}
    np.testing.assert_array_equal(model.run({"x": X}, ["z"])[0], -X)


def test_auto_falls_back_to_the_cpu_without_a_driver(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "there is no driver")
    assert OnnxModel(path, device="auto").provider == "CPU"


def test_a_named_gpu_does_not_fall_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "there is no driver")
    with pytest.raises(DeviceUnavailable, match=r"no driver.*'cpu'"):
        OnnxModel(path, device="cuda:0")


@pytest.mark.parametrize("device", ["gpu", "cuda", "cuda:", "cuda:-1", "CPU", "", "cuda:999"])
def test_an_unknown_device_is_a_clear_error(path: Path, device: str) -> None:
    with pytest.raises(DeviceUnavailable, match="device"):
        OnnxModel(path, device=device)


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_a_truncated_model_is_a_clear_error(path: Path, keep: int) -> None:
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BadModel, match=r"tiny\.onnx.*fetch it again") as caught:
        OnnxModel(path, device="cpu")
    assert "\n" not in str(caught.value)


def test_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"gone\.onnx"):
        OnnxModel(tmp_path / "gone.onnx", device="cpu")


@pytest.mark.parametrize("feeds", [{}, {"x": np.zeros(3, np.float32)}, {"x": np.zeros(2)}, {"q": X}])
def test_wrong_inputs_are_a_clear_error(path: Path, feeds: dict[str, np.ndarray]) -> None:
    with pytest.raises(BadModel, match=r"tiny\.onnx"):
        OnnxModel(path, device="cpu").run(feeds)


def test_a_bound_run_reads_and_writes_arrays_that_stay(path: Path) -> None:
    given = X.copy()
    model = OnnxModel(path, device="cpu")
    both, one = model.bound({"x": given}), model.bound({"x": given}, ["z"])
    before = [id(array) for array in both()]
    for number in (1, 5):
        given[:] = number
        made = both()
        assert [id(array) for array in made] == before
        np.testing.assert_array_equal(made, [given + 1, -given])
        np.testing.assert_array_equal(one(), [-given])
    assert model._lease._entry.calls == 5


def test_a_bound_run_goes_on_after_its_session_was_unloaded(path: Path) -> None:
    given = X.copy()
    bound = OnnxModel(path, device="cpu").bound({"x": given})
    bound(), bound()
    bound._lease._entry.session = None  # as `sessions.sweep` does where a graph is paused for long
    given += 1
    np.testing.assert_array_equal(bound(), [given + 1, -given])


def test_a_bound_run_gives_outputs_of_any_size(tmp_path: Path) -> None:
    path = tmp_path / "open.onnx"
    value = onnx.helper.make_tensor_value_info
    node = onnx.helper.make_node("NonZero", ["x"], ["y"])
    opset = {"opset_imports": [onnx.helper.make_opsetid("", 17)], "ir_version": 8}
    ends = [value("x", onnx.TensorProto.FLOAT, [4])], [value("y", onnx.TensorProto.INT64, [1, "found"])]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([node], "open", *ends), **opset), path)
    given = np.array((0, 1, 0, 2), np.float32)
    bound = OnnxModel(path, device="cpu").bound({"x": given})
    np.testing.assert_array_equal(bound()[0], [[1, 3]])
    given[:] = (1, 0, 0, 0)
    np.testing.assert_array_equal(bound()[0], [[0]])


@pytest.mark.parametrize("wrong", [np.zeros(3, np.float32), np.zeros(2)])
def test_a_bound_run_on_a_wrong_input_is_a_clear_error(path: Path, wrong: np.ndarray) -> None:
    bound = OnnxModel(path, device="cpu").bound({"x": wrong})
    for _ in range(2):
        with pytest.raises(BadModel, match=r"tiny\.onnx"):
            bound()


def test_operators_that_nobody_knows_are_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "odd.onnx"
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [2]) for name in "xy")
    node = onnx.helper.make_node("Run", ["x"], ["y"], domain="evil", command="touch it")
    opsets = [onnx.helper.make_opsetid("", 17), onnx.helper.make_opsetid("evil", 1)]
    graph = onnx.helper.make_graph([node], "odd", [x], [y])
    onnx.save(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    with pytest.raises(BadModel, match=r"odd\.onnx cannot be opened.*evil"):
        OnnxModel(path, device="cpu")


def test_models_opened_alike_share_a_session(path: Path) -> None:
    first, second = OnnxModel(path, "cpu", 1), OnnxModel(path, "cpu", 1, name="another name")
    shared = next(each for each in loaded() if each.users == 2)
    assert (shared.name, shared.device, shared.provider) == ("tiny", "cpu", "CPU")
    assert shared.bytes == path.stat().st_size
    assert first._lease.session() is second._lease.session()
    assert OnnxModel(path, "cpu", 2)._lease.session() is not first._lease.session()
    assert OnnxModel(path, "cpu", 1, "fp32")._lease.session() is not first._lease.session()


def test_a_file_that_was_changed_is_another_model(path: Path) -> None:
    before = OnnxModel(path, "cpu")
    add_one(path, by=5.0)
    np.testing.assert_array_equal(before.run({"x": X})[0], X + 1)
    np.testing.assert_array_equal(OnnxModel(path, "cpu").run({"x": X})[0], X + 5)


def test_threads_may_run_and_open_at_once(path: Path) -> None:
    def use(number: int) -> float:
        model = OnnxModel(path, "cpu", 1 + number % 2)
        return float(model.run({"x": X + number})[0][0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(100))) == [2.0 + number for number in range(100)]


def test_wishes_that_do_not_come_true_are_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "there is no driver")
    assert OnnxModel(path, precision="fp32").provider == "CPU"
    assert OnnxModel(path, precision="fp16").provider == "CPU (asked for CUDA fp16: there is no driver)"
    wished = OnnxModel(path, "cpu", precision="fp16", tensorrt=True)
    assert wished.provider == "CPU (asked for TensorRT fp16: the device is the CPU)"


def test_what_is_tried_with_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "")
    monkeypatch.setattr(providers, "no_tensorrt", lambda: "")

    def labels(device: str, precision: providers.Precision, tensorrt: bool) -> list[str]:
        return [each.label for each in providers.candidates(device, precision, tensorrt)]

    assert labels("cpu", "auto", False) == ["CPU"]
    assert labels("auto", "auto", False) == ["CUDA", "CPU"]
    assert labels("cuda:1", "fp32", False) == ["CUDA fp32", "CPU"]
    assert labels("auto", "fp16", True) == ["TensorRT fp16", "CUDA fp16", "CUDA", "CPU"]
    assert labels("auto", "auto", True) == ["TensorRT", "CUDA", "CPU"]
    first, second, *_ = providers.candidates("cuda:1", "fp16", True)
    asked = first.providers(stream=1234, engines=Path("engines"))
    assert [each if isinstance(each, str) else each[0] for each in asked] == [
        providers.TENSORRT,
        providers.CUDA,
        providers.CPU,
    ]
    options = asked[0][1]
    assert isinstance(options, dict)
    assert options["trt_fp16_enable"] == "True"
    assert options["user_compute_stream"] == "1234"
    assert not first.halved
    assert second.halved


def test_without_tensorrt_cuda_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "")

    def nothing(library: str) -> None:
        raise OSError(library)

    monkeypatch.setattr(ctypes, "CDLL", nothing)
    wanted, got, _ = providers.candidates("cuda:0", "auto", True)
    assert "not installed" in wanted.missing
    said = providers.described(got, [(wanted, wanted.missing)], wishes=True)
    assert said.startswith("CUDA (asked for TensorRT: TensorRT 10 is not installed")


@pytest.mark.skipif(not providers.no_cuda(), reason="there is a GPU")
def test_a_gpu_that_does_not_start_is_an_error_by_name_and_the_cpu_by_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "no_cuda", lambda: "")
    assert OnnxModel(path, device="auto").provider == "CPU"
    with pytest.raises(DeviceUnavailable, match=r"tiny\.onnx.*cuda:0.*'cpu'"):
        OnnxModel(path, device="cuda:0")
    path.write_bytes(b"")
    with pytest.raises(BadModel, match="fetch it again"):
        OnnxModel(path, device="cuda:0")
