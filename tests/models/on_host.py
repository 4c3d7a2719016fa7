"""What networks of tests have in common with those that run on the host, or on a device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from nodeflow.models.round_trip import Reading
from nodeflow.models.runtime import OnnxModel
from nodeflow.values.device import download


class OnHost:
    """`run` is a test's own; `bound` runs it on the arrays as they are by then."""

    provider, device = "CPU", "cpu"
    run: Callable[..., list[Any]]

    def bound(self, feeds: dict[str, Any], outputs: list[str] | None = None) -> Callable[[], list[Any]]:
        return lambda: self.run(feeds, outputs)


class OnDevice:
    """`run_tensors` is a test's own; `round_trip` runs it on what was cut, and reads the answer there."""

    inputs: dict[str, Any]
    run_tensors: Callable[..., list[Any]]

    def round_trip(self, reading: Reading, outputs: list[str] | None = None) -> Callable[..., list[Any]]:
        (name,) = self.inputs

        def trip(cut: Any, picture: Any, numbers: Any) -> list[Any]:
            return self.download(*reading.on_device(self.run_tensors({name: cut(picture, numbers)}, outputs)))

        return trip

    def download(self, *tensors: Any) -> list[Any]:
        return list(download(*tensors))


class AtOnce:
    """A `Lane` of a device that does all at once."""

    stream: Any

    def __init__(self) -> None:
        self.stream = self

    def __enter__(self) -> AtOnce:
        return self

    def __exit__(self, *_: object) -> None: ...
    def synchronize(self) -> None: ...
    def wait_stream(self, other: object) -> None: ...
    def follow(self) -> None: ...
    def set(self, mark: object) -> None: ...
    def wait(self) -> None: ...
    def mark(self) -> AtOnce:
        return self

    def record(self, queue: Callable[[], object]) -> Callable[[], None] | None:
        return lambda: (queue(), None)[1]

    def copy(self, into: Any, source: Any) -> None:
        into.copy_(source)


class Scripted(OnHost):
    """A network whose answer is a function of its input. `shown` is what it saw last."""

    shown: np.ndarray

    def __init__(self, outputs: tuple[str, ...], answer: Callable[[np.ndarray], list[np.ndarray]]) -> None:
        self.provider = "CPU"
        self.device = "cpu"
        self.inputs = {"in": ()}
        self.outputs = dict.fromkeys(outputs, ())
        self.answer = answer
        self.calls = 0

    def run(self, feeds: dict[str, np.ndarray], outputs: list[str] | None = None) -> list[np.ndarray]:
        self.calls += 1
        self.shown = np.array(feeds["in"])
        return self.answer(feeds["in"])


def model(network: OnHost) -> OnnxModel:
    return cast(OnnxModel, network)
