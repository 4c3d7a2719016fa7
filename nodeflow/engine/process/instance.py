"""A node that runs in a process of its own: `nodeflow.node.Instance` from outside, and what follows when that ends.

If the process ends (it crashed, or was killed), the call fails with a NodeError that says so, and the next call starts
a new one and opens the node in it with the same values: it has lost what it remembered, nothing else is touched. The
first time that happens at once; a node that keeps falling over waits longer each time.

An instance is used by one thread at a time; `kill` may come from any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nodeflow.engine.process.origin import origin_of
from nodeflow.engine.process.outside import Ended, Peer
from nodeflow.node import Context, NodeError, NodeType, Stream, Tick

CLOSE_SECONDS = 30.0
"""How long a node may take to close: a writer completes its file then."""

_WELL_AFTER = 60.0
"""A process that served for so many seconds is taken to have been well."""

_LONGEST_PAUSE = 30.0


class ProcessInstance:
    """One node of a running graph, in a process of its own."""

    def __init__(self, node_type: NodeType, clock: Callable[[], float] = time.monotonic) -> None:
        self.type = node_type
        self._clock = clock
        self._peer: Peer | None = None
        self._opened = False
        self._ctx: Context
        self._values: dict[str, Any] = {}
        self._falls = 0
        self._began = 0.0
        self._not_before = 0.0
        self._fault: NodeError | None = None

    @property
    def pid(self) -> int | None:
        """The process that serves now."""
        return self._peer.pid if self._peer else None

    def open(self, ctx: Context, values: Mapping[str, Any]) -> Stream:
        """Start the process and open the node in it. If this raises, nothing is left behind.

        Raises what the node raises, and NodeError if its code cannot be found from another process.
        """
        self._ctx, self._values = ctx, dict(values)
        self._falls, self._not_before, self._fault = 0, 0.0, None
        stream = self._start()
        self._opened = True
        return stream

    def call(self, inputs: tuple[Any, ...], tick: Tick, live: Mapping[str, Any]) -> tuple[Any, ...]:
        """Run once, as `Instance.call`. A NodeError if the process ends meanwhile, or may not be started yet."""
        outputs: tuple[Any, ...] = self._ask("call", inputs, tick, dict(live))
        return outputs

    def call_for_each(self, inputs: tuple[Any, ...], tick: Tick, live: Mapping[str, Any]) -> tuple[Any, ...]:
        """Run once for each item, as `Instance.call_for_each`; the lists cross in one piece."""
        outputs: tuple[Any, ...] = self._ask("call_for_each", inputs, tick, dict(live))
        return outputs

    def call_once(self, inputs: tuple[Any, ...], tick: Tick, live: Mapping[str, Any]) -> tuple[Any, ...]:
        """Run once, and complete what was made, as `Instance.call_once`."""
        outputs: tuple[Any, ...] = self._ask("call_once", inputs, tick, dict(live))
        return outputs

    def frames(self, live: Mapping[str, Any]) -> Iterator[tuple[float | None, tuple[Any, ...]]]:
        """A source's values one by one, as `Instance.frames`."""
        self._ask("begin", dict(live))
        try:
            while (found := self._ask("next")) is not None:
                yield found
        finally:
            if self._peer is not None:
                self._ask("end")

    def kill(self, why: str = "its call took too long") -> None:
        """End the process now, and with it the call that is under way. Returns at once. Any thread."""
        peer = self._peer
        if peer is not None:
            peer.kill(why)

    @property
    def can_seek(self) -> bool:
        """A source in a process of its own plays on as it is."""
        return False

    def seek(self, seconds: float) -> None:
        """Never called: `can_seek` is false."""

    def close(self) -> None:
        """Close the node and end its process; does nothing unless the node is open.

        Raises what the node raises, and NodeError if it is not closed within CLOSE_SECONDS.
        """
        peer, self._peer = self._peer, None
        was_open, self._opened = self._opened, False
        if peer is None or not was_open:
            return
        try:
            peer.ask(self._ctx, "close", within=CLOSE_SECONDS)
        finally:
            peer.end()

    def _ask(self, what: str, *args: Any) -> Any:
        if self._peer is None:
            self._restart()
        assert self._peer is not None
        try:
            return self._peer.ask(self._ctx, what, *args)
        except Ended as fault:
            self._fall(fault)
            raise

    def _start(self) -> Stream:
        self._began = self._clock()
        peer = self._peer = Peer(origin_of(self.type))
        try:
            known = self._ctx.device, self._ctx.threads, self._ctx.interactive
            stream: Stream = peer.ask(self._ctx, "open", self._values, *known)
        except BaseException:
            self._peer = None
            peer.end()
            raise
        return stream

    def _restart(self) -> None:
        if not self._opened:
            raise NodeError("the node is not open")
        if self._ctx.stopping:
            raise NodeError("the run is stopped, and its process is gone")
        wait = self._not_before - self._clock()
        if wait > 0 and self._fault is not None:
            raise NodeError(self._fault.message, f"It is started again in {wait:.0f} s. {self._fault.hint}".rstrip())
        try:
            self._start()
        except NodeError as fault:
            self._fall(fault)
            raise

    def _fall(self, fault: NodeError) -> None:
        """Remember why the process is gone, and when another may be started: at once, then after 1, 2, 4 ... 30 s."""
        if self._peer is not None:
            self._peer.end()
            self._peer = None
        now = self._clock()
        self._falls = 1 if now - self._began >= _WELL_AFTER else self._falls + 1
        pause = 0.0 if self._falls == 1 else min(_LONGEST_PAUSE, 2.0 ** min(self._falls - 2, 10))
        self._not_before, self._fault = now + pause, fault
