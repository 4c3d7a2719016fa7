"""What the engine knows of devices. Without a GPU: that it says so, and loads no torch for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nodeflow.engine import devices
from nodeflow.models import BadModel
from nodeflow.node import NodeError

CUDA = "cuda:0"


def has_gpu() -> bool:
    return len(devices.devices()) > 1


gpu = [pytest.mark.gpu, pytest.mark.skipif(not has_gpu(), reason="no CUDA GPU")]


def test_the_cpu_has_no_streams_and_no_memory_of_its_own() -> None:
    enter = devices.stream_for("cpu")
    with enter(), enter():
        pass
    assert devices.memory("cpu") is None
    devices.empty_cache("cpu")
    assert devices.devices()[0] == devices.Device("cpu", "CPU")


def test_the_cpu_needs_no_torch() -> None:
    code = """
import sys
from nodeflow.engine import devices
with devices.stream_for("cpu")(): pass
devices.memory("cpu"); devices.empty_cache("cpu"); devices.is_out_of_memory(ValueError())
sys.exit("torch" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def chained(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


def test_out_of_memory_is_known_by_class_and_by_words() -> None:
    torch = pytest.importorskip("torch")
    assert devices.is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    assert devices.is_out_of_memory(chained(NodeError("it failed"), torch.OutOfMemoryError()))
    words = "[ONNXRuntimeError] : 1 : FAIL : bfc_arena.cc Failed to allocate memory for requested buffer of size 12"
    assert devices.is_out_of_memory(BadModel(f"pose.onnx failed: {words}"))
    assert devices.is_out_of_memory(RuntimeError("CUDA failure 2: out of memory ; GPU=0"))
    assert not devices.is_out_of_memory(BadModel("pose.onnx failed: no such input"))
    assert not devices.is_out_of_memory(MemoryError("a file is too large"))
    assert not devices.is_out_of_memory(None)


def test_a_loop_of_causes_ends() -> None:
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    assert not devices.is_out_of_memory(one)


def test_the_error_names_the_largest_users() -> None:
    held = {"blur": 0, "pose": 1_200_000_000, "style": 3_260_000_000, "crops": 40_000_000, "depth": 700_000_000}
    fault = devices.memory_error("cpu", held.items())
    assert "style 3.3 GB, pose 1.2 GB, depth 0.7 GB" in str(fault)
    assert "crops" not in str(fault)
    assert fault.hint
    assert "held by" not in str(devices.memory_error("cpu", []))


class TestOnAGpu:
    pytestmark = gpu

    def test_each_node_has_a_stream_of_its_own(self) -> None:
        import torch

        first, second = devices.stream_for(CUDA), devices.stream_for(CUDA)

        def entered(enter: devices.Enter) -> int:
            with enter():
                return int(torch.cuda.current_stream(CUDA).cuda_stream)

        assert entered(first) == entered(first)
        assert len({entered(first), entered(second), int(torch.cuda.current_stream(CUDA).cuda_stream)}) == 3

    def test_memory_is_counted_and_given_back(self) -> None:
        import torch

        devices.empty_cache(CUDA)
        before = devices.memory(CUDA)
        held = torch.empty(64 << 20, dtype=torch.uint8, device=CUDA)
        during = devices.memory(CUDA)
        del held
        devices.empty_cache(CUDA)
        after = devices.memory(CUDA)
        assert before is not None
        assert during is not None
        assert after is not None
        assert during.used - before.used == 64 << 20
        assert after.used == before.used
        assert after.kept <= during.kept + (64 << 20)

    def test_asking_for_more_than_there_is_is_known_and_said(self) -> None:
        import torch

        total = devices.devices()[1].total
        with pytest.raises(torch.OutOfMemoryError) as caught:
            torch.empty(2 * total, dtype=torch.uint8, device=CUDA)
        assert devices.is_out_of_memory(caught.value)
        assert "cuda:0 has no memory left (" in str(devices.memory_error("auto", [("big", 2 * total)]))
