"""What stands for NVIDIA's driver where there is none: it writes down what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Driver:
    """Stands for NVIDIA's driver. `kinds` are of the work that was recorded; `fails` names the call that says no."""

    def __init__(self, kinds: tuple[int, ...] = (0, 1), fails: str = "") -> None:
        self.kinds, self.fails = kinds, fails
        self.quick = self.patient = self
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., int]:
        def call(*given: Any) -> int:
            self.calls.append(name)
            if name == self.fails:
                return 900
            if name == "cuStreamEndCapture":
                given[1]._obj.value = 17
            elif name == "cuGraphGetNodes":
                given[2]._obj.value = len(self.kinds)
                for place in range(len(self.kinds) if given[1] is not None else 0):
                    given[1][place] = place
            elif name == "cuGraphNodeGetType":
                given[1]._obj.value = self.kinds[given[0].value or 0]
            return 0

        return call


class Stream:
    """One of torch's, on a GPU that is not there."""

    device, cuda_stream = "cuda:0", 5
