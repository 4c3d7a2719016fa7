"""How busy the GPUs are, asked once a second by a thread while somebody looks. Pure but for that thread.

    meter = GpuMeter()
    meter.want(now); meter.said             # a line that says why nothing is known, or one `Use` for each GPU

NVIDIA's own library tells most, by the package nvidia-ml-py where that is installed (the extra `gpu`).
Without it, torch tells the memory, if the run has brought it up on a GPU; it is never loaded for this.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_EVERY: Final = 1.0
_LOOKED_AWAY: Final = 3.0
"""Seconds after which nobody looks any more, and the thread ends."""
NO_GPU: Final = "No GPU here"
NO_TELLER: Final = "The package nvidia-ml-py tells how busy the GPU is; it is not installed"


@dataclass(frozen=True, slots=True)
class Use:
    """One GPU: `busy` is the part of the last moment in which it worked, 0..1, or None where nobody can tell; memory in
    bytes, taken by anybody."""

    name: str
    busy: float | None
    taken: int
    total: int

    @property
    def words(self) -> str:
        busy = "" if self.busy is None else f"{self.busy:.0%}   "
        return f"{busy}{self.taken / 2**30:.1f} of {self.total / 2**30:.0f} GB   {self.name}"


Said = str | tuple[Use, ...]


class GpuMeter:
    """`said` is what the last look gave. `read` is asked on the meter's thread only."""

    def __init__(self, read: Callable[[], Said] | None = None) -> None:
        self._read = read or reader()
        self.said: Said = ""
        self._wanted = 0.0
        self._thread: threading.Thread | None = None

    def want(self, now: float) -> None:
        """Somebody looks at this moment of the monotonic clock."""
        self._wanted = now
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._watch, name="asking the GPU", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        while time.monotonic() - self._wanted < _LOOKED_AWAY:
            self.said = self._read()
            time.sleep(_EVERY)


def reader() -> Callable[[], Said]:
    """How to ask on this machine. The driver is opened with the first question, and stays open."""
    nvml: list[Any] = []

    def read() -> Said:
        if not nvml:
            nvml.append(_open_nvml())
        if nvml[0] is None:
            return by_torch(sys.modules.get("torch"))
        return by_nvml(nvml[0]) if nvml[0] else NO_GPU

    return read


def _open_nvml() -> Any:
    """NVIDIA's library, opened; None where its package is not installed, False where there is no driver."""
    try:
        import pynvml
    except ImportError:
        return None
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return False
    return pynvml


def by_nvml(nvml: Any) -> Said:
    """What NVIDIA's library says of each GPU."""
    try:
        count = nvml.nvmlDeviceGetCount()
        return tuple(_use(nvml, nvml.nvmlDeviceGetHandleByIndex(index)) for index in range(count)) or NO_GPU
    except nvml.NVMLError as fault:
        return f"The GPU does not answer: {fault}"


def _use(nvml: Any, gpu: Any) -> Use:
    name = nvml.nvmlDeviceGetName(gpu)
    memory = nvml.nvmlDeviceGetMemoryInfo(gpu)
    try:
        busy = nvml.nvmlDeviceGetUtilizationRates(gpu).gpu / 100
    except nvml.NVMLError:  # a part of a GPU cannot tell
        busy = None
    return Use(name.decode() if isinstance(name, bytes) else str(name), busy, int(memory.used), int(memory.total))


def by_torch(torch: Any) -> Said:
    """What torch says, if the run has brought it up on a GPU: to do that here would take memory there."""
    cuda = getattr(torch, "cuda", None)  # a thread may be loading it just now
    found = []
    if cuda is not None and cuda.is_initialized():
        for index in range(cuda.device_count()):
            if cuda.memory_reserved(index):
                free, total = cuda.mem_get_info(index)
                found.append(Use(cuda.get_device_name(index), None, total - free, total))
    if found:
        return tuple(found)
    from nodeflow.values.device import has_driver

    return NO_TELLER if has_driver() else NO_GPU
