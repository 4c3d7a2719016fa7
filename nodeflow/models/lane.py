"""A GPU's stream, and calls that queue on it without letting go of Python's lock (see `driver`).

lane = Lane.of(stream)              # None where there is no driver for it
launch = lane.record(queue)         # what `queue()` queues there, as one thing; None where it cannot be had
end = lane.mark()

with lane:                          # for one thread at a time
    lane.follow(callers)            # what is queued next comes after what the caller's stream holds by now
    lane.copy(there, here)
    launch()
    lane.set(end)
end.wait()                          # the host waits until all that is done; others have the lock meanwhile
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

from nodeflow.models.driver import Driver, Handle, done, driver
from nodeflow.models.recording import recorded

if TYPE_CHECKING:
    import torch

_NO_TIMES: Final = 2
"""Of a mark: nobody asks when it was passed."""


class Lane:
    """See the module's head. `stream` is torch's own."""

    def __init__(self, calls: Driver, stream: torch.cuda.Stream) -> None:
        self.stream = stream
        self._calls, self._handle, self._context = calls, Handle(stream.cuda_stream), Handle()
        done(calls.patient.cuStreamGetCtx(self._handle, ctypes.byref(self._context)))
        self._before = self.mark()

    @classmethod
    def of(cls, stream: torch.cuda.Stream) -> Lane | None:
        """The lane of a stream; None where the driver is missing or too old."""
        calls = driver()
        return None if calls is None else cls(calls, stream)

    def __enter__(self) -> Self:
        """Calls of this thread are for the stream's GPU."""
        done(self._calls.quick.cuCtxPushCurrent_v2(self._context))
        return self

    def __exit__(self, *_: object) -> None:
        self._calls.quick.cuCtxPopCurrent_v2(ctypes.byref(Handle()))

    def record(self, queue: Callable[[], object]) -> Callable[[], None] | None:
        """See `recorded`."""
        return recorded(self.stream, queue)

    def mark(self) -> Mark:
        """A mark that is not set yet."""
        with self:
            return Mark(self._calls)

    def set(self, mark: Mark) -> None:
        """It is passed when all that was queued here is done."""
        mark.set(self._handle)

    def follow(self) -> None:
        """What is queued here next comes after what the thread's current stream on this GPU holds by now."""
        import torch

        callers = torch.cuda.current_stream(self.stream.device)
        self._before.set(Handle(callers.cuda_stream))
        self._before.hold(self._handle)

    def copy(self, into: torch.Tensor, source: torch.Tensor) -> None:
        """Queue a copy between tensors of one shape and type. One of them may lie in page-locked memory of the host."""
        if into.is_contiguous() and source.is_contiguous():
            call = self._calls.quick.cuMemcpyAsync
            done(call(into.data_ptr(), source.data_ptr(), into.nbytes, self._handle))
            return
        import torch

        with torch.cuda.stream(self.stream):
            into.copy_(source, non_blocking=True)


class Mark:
    """A moment in what a stream holds. Made by `Lane.mark`."""

    def __init__(self, calls: Driver) -> None:
        self._calls, self._event = calls, Handle()
        done(calls.patient.cuEventCreate(ctypes.byref(self._event), _NO_TIMES))

    def set(self, stream: Handle) -> None:
        """It is passed when all that was queued on the stream is done."""
        done(self._calls.quick.cuEventRecord(self._event, stream))

    def hold(self, stream: Handle) -> None:
        """What is queued on the stream next waits for it."""
        done(self._calls.quick.cuStreamWaitEvent(stream, self._event, 0))

    def wait(self) -> None:
        """The host waits for it."""
        done(self._calls.patient.cuEventSynchronize(self._event))

    def __del__(self) -> None:
        if self._event:
            self._calls.patient.cuEventDestroy_v2(self._event)
