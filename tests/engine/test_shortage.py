"""What happens when a call finds no memory on the host or on a GPU, with a stand-in for the GPU's words."""

from __future__ import annotations

from typing import Any, cast

import pytest

from nodeflow.engine import shortage
from nodeflow.engine.circuit import Call
from nodeflow.engine.packets import Packets
from nodeflow.engine.shortage import memory_error, run_again, short_of
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.models import BadModel
from nodeflow.models.sessions import Loaded
from nodeflow.node import NodeError
from tests.engine.parts import plan_of

GPU = "cuda:0"
FULL = RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 2147483648")


class Tried:
    """A call on a GPU that ends each time as it is told."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.stage = Stage(plan_of(Graph(nodes={"n": Node("t.constant")}), ("n",)).nodes[0])
        self.stage.device = GPU
        self.frame = cast(Any, self)
        self.stages = (self.stage,)
        self.made_room: list[str] = []

    def run(self) -> Packets:
        end = self.ends.pop(0)
        if end is not None:
            raise end
        return ("made",)

    def again(self) -> Packets:
        return run_again(cast(Call, self), self.made_room.append, GPU)


def test_a_second_try_after_memory_was_given_back() -> None:
    tried = Tried(None)
    assert tried.again() == ("made",)
    assert tried.made_room == [GPU]


def test_no_memory_twice_is_a_clear_error_that_names_who_holds_most(monkeypatch: pytest.MonkeyPatch) -> None:
    style = Loaded("style", GPU, "CUDA", 3_260_000_000, 1.0, None, 0, 1, 0.0)
    on_the_host = Loaded("pose", "cpu", "CPU", 9_000_000_000, 1.0, None, 0, 1, 0.0)
    monkeypatch.setattr(shortage, "loaded", lambda: (style, on_the_host))
    monkeypatch.setattr(shortage, "memory", lambda _: None)
    monkeypatch.setattr(shortage, "resolved", lambda device: device)
    with pytest.raises(NodeError) as caught:
        Tried(FULL).again()
    assert "cuda:0 has no memory left" in str(caught.value)
    assert "Failed to allocate memory for requested buffer" in str(caught.value)
    assert "most is held by the model style 3.3 GB" in str(caught.value)
    assert "pose" not in str(caught.value)


def test_another_fault_of_the_second_try_is_that_fault() -> None:
    with pytest.raises(ValueError, match="wrong"):
        Tried(ValueError("wrong")).again()


def chained(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


def test_it_is_known_by_class_and_by_words_whose_memory_was_short() -> None:
    torch = pytest.importorskip("torch")
    assert short_of(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), GPU) == GPU
    assert short_of(chained(NodeError("it failed"), torch.OutOfMemoryError()), GPU) == GPU
    words = "[ONNXRuntimeError] : 1 : FAIL : bfc_arena.cc Failed to allocate memory for requested buffer of size 12"
    for device in ("cpu", GPU):
        assert short_of(BadModel(f"pose.onnx failed: {words}"), device) == device
    assert short_of(RuntimeError("CUDA failure 2: out of memory ; GPU=0"), GPU) == GPU
    assert short_of(RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be reported late"), GPU) == GPU
    for device in ("cpu", GPU):
        assert short_of(MemoryError(), device) == "cpu"
        assert short_of(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried ..."), device) == "cpu"
        assert short_of(BadModel("pose.onnx failed: no such input"), device) == ""


def test_a_loop_of_causes_ends() -> None:
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    assert short_of(one, "cpu") == ""


def test_the_error_names_the_largest_users() -> None:
    held = {"blur": 0, "pose": 1_200_000_000, "style": 3_260_000_000, "crops": 40_000_000, "depth": 700_000_000}
    fault = memory_error("cpu", held.items())
    assert "the host has no memory left" in str(fault)
    assert "style 3.3 GB, pose 1.2 GB, depth 700 MB" in str(fault)
    assert "crops" not in str(fault)
    assert fault.hint
    assert "held by" not in str(memory_error("cpu", []))
