"""The devices that nodes run on, as the engine sees them: streams and memory.

    enter = stream_for("cuda:0")                # once a node
    with enter():                               # around each of its calls
        packets = instance.call(...)

A node on a GPU has a torch stream of its own, so that its work and that of other nodes may overlap, and so has one that
is given pictures which live there; images carry the event by which a reader on another stream waits (see
`nodeflow.values.device`). What becomes of a call that finds no
memory stands in `shortage`.

Device strings are "cpu", "cuda:0" or "auto", which is the first GPU or the CPU. Nothing here loads torch for the CPU.
All of it may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nodeflow.values import Image, Items
from nodeflow.values.device import has_driver, new_stream, resolved

if TYPE_CHECKING:
    import torch

Enter = Callable[[], AbstractContextManager[Any]]


def stream_for(device: str) -> Enter:
    """What to enter around each call of one node: its own stream on a GPU, nothing on the CPU.

    The calls of a node that is parallel share its stream.
    """
    where = resolved(device)
    stream = new_stream(where) if where.startswith("cuda") else None
    return nullcontext if stream is None else lambda: _current(stream)


def device_of(values: Iterable[Any]) -> str | None:
    """The device on which the first picture among these values lives, or the first of a list; None if none does."""
    for value in values:
        first = value[0] if isinstance(value, Items) and value else value
        if isinstance(first, Image) and first.device not in (None, "cpu"):
            return first.device
    return None


def _current(stream: torch.cuda.Stream) -> AbstractContextManager[Any]:
    import torch

    return torch.cuda.stream(stream)


@dataclass(frozen=True, slots=True)
class Memory:
    """A device's memory in bytes: all there is, what is taken by anybody, and what torch took of it and uses or keeps.

    `used` is what tensors hold, `kept` what torch holds ready for the next ones. onnxruntime's own share is in
    `taken` only.
    """

    total: int
    taken: int
    used: int
    kept: int


@dataclass(frozen=True, slots=True)
class Device:
    """A device as people see it. `total` in bytes; 0 for the CPU, which has the host's memory."""

    name: str
    title: str
    total: int = 0


def devices() -> list[Device]:
    """The CPU and every GPU that torch can use. Loads torch where there is an NVIDIA driver."""
    found = [Device("cpu", "CPU")]
    if not has_driver():
        return found
    import torch

    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        known = torch.cuda.get_device_properties(index)
        found.append(Device(f"cuda:{index}", known.name, known.total_memory))
    return found


def memory(device: str) -> Memory | None:
    """A GPU's memory; None for the CPU. The host does not wait for the GPU."""
    where = resolved(device)
    if not where.startswith("cuda"):
        return None
    import torch

    free, total = torch.cuda.mem_get_info(where)
    used = torch.cuda.memory_allocated(where)
    return Memory(total, total - free, used, torch.cuda.memory_reserved(where) - used)


def give_back(device: str) -> None:
    """Give back the models on a device that nobody uses any more, and what torch keeps ready on a GPU but does not
    use. The host waits for the GPU."""
    from nodeflow.models.sessions import sessions

    where = resolved(device)
    sessions.let_go(where)
    if where.startswith("cuda"):
        import torch

        with torch.cuda.device(where):
            torch.cuda.empty_cache()
