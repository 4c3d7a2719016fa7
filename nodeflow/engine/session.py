"""A graph that runs: commands in, snapshots out. The engine's one public face.

    session = Session(graph, load_registry(), folder=path.parent)
    session.send(Start())
    snapshot = session.wait()          # until it has finished, stopped or failed
    report = session.report()
    session.close()

`send` returns at once; commands are carried out in order by the session's own thread, except that `Stop` cuts short
whatever is loading, `Watch` takes effect at once on what runs, and of several waiting edits only the last is made.
`snapshot` is cheap and may be called from any thread, once a UI frame say. Nothing here raises for what a node does:
that is on the node, in the snapshot.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nodeflow.engine import status
from nodeflow.engine.cache import DEVICE_BUDGET, HOST_BUDGET, Cache
from nodeflow.engine.conductor import Conductor
from nodeflow.engine.host import Equipment
from nodeflow.engine.messages import Command, Edit, Pause, Retry, Seek, Snapshot, Start, Step, Stop, Watch
from nodeflow.engine.trace import Trace
from nodeflow.graph import Graph
from nodeflow.node import Registry

log = logging.getLogger(__name__)

_BEAT = 0.5
"""How often to look for hung calls and garbage while a run goes on, in seconds."""

_AT_REST = ("idle", "finished", "stopped", "failed")


class Session:
    """Runs one graph at a time, on threads of its own."""

    def __init__(
        self,
        graph: Graph,
        registry: Registry,
        *,
        device: str = "auto",
        threads: int = 1,
        folder: Path | None = None,
        interactive: bool = False,
        frames: int | None = None,
        spans: int = 20_000,
        host_cache: int = HOST_BUDGET,
        device_cache: int = DEVICE_BUDGET,
    ) -> None:
        """`threads` is how many threads one call of a model or of OpenCV may use: nodes run beside one another, so
        more than one seldom helps. `folder` is what relative paths in the graph start from. `interactive` says that a
        person watches: sources may keep real time and be retried, and a node that does not open does not end the run.
        `frames` ends a run after so many. The last `spans` calls are kept for `trace`. What still nodes gave is kept,
        up to `host_cache` bytes of memory and `device_cache` bytes on devices."""
        self._graph = graph
        self._conductor = Conductor(
            registry,
            Equipment(device, threads, (folder or Path.cwd()).absolute(), interactive),
            Trace(spans),
            Cache(host_cache, device_cache),
            frames,
        )
        self._commands: deque[Command] = deque()
        self._busy = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Hand over a command; it is carried out soon, in order. Any thread."""
        if isinstance(command, Watch) and not self._conductor.watch(command.glances):
            return
        with self._conductor.news:
            if isinstance(command, Stop):
                self._conductor.announce_stop()
            elif isinstance(command, (Edit, Retry)):
                self._conductor.announce(command)
            self._commands.append(command)
            self._conductor.news.notify_all()

    def snapshot(self) -> Snapshot:
        """How everything stands now. Any thread."""
        return status.snapshot(self._conductor)

    def wait(self, timeout: float | None = None) -> Snapshot:
        """Wait until every command is carried out and nothing runs any more, or `timeout` seconds have passed."""
        with self._conductor.news:
            self._conductor.news.wait_for(self._at_rest, timeout)
        return self.snapshot()

    def report(self) -> dict[str, Any]:
        """What was measured, as plain JSON: see `status.report`."""
        return status.report(self._conductor)

    def trace(self) -> dict[str, Any]:
        """What ran when, as a Chrome trace: JSON that Perfetto opens."""
        threads = {thread.ident or 0: thread.name for thread in threading.enumerate()}
        streams = {node.id: node.clock for node in self._conductor.revision.plan.nodes}
        return self._conductor.trace.chrome(threads, streams)

    def close(self) -> None:
        """Stop, close every node and end the threads. The session is of no use afterwards."""
        self.send(Stop())
        with self._conductor.news:
            self._closing = True
            self._conductor.news.notify_all()
        self._thread.join()
        self._conductor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _at_rest(self) -> bool:
        return not self._busy and not self._commands and self._conductor.state in _AT_REST

    def _run(self) -> None:
        conductor, over = self._conductor, False
        while not over:
            try:
                conductor.look_after()
                over = not self._go_on()
            except BaseException as fault:  # a mistake of ours: say so, and stay able to stop and start again
                log.exception("the session failed")
                conductor.end("failed", f"internal error: {type(fault).__name__}: {fault}")

    def _go_on(self) -> bool:
        """Do what is to be done next, or wait for a beat where there is nothing. False once the session is closed."""
        conductor = self._conductor
        with conductor.news:
            if self._busy:
                self._busy = False
                conductor.news.notify_all()
            if not (self._commands or self._closing or conductor.has_left() or conductor.outcome()):
                conductor.news.wait(_BEAT if conductor.needs_looking_after else None)
                return True
            command = self._next_command()
            outcome = conductor.outcome()
            if command is None and outcome is None and not conductor.has_left():
                return False
            self._busy = True
        conductor.close_left()
        if command is not None:
            self._carry_out(command)
        elif outcome is not None:
            conductor.end(*outcome)
        return True

    def _next_command(self) -> Command | None:
        """The next command; of several edits in a row, the last."""
        commands = self._commands
        while len(commands) > 1 and type(commands[0]) is type(commands[1]) and isinstance(commands[0], (Edit, Watch)):
            commands.popleft()
        return commands.popleft() if commands else None

    def _carry_out(self, command: Command) -> None:
        deeds: dict[type, Callable[[Any], None]] = {
            Start: self._start,
            Pause: self._pause,
            Step: self._step,
            Seek: self._seek,
            Stop: self._stop,
            Edit: self._edit,
            Watch: self._watch,
            Retry: self._retry,
        }
        deeds[type(command)](command)

    @property
    def _running(self) -> bool:
        return self._conductor.state in ("running", "paused")

    def _start(self, _: Start) -> None:
        if self._running:
            self._conductor.resume()
        else:
            self._conductor.begin(self._graph)

    def _pause(self, _: Pause) -> None:
        if self._running:
            self._conductor.pause()

    def _step(self, _: Step) -> None:
        if self._running:
            self._conductor.pause()
            self._conductor.step()
        else:
            self._conductor.begin(self._graph, steps=1)

    def _seek(self, command: Seek) -> None:
        if self._running:
            self._conductor.seek(command.seconds)

    def _stop(self, _: Stop) -> None:
        self._conductor.stop()

    def _edit(self, command: Edit) -> None:
        self._graph = command.graph
        if self._running:
            self._conductor.edit(command.graph)

    def _retry(self, command: Retry) -> None:
        if self._running:
            self._conductor.retry(command.node, self._graph)

    def _watch(self, _: Watch) -> None:
        if self._running:
            self._conductor.demand(self._graph)
