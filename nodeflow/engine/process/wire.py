"""What two processes say to one another, and how values get across.

A message goes through a pipe; the arrays in it go through shared memory: the sender copies them into its block, the
receiver copies each one out of it, once, into memory of its own. So a value stays valid for as long as anyone keeps
it, and the block is free for the next message. Whatever they were before, arrays arrive read-only.

Either side may `Ask`, and gets an `Answer` or a `Fault`. Only one question is open each way, and `Say`, which is not
answered, carries no arrays: a block is never written while the other side may still read it.
"""

from __future__ import annotations

import io
import pickle
import threading
import traceback
from collections.abc import Callable
from itertools import accumulate
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError, RetryLater
from nodeflow.values.arrays import freeze

_TRACE = 4000
"""Characters of the far side's traceback that are kept: its end."""


class Ask(NamedTuple):
    """A question; the other side owes an `Answer` or a `Fault`."""

    what: str
    args: tuple[Any, ...] = ()


class Say(NamedTuple):
    """A remark that wants no answer, with plain arguments."""

    what: str
    args: tuple[Any, ...] = ()


class Answer(NamedTuple):
    value: Any


class Fault(NamedTuple):
    """An exception as plain data: it may be of a class that only the other process can load.

    `hint` is set for a NodeError, `seconds` for a RetryLater.
    """

    name: str
    message: str
    hint: str | None
    seconds: float | None
    trace: str

    @classmethod
    def of(cls, fault: BaseException) -> Fault:
        try:
            message = fault.message if isinstance(fault, NodeError) else str(fault)
            trace = "".join(traceback.format_exception(fault))[-_TRACE:]
        except Exception:  # its own __str__ may fail
            message, trace = "it cannot even say why", ""
        hint = fault.hint if isinstance(fault, NodeError) else None
        seconds = fault.seconds if isinstance(fault, RetryLater) else None
        return cls(type(fault).__name__, message, hint, seconds, trace)

    def error(self) -> Exception:
        """The exception again: a NodeError or RetryLater if it was one, else an exception of the same name."""
        bases: tuple[type[Exception], tuple[Any, ...]]
        if self.hint is None:
            bases = Exception, (self.message,)
        elif self.seconds is None:
            bases = NodeError, (self.message, self.hint)
        else:
            bases = RetryLater, (self.message, self.hint, self.seconds)
        base, args = bases
        error: Exception = (base if base.__name__ == self.name else type(self.name, (base,), {}))(*args)
        error.add_note(f"In the node's process:\n{self.trace}")
        return error


class Unsendable(NodeError):
    """A message could not be put on the wire; nothing of it was sent."""


class Channel:
    """One end of the wire. Used by one thread, but for `send`, which any thread may call.

    `grow` gives a block of at least so many bytes for what is sent from here; it may raise NodeError.
    """

    def __init__(self, connection: Connection, grow: Callable[[int], SharedMemory]) -> None:
        self.connection = connection
        self._grow = grow
        self._out: SharedMemory | None = None
        self._in: SharedMemory | None = None
        self._sending = threading.Lock()

    def send(self, message: Ask | Say | Answer | Fault) -> None:
        """Raises Unsendable if a value cannot cross, NodeError if there is no memory, OSError if nobody listens."""
        pickled, arrays = _pickle(message)
        block = self._put(arrays)
        sizes = [array.nbytes for array in arrays]
        with self._sending:
            self.connection.send_bytes(pickle.dumps((block, sizes, pickled), 5))

    def receive(self) -> Any:
        """Wait for a message. Raises EOFError or OSError if the other side is gone, or what unpickling raises."""
        block, sizes, pickled = pickle.loads(self.connection.recv_bytes())
        return pickle.loads(pickled, buffers=self._take(block, sizes))

    def close(self) -> None:
        for block in (self._out, self._in):
            if block is not None:
                block.close()
        self._out = self._in = None

    def _put(self, arrays: list[memoryview]) -> str:
        """Copy into the block; its name. Done by numpy, which lets other threads run meanwhile."""
        total = sum(array.nbytes for array in arrays)
        if not total:
            return ""
        if self._out is None or self._out.size < total:
            self._out = self._grow(total)
        start = 0
        for array in arrays:
            _part(self._out, start, array.nbytes)[:] = array
            start += array.nbytes
        return self._out.name

    def _take(self, name: str, sizes: list[int]) -> list[NDArray[np.uint8]]:
        """Copy out of the block, each array into memory of its own: one may outlive the others."""
        if not name:
            return [freeze(np.empty(0, np.uint8)) for _ in sizes]
        if self._in is None or self._in.name != name:
            if self._in is not None:
                self._in.close()
            self._in = SharedMemory(name)
        starts = [0, *accumulate(sizes)]
        return [freeze(_part(self._in, start, size).copy()) for start, size in zip(starts, sizes, strict=False)]


def _part(block: SharedMemory, start: int, size: int) -> NDArray[np.uint8]:
    """A view that must not be kept: a block cannot be closed while there is one."""
    assert block.buf is not None, "the block is closed"
    return np.frombuffer(block.buf, np.uint8, size, start)


def _pickle(message: Ask | Say | Answer | Fault) -> tuple[bytes, list[memoryview]]:
    stream = io.BytesIO()
    arrays: list[pickle.PickleBuffer] = []
    try:
        _Pickler(stream, 5, buffer_callback=arrays.append).dump(message)
    except Exception as fault:  # pickling runs the code of whatever is sent
        why = f"a value cannot cross between the node and its process: {type(fault).__name__}: {fault}"
        raise Unsendable(why, "Give values of nodeflow.values, or plain data.") from fault
    return stream.getvalue(), [array.raw() for array in arrays]


class _Pickler(pickle.Pickler):
    """Sends arrays as buffers of their own, also those that are views, and sees that the rest arrive read-only too."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is not np.ndarray:
            return NotImplemented
        reduced = (value if value.flags.forc else value.copy()).__reduce_ex__(5)
        sent_within = len(reduced) == 3  # object and date arrays: their content is in the message itself
        return (*reduced, None, None, _restore) if sent_within else reduced


def _restore(array: NDArray[Any], state: Any) -> None:
    array.__setstate__(state)
    freeze(array)
