"""A call that finds no memory, on the host or on a GPU: it is made once more after all that can be done without was
given back, and if that does not help either it fails with an error that names who holds most.

Which memory was short is read from what was raised, for few libraries have a class for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from nodeflow.engine.cache import size_of
from nodeflow.engine.devices import memory
from nodeflow.engine.packets import Packets
from nodeflow.models.sessions import free_memory, loaded
from nodeflow.node import NodeError
from nodeflow.sizes import size_text
from nodeflow.values.device import resolved

if TYPE_CHECKING:
    from nodeflow.engine.circuit import Call
    from nodeflow.engine.stage import Stage

_GPU_SAYS = ("out of memory ;", "cuda error: out of memory", "status_alloc_failed", "cuda failure 2:")
_HOST_SAYS = ("can't allocate memory", "insufficient memory", "bad_alloc", "bad allocation")
_EITHER_SAYS = ("failed to allocate memory",)
"""onnxruntime's words, wherever it runs."""


def run_again(call: Call, make_room: Callable[[str], None], short: str) -> Packets:
    """Make a call for which the memory of `short` did not suffice once more. Raises NodeError, naming the largest
    users, if it does not suffice now; else whatever the node raises."""
    make_room(short)
    try:
        return call.run()
    except Exception as fault:
        short = short_of(fault, call.stage.device)
        if not short:
            raise
        raise memory_error(short, held(short, call.frame.stages), _first_line(fault)) from fault


def short_of(fault: BaseException, device: str) -> str:
    """Whose memory did not suffice, as this error of a call on `device` or one that led to it says: "cpu" for the
    host's, or a GPU's name; "" if it failed for another reason."""
    torch = sys.modules.get("torch")
    for each in _and_causes(fault):
        if isinstance(each, MemoryError):
            return "cpu"
        said = _said(each)
        if (torch is not None and isinstance(each, torch.OutOfMemoryError)) or _any(_GPU_SAYS, said):
            return resolved("auto") if device == "cpu" else device
        if _any(_EITHER_SAYS, said):
            return device
        if _any(_HOST_SAYS, said):
            return "cpu"
    return ""


def _any(words: Iterable[str], said: str) -> bool:
    return any(each in said for each in words)


def _said(fault: BaseException) -> str:
    try:
        return str(fault).lower()
    except BaseException:  # its own __str__ may fail
        return ""


def _and_causes(fault: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = fault
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def held(device: str, stages: Iterable[Stage]) -> list[tuple[str, int]]:
    """Who holds how many bytes of a memory: nodes by what they gave last, and models."""
    sizes = {stage.id: size_of(stage.given) for stage in stages}
    values = [(name, size.host if device == "cpu" else size.device) for name, size in sizes.items()]
    return [*values, *((f"the model {each.name}", each.cost) for each in loaded() if each.device == device)]


def memory_error(device: str, held: Iterable[tuple[str, int]], said: str = "", limit: int = 3) -> NodeError:
    """The error of a call that found no memory, also at its second try: `said` is what it was told then, `held` are
    the users by name and their bytes."""
    where = resolved(device)
    largest = sorted(((size, name) for name, size in held if size > 0), reverse=True)[:limit]
    users = ", ".join(f"{name} {size_text(size)}" for size, name in largest)
    message = f"{'the host' if where == 'cpu' else where} has no memory left ({_taken(where)})"
    message += (f": {said}" if said else "") + (f"; most is held by {users}" if users else "")
    others = "" if where == "cpu" else " that use the GPU"
    return NodeError(message, f"Use smaller pictures or models, remove a node, or end other programs{others}.")


def _taken(device: str) -> str:
    now = memory(device)
    return f"{size_text(now.taken)} of {size_text(now.total)} are taken" if now else f"{1 - free_memory():.0%} is taken"


def _first_line(fault: BaseException) -> str:
    try:
        return str(fault).strip().splitlines()[0].rstrip(".")[:300]
    except BaseException:  # its own __str__ may fail, or say nothing
        return ""
