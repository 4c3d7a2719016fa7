"""What runs in a node's process: it loads the node, does what it is asked, one thing at a time, and ends.

It ends when it was asked to close, when the pipe closes, or at once when the program that started it is gone, even in
the middle of a call. Its memory is not its own: both shared blocks are made, and removed, by the program.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

from nodeflow.engine.process.origin import Origin, load
from nodeflow.engine.process.wire import Answer, Ask, Channel, Fault, Say
from nodeflow.node import Instance, NodeError, Stream, Tick


def serve(connection: Connection, stop: Connection, origin: Origin) -> None:
    """The process's whole life. `stop` becomes readable when the node shall come to an end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which then closes its nodes
    if sys.stderr is not None:
        faulthandler.enable()
    threading.Thread(target=_end_with_program, daemon=True).start()
    channel = Channel(connection, lambda size: SharedMemory(_ask(channel, "block", size)))
    node = _Node(origin, channel, stop)
    try:
        while not node.closed:
            _answer(channel, node)
    except (EOFError, OSError):
        return  # the program has let go of this process
    finally:
        channel.close()


def _answer(channel: Channel, node: _Node) -> None:
    reply: Answer | Fault
    try:
        ask = channel.receive()
    except (EOFError, OSError):
        raise
    except Exception as fault:  # a value of a class that cannot be loaded here
        reply = Fault.of(fault)
    else:
        try:
            reply = Answer(getattr(node, ask.what)(*ask.args))
        except BaseException as fault:  # whatever a node raises, even SystemExit, is an answer
            reply = Fault.of(fault)
    try:
        channel.send(reply)
    except NodeError as fault:
        channel.send(Fault.of(fault))


def _ask(channel: Channel, what: str, *args: Any) -> Any:
    """Ask the program, which waits for this process and so answers at once."""
    channel.send(Ask(what, args))
    reply = channel.receive()
    if isinstance(reply, Fault):
        raise reply.error()
    return reply.value


class _Node:
    """The questions that the program may ask, by name."""

    def __init__(self, origin: Origin, channel: Channel, stop: Connection) -> None:
        self.closed = False
        self._origin = origin
        self._channel = channel
        self._stop = stop
        self._instance: Instance
        self._frames: Iterator[Any] = iter(())

    def open(self, values: dict[str, Any], device: str, threads: int, interactive: bool) -> Stream:
        _limit_libraries(threads)
        self._instance = Instance(load(self._origin))
        return self._instance.open(_Context(self._channel, self._stop, device, threads, interactive), values)

    def call(self, inputs: tuple[Any, ...], tick: Tick, live: dict[str, Any]) -> tuple[Any, ...]:
        return self._instance.call(inputs, tick, live)

    def call_for_each(self, inputs: tuple[Any, ...], tick: Tick, live: dict[str, Any]) -> tuple[Any, ...]:
        return self._instance.call_for_each(inputs, tick, live)

    def call_once(self, inputs: tuple[Any, ...], tick: Tick, live: dict[str, Any]) -> tuple[Any, ...]:
        return self._instance.call_once(inputs, tick, live)

    def begin(self, live: dict[str, Any]) -> None:
        self._frames = self._instance.frames(live)

    def next(self) -> tuple[float | None, tuple[Any, ...]] | None:
        return next(self._frames, None)

    def end(self) -> None:
        self._frames = iter(())  # letting go of a generator closes it

    def close(self) -> None:
        self.closed = True
        self._instance.close()


class _Context:
    """The node's `Context`: what can be known here is, the rest is asked of or told to the real one."""

    def __init__(self, channel: Channel, stop: Connection, device: str, threads: int, interactive: bool) -> None:
        self._channel = channel
        self._stop = stop
        self.device = device
        self.threads = threads
        self.interactive = interactive

    @property
    def stopping(self) -> bool:
        return self.wait(0.0)

    def wait(self, seconds: float) -> bool:
        try:
            return self._stop.poll(max(0.0, seconds))
        except OSError:  # how Windows says that the other end was closed
            return True

    def path(self, text: str) -> Path:
        found: Path = _ask(self._channel, "path", text)
        return found

    def folder(self, text: str) -> Path:
        found: Path = _ask(self._channel, "folder", text)
        return found

    def output(self, text: str) -> Path:
        found: Path = _ask(self._channel, "output", text)
        return found

    def progress(self, text: str, fraction: float | None = None) -> None:
        self._channel.send(Say("progress", (text, fraction)))

    def note(self, text: str) -> None:
        self._channel.send(Say("note", (text,)))

    def provider(self, name: str, device: str = "cpu") -> None:  # noqa: ARG002 (it takes turns where it is)
        self._channel.send(Say("provider", (name,)))


def _end_with_program() -> None:
    program = multiprocessing.parent_process()
    if program is not None:
        program.join()
        os._exit(1)


def _limit_libraries(threads: int) -> None:
    """This process is one call among others. Libraries that are not loaded yet read the environment when they are."""
    names = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB_MAXIMUM")
    os.environ.update({f"{name}_NUM_THREADS": str(threads) for name in names}, OPENCV_FOR_THREADS_NUM=str(threads))
    if cv2 := sys.modules.get("cv2"):
        cv2.setNumThreads(threads)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)
