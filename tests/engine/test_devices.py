"""What the engine knows of devices. Without a GPU: that it says so, and loads no torch for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nodeflow.engine import devices
from nodeflow.engine.shortage import memory_error, short_of

CUDA = "cuda:0"


def has_gpu() -> bool:
    return len(devices.devices()) > 1


gpu = [pytest.mark.gpu, pytest.mark.skipif(not has_gpu(), reason="no CUDA GPU")]


def test_the_cpu_has_no_streams_and_no_memory_of_its_own() -> None:
    enter = devices.stream_for("cpu")
    with enter(), enter():
        pass
    assert devices.memory("cpu") is None
    devices.give_back("cpu")
    assert devices.devices()[0] == devices.Device("cpu", "CPU")


def test_the_cpu_needs_no_torch() -> None:
    code = """
import sys
from nodeflow.engine import devices
from nodeflow.engine.shortage import short_of
with devices.stream_for("cpu")(): pass
devices.memory("cpu"); devices.give_back("cpu"); short_of(ValueError(), "cpu")
sys.exit("torch" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


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

        devices.give_back(CUDA)
        before = devices.memory(CUDA)
        held = torch.empty(64 << 20, dtype=torch.uint8, device=CUDA)
        during = devices.memory(CUDA)
        del held
        devices.give_back(CUDA)
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
        assert short_of(caught.value, CUDA) == CUDA
        assert "cuda:0 has no memory left (" in str(memory_error("auto", [("big", 2 * total)]))
