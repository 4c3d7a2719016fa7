"""One process that serves one node, seen from the program.

It is spawned, never forked: the program has threads, windows and device contexts, none of which survive a fork. The
node is told to stop by closing a pipe, not by an event: a process that is killed while it waits for an event leaves
its locks taken for ever.

`ask` is used by one thread at a time; `kill` may come from any.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import secrets
import signal
import sys
import time
from multiprocessing.shared_memory import SharedMemory
from typing import Any, cast

from nodeflow.engine.process.inside import serve
from nodeflow.engine.process.origin import Origin
from nodeflow.engine.process.wire import Answer, Ask, Channel, Fault, Say
from nodeflow.node import Context, NodeError

STOP_SECONDS = 5.0
"""How long a node may go on with what it does after it was told to stop."""

_LOOK_SECONDS = 0.05
"""How often to look, during a call, whether the session stops."""

_LINGER_SECONDS = 2.0
"""How long a process may take to end: by itself, when asked to, when killed."""


class Ended(NodeError):
    """The process is gone, and how."""


class Peer:
    """A process in which a node is about to be opened."""

    def __init__(self, origin: Origin) -> None:
        """Start it. Raises NodeError if the system allows no more processes."""
        spawn = multiprocessing.get_context("spawn")
        connection, far = spawn.Pipe()
        far_stop, self._stop = spawn.Pipe(duplex=False)
        self._blocks: dict[str, SharedMemory] = {}
        self._channel = Channel(connection, lambda size: self._block("in", size))
        self._killed = ""
        self._process = spawn.Process(target=serve, args=(far, far_stop, origin), name=origin.type, daemon=True)
        try:
            self._process.start()
        except (OSError, RuntimeError) as fault:
            self._close_pipes()
            raise NodeError(f"no process could be started for the node: {fault}") from fault
        finally:
            far.close()
            far_stop.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ask(self, ctx: Context, what: str, *args: Any, within: float | None = None) -> Any:
        """Ask the node, and serve its context until it answers.

        Raises what the node raises, `Unsendable` if a value cannot cross, and `Ended` if the process is gone: it
        crashed, was killed, or took longer than `within` seconds (by default, as long as the session runs and
        STOP_SECONDS more).
        """
        try:
            self._channel.send(Ask(what, args))
            reply = self._reply(ctx, within)
        except (EOFError, OSError):
            raise self._obituary() from None
        if isinstance(reply, Fault):
            raise reply.error()
        return reply.value

    def kill(self, why: str) -> None:
        """End the process now. Returns at once; whoever waits for an answer gets `Ended`. Any thread."""
        self._killed = self._killed or why
        self._process.kill()

    def end(self) -> None:
        """Let it end, make it end, and take back the memory it was lent."""
        self._close_pipes()
        for insist in (None, self._process.terminate, self._process.kill):
            if insist is not None:
                insist()
            self._process.join(_LINGER_SECONDS)
            if self._process.exitcode is not None:
                break
        self._channel.close()
        for block in self._blocks.values():
            _remove(block)
        self._blocks.clear()

    def _close_pipes(self) -> None:
        self._stop.close()
        self._channel.connection.close()

    def _reply(self, ctx: Context, within: float | None) -> Answer | Fault:
        deadline = math.inf if within is None else time.monotonic() + within
        try:
            while True:
                while not self._channel.connection.poll(_LOOK_SECONDS):
                    if ctx.stopping:
                        self._stop.close()
                        if within is None:
                            deadline = min(deadline, time.monotonic() + STOP_SECONDS)
                    self._require_life(deadline)
                match message := self._channel.receive():
                    case Say(what, args):
                        getattr(ctx, what)(*args)
                    case Ask(what, args):
                        self._channel.send(self._answer(ctx, what, args))
                    case _:
                        return cast(Answer | Fault, message)
        except (EOFError, OSError):
            raise
        except BaseException:
            self.kill("the program was interrupted while it waited")  # its answer would be taken for the next one's
            raise

    def _require_life(self, deadline: float) -> None:
        """The pipe alone does not tell: a process that forked another leaves it open."""
        if time.monotonic() > deadline:
            self.kill("it did not come to an end in time")
        if not self._process.is_alive() and not self._channel.connection.poll():
            raise EOFError

    def _answer(self, ctx: Context, what: str, args: tuple[Any, ...]) -> Answer | Fault:
        try:
            return Answer(self._block("out", *args).name if what == "block" else getattr(ctx, what)(*args))
        except Exception as fault:  # no such file, say: that is for the node to hear
            return Fault.of(fault)

    def _block(self, way: str, size: int) -> SharedMemory:
        """A larger block in place of the one there is, for what goes "in" to the node or comes "out" of it."""
        block = _make(size + size // 8)
        if way in self._blocks:
            _remove(self._blocks[way])
        self._blocks[way] = block
        return block

    def _obituary(self) -> Ended:
        """How the process ended, for the person."""
        self._process.join(_LINGER_SECONDS)
        if self._process.exitcode is None:
            self.kill("it no longer answered")
            self._process.join(_LINGER_SECONDS)
        if self._killed:
            return Ended(f"the node's process was ended: {self._killed}", "The next call starts a new one.")
        code = self._process.exitcode or 0
        if code >= 0:
            return Ended(f"the node's process ended with exit code {code}", "The terminal may show why.")
        name = signal.Signals(-code).name if -code in set(signal.Signals) else "unknown"
        return Ended(f"the node's process ended with signal {-code} ({name})", _CRASHED if name in _CRASHES else _ENDED)


_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
_CRASHED = "A library that the node uses crashed; the terminal shows where."
_ENDED = "Something outside ended it: the system does so when memory runs out."


def _make(size: int) -> SharedMemory:
    """New shared memory. Raises NodeError if there is not enough."""
    block = None
    try:
        block = SharedMemory(f"nodeflow-{os.getpid()}-{secrets.token_hex(4)}", create=True, size=size)
        if sys.platform == "linux":
            # Claim it now: where /dev/shm is full, writing to memory that was merely promised ends the program.
            with open(f"/dev/shm/{block.name}", "r+b") as file:
                os.posix_fallocate(file.fileno(), 0, size)
    except OSError as fault:
        if block is not None:
            _remove(block)
        message = f"there is no shared memory for {size / 2**20:.0f} MB ({fault.strerror})"
        raise NodeError(message, "Make the pictures smaller, or /dev/shm larger (docker run --shm-size).") from fault
    return block


def _remove(block: SharedMemory) -> None:
    block.close()
    block.unlink()
