"""Work on a GPU, recorded once and then queued as one thing: a CUDA graph.

    launch = recorded(stream, queue)    # `queue()` queues work on the stream, always the same on the same memory
    launch()                            # all of it again

A small network is a hundred short kernels, and to queue them takes the host longer than to run them takes the GPU.

It is recorded for the calling thread alone, so that others may use the GPU as they like meanwhile. (onnxruntime has an
option of its own for this, which forbids all threads of the process to take memory while it records.) The thread itself
may take memory only inside `taking_memory`. After the pages on graphs in NVIDIA's CUDA driver API.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from nodeflow.models.driver import Driver, Handle, done, driver

if TYPE_CHECKING:
    import torch

_THREAD_LOCAL: Final = 1
_RELAXED: Final = 2
_TAKES, _FREES = 10, 11
_REPEATABLE: Final = frozenset((0, 1, 2, 5, _TAKES, _FREES))
"""Kinds of work that may be done again: kernels, copies, fills and nothing; and to take memory, where it is freed, as
cuBLAS does for small products. Not: calls of the host's functions."""


def recorded(stream: torch.cuda.Stream, queue: Callable[[], object]) -> Callable[[], None] | None:
    """What queues the work that `queue` queues on a stream, in one go; None if that cannot be recorded.

    What runs on the stream must be done, and the memory that the work uses must stay. Nothing is run here.
    """
    found, graph = driver(), Handle()
    handle = Handle(stream.cuda_stream)
    if found is None or found.patient.cuStreamBeginCapture_v2(handle, _THREAD_LOCAL):
        return None
    calls = found.patient
    try:
        queue()
    except Exception:  # onnxruntime's errors share no base class; what waits for the GPU cannot be recorded
        calls.cuStreamEndCapture(handle, ctypes.byref(graph))
        return None
    if calls.cuStreamEndCapture(handle, ctypes.byref(graph)) or not graph:
        return None
    try:
        ready = Handle()
        if not _repeatable(calls, graph) or calls.cuGraphInstantiateWithFlags(ctypes.byref(ready), graph, 0):
            return None
        return _Recording(found, ready, handle)
    finally:
        calls.cuGraphDestroy(graph)


@contextmanager
def taking_memory() -> Iterator[None]:
    """What is queued inside may be recorded although torch takes memory for it, which is taken once and not again when
    it is launched: it must stay with who did so."""
    found, mode = driver(), ctypes.c_int(_RELAXED)
    if found is None:
        yield
        return
    exchange = found.quick.cuThreadExchangeStreamCaptureMode
    exchange(ctypes.byref(mode))
    try:
        yield
    finally:
        exchange(ctypes.byref(mode))


class _Recording:
    """A graph that is ready to run. Goes when nobody refers to it any more, after its last run."""

    def __init__(self, calls: Driver, graph: Handle, stream: Handle) -> None:
        self._calls, self._graph, self._stream = calls, graph, stream

    def __call__(self) -> None:
        done(self._calls.quick.cuGraphLaunch(self._graph, self._stream))

    def __del__(self) -> None:
        self._calls.patient.cuGraphExecDestroy(self._graph)


def _repeatable(calls: ctypes.CDLL, graph: Handle) -> bool:
    """Whether all that was recorded may be done again."""
    count = ctypes.c_size_t()
    if calls.cuGraphGetNodes(graph, None, ctypes.byref(count)) or not count.value:
        return False
    nodes = (Handle * count.value)()
    if calls.cuGraphGetNodes(graph, nodes, ctypes.byref(count)):
        return False
    kinds = [_kind(calls, Handle(node)) for node in nodes]
    return _REPEATABLE.issuperset(kinds) and kinds.count(_TAKES) == kinds.count(_FREES)


def _kind(calls: ctypes.CDLL, node: Handle) -> int | None:
    kind = ctypes.c_int()
    return None if calls.cuGraphNodeGetType(node, ctypes.byref(kind)) else kind.value
