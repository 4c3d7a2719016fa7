"""How busy the GPUs are: asked of a library that is not here."""

from __future__ import annotations

import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from nodeflow.editor.running import gpu_use
from nodeflow.editor.running.gpu_use import NO_GPU, NO_TELLER, GpuMeter, Use, by_nvml, by_torch, reader


class NVMLError(Exception):
    pass


class FakeNvml:
    """Two GPUs, the second a part of one that cannot tell how busy it is."""

    NVMLError = NVMLError

    def __init__(self, *, driver: bool = True, count: int = 2, lost: bool = False) -> None:
        self._driver, self._count, self._lost = driver, count, lost
        self.opened = 0

    def nvmlInit(self) -> None:
        self.opened += 1
        if not self._driver:
            raise NVMLError("Driver Not Loaded")

    def nvmlDeviceGetCount(self) -> int:
        if self._lost:
            raise NVMLError("GPU is lost")
        return self._count

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, gpu: int) -> str | bytes:
        return ("Big GPU", b"Part of it")[gpu]

    def nvmlDeviceGetMemoryInfo(self, gpu: int) -> Any:
        return SimpleNamespace(used=(gpu + 1) << 30, total=80 << 30)

    def nvmlDeviceGetUtilizationRates(self, gpu: int) -> Any:
        if gpu == 1:
            raise NVMLError("Not Supported")
        return SimpleNamespace(gpu=37, memory=5)


def test_the_library_tells_each_gpu_and_what_it_cannot_tell_is_left_out() -> None:
    said = by_nvml(FakeNvml())
    assert not isinstance(said, str)
    big, part = said
    assert big == Use("Big GPU", 0.37, 1 << 30, 80 << 30)
    assert big.words == "37%   1.0 of 80 GB   Big GPU"
    assert part.busy is None
    assert part.words == "2.0 of 80 GB   Part of it"


def test_a_gpu_that_is_gone_is_said_and_none_is_none() -> None:
    assert by_nvml(FakeNvml(lost=True)) == "The GPU does not answer: GPU is lost"
    assert by_nvml(FakeNvml(count=0)) == NO_GPU


@pytest.mark.parametrize(("driver", "said"), [(True, "Big GPU"), (False, NO_GPU)])
def test_the_driver_is_opened_once(monkeypatch: pytest.MonkeyPatch, driver: bool, said: str) -> None:
    nvml = FakeNvml(driver=driver)
    monkeypatch.setitem(sys.modules, "pynvml", nvml)
    read = reader()
    assert nvml.opened == 0
    first, second = read(), read()
    assert first == second
    assert (first if isinstance(first, str) else first[0].name) == said
    assert nvml.opened == 1


def test_without_the_library_torch_is_asked_only_where_it_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    cuda = SimpleNamespace(
        is_initialized=lambda: True,
        device_count=lambda: 2,
        memory_reserved=lambda index: 1 - index,
        mem_get_info=lambda index: (3 << 30, 8 << 30),
        get_device_name=lambda index: f"GPU {index}",
    )
    assert by_torch(SimpleNamespace(cuda=cuda)) == (Use("GPU 0", None, 5 << 30, 8 << 30),)
    asleep = SimpleNamespace(cuda=SimpleNamespace(is_initialized=lambda: False))
    for driver, said in ((True, NO_TELLER), (False, NO_GPU)):
        monkeypatch.setattr("nodeflow.values.device.has_driver", lambda driver=driver: driver)
        assert by_torch(None) == by_torch(asleep) == by_torch(SimpleNamespace()) == said


def test_nobody_is_asked_once_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_use, "_EVERY", 0.0)
    asked = threading.Event()
    threads = []

    def read() -> str:
        threads.append(threading.current_thread())
        asked.set()
        return "busy"

    meter = GpuMeter(read)
    assert meter.said == ""
    meter.want(time.monotonic() + 1000.0)  # however late its thread begins
    assert asked.wait(60.0)
    assert threads[0] is not threading.main_thread()
    meter.want(time.monotonic() - 60.0)
    threads[0].join(60.0)
    assert not threads[0].is_alive()
    assert meter.said == "busy"
