"""What happens when a GPU has no memory left, with a stand-in for the GPU's words."""

from __future__ import annotations

import pytest

from nodeflow.engine.gpu import call_on_gpu
from nodeflow.engine.packets import Packets
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.node import NodeError
from tests.engine.parts import plan_of


def stage() -> Stage:
    return Stage(plan_of(Graph(nodes={"n": Node("t.constant")}), ("n",)).nodes[0])


class Call:
    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)

    def __call__(self) -> Packets:
        end = self.ends.pop(0)
        if end is not None:
            raise end
        return ("made",)


FULL = RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 2147483648")


def test_a_second_try_after_memory_was_given_back() -> None:
    assert call_on_gpu(stage(), Call(FULL, None), []) == ("made",)


def test_no_memory_twice_is_a_clear_error() -> None:
    with pytest.raises(NodeError, match="no memory left"):
        call_on_gpu(stage(), Call(FULL, FULL), [stage()])


def test_other_faults_are_tried_once() -> None:
    call = Call(ValueError("wrong"), None)
    with pytest.raises(ValueError, match="wrong"):
        call_on_gpu(stage(), call, [])
    assert len(call.ends) == 1
