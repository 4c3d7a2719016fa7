"""A stream and calls that queue on it, with a stand-in for the driver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from nodeflow.models.lane import Lane

from .stand_in_driver import Driver, Stream

torch = pytest.importorskip("torch")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[Driver], Lane]:
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: Stream())
    return lambda driver: Lane(cast(Any, driver), cast(Any, Stream()))


def test_what_is_queued_stands_between_the_callers_work_and_the_mark(opened: Callable[[Driver], Lane]) -> None:
    driver = Driver()
    lane = opened(driver)
    end = lane.mark()
    driver.calls.clear()
    with lane:
        lane.follow()
        lane.copy(torch.zeros(3), torch.ones(3))
        lane.set(end)
    end.wait()
    assert driver.calls == [
        "cuCtxPushCurrent_v2",
        "cuEventRecord",
        "cuStreamWaitEvent",
        "cuMemcpyAsync",
        "cuEventRecord",
        "cuCtxPopCurrent_v2",
        "cuEventSynchronize",
    ]


@pytest.mark.parametrize("call", ["cuMemcpyAsync", "cuStreamWaitEvent", "cuEventRecord"])
def test_what_the_gpu_refuses_is_an_error_and_its_context_is_left(opened: Callable[[Driver], Lane], call: str) -> None:
    driver = Driver(fails=call)
    lane = opened(driver)

    def queue() -> None:
        with lane:
            lane.follow()
            lane.copy(torch.zeros(3), torch.ones(3))

    with pytest.raises(RuntimeError, match="error 900 of the CUDA driver"):
        queue()
    assert driver.calls[-1] == "cuCtxPopCurrent_v2"


def test_there_is_no_lane_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.models.lane.driver", lambda: None)
    assert Lane.of(cast(Any, Stream())) is None
