"""The devices that nodes run on, as the engine sees them: streams, memory, and what to do when it runs out.

    enter = stream_for("cuda:0")                # once a node
    with enter():                               # around each of its calls
        packets = instance.call(...)

A node on a GPU has a torch stream of its own, so that its work and that of other nodes may overlap; images carry the
event by which a reader on another stream waits (see `nodeflow.values.device`). A call that fails for want of memory is
made once more after `empty_cache`; if that fails too, `memory_error` says who holds most.

Device strings are "cpu", "cuda:0" or "auto", which is the first GPU or the CPU. Nothing here loads torch for the CPU.
All of it may be called from any thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nodeflow.node import NodeError
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


def empty_cache(device: str) -> None:
    """Give back what torch keeps ready on a GPU but does not use, and models there that nobody uses any more. The host
    waits for the GPU."""
    where = resolved(device)
    if where.startswith("cuda"):
        import torch

        from nodeflow.models.sessions import sessions

        sessions.let_go(where)

        with torch.cuda.device(where):
            torch.cuda.empty_cache()


def is_out_of_memory(fault: BaseException | None) -> bool:
    """Whether this error, or one that led to it, says that a GPU has no memory left."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if _says_out_of_memory(fault):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


_ONNXRUNTIME_SAYS = ("failed to allocate memory", "out of memory ;", "status_alloc_failed", "cuda failure 2:")


def _says_out_of_memory(fault: BaseException) -> bool:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(fault, torch.OutOfMemoryError):
        return True
    # onnxruntime has no class for it, only words.
    said = str(fault).lower()
    return any(words in said for words in _ONNXRUNTIME_SAYS)


def memory_error(device: str, held: Iterable[tuple[str, int]], limit: int = 3) -> NodeError:
    """The error of a call that found no memory, also at its second try. `held` are the nodes' ids and their bytes."""
    largest = sorted(((size, node) for node, size in held if size > 0), reverse=True)[:limit]
    users = ", ".join(f"{node} {_readable(size)}" for size, node in largest)
    now = memory(device)
    full = f" ({_readable(now.taken)} of {_readable(now.total)} are taken)" if now else ""
    message = f"{resolved(device)} has no memory left{full}" + (f"; most is held by {users}" if users else "")
    return NodeError(message, "Use smaller pictures or models, remove a node, or end other programs that use the GPU.")


def _readable(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 5e8 else f"{size / 1e6:.0f} MB"
