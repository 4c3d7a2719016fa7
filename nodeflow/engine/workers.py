"""The threads that call nodes. Each takes the call that comes next, makes it without the lock, and brings it back.

Calls that take their time run side by side, each on a worker of its own. Trivial ones would only get in each other's
way: one worker at a time, the runner, makes them all, one after the other with no hand-over. A runner that comes to a
long call leaves the running to another, which it wakes.

A call that is not back after its node's time limit is given up: its frame goes on with a `Failed`, another thread takes
the worker's place, and the node answers `Failed` until the call does return.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection

from nodeflow.engine.circuit import Call, Circuit, Stage
from nodeflow.engine.looker import Looker
from nodeflow.engine.mishap import remember, remember_hang
from nodeflow.engine.packets import Failed, Packets
from nodeflow.engine.trace import Trace

log = logging.getLogger(__name__)

_TRIVIAL = 1e-3
"""Seconds after which a runner's call is no trivial one any more."""


def default_workers() -> int:
    """Enough to keep every core busy while one call waits for a device."""
    return max(2, min(8, (os.cpu_count() or 2) + 1))


class Workers:
    """Threads that drive a circuit. `lock` guards the circuit; `on_end` is called under it when frames have ended."""

    def __init__(
        self,
        circuit: Circuit,
        lock: threading.Lock,
        looker: Looker,
        trace: Trace,
        on_end: Callable[[], None],
        count: int,
    ) -> None:
        self._circuit = circuit
        self._lock = lock
        self._ready = threading.Condition(lock)
        self._looker = looker
        self._trace = trace
        self._on_end = on_end
        self._closing = False
        self._idle = 0
        self._runner: int | None = None
        self._calls: dict[int, tuple[Call, float]] = {}
        self._threads: list[threading.Thread] = []
        for _ in range(count):
            self._hire()

    def wake(self) -> None:
        """There may be work. Called under the lock."""
        if not self._idle or not len(self._circuit):
            return
        if self._runner is not None:
            running = self._calls.get(self._runner)
            if running is None or time.perf_counter() - running[1] < _TRIVIAL:
                return
            self._runner = None  # its call was not as short as expected
        self._ready.notify()

    def give_up_overdue(self, now: float) -> None:
        """Let the frames of calls that are over their time limit go on without them. Called under the lock."""
        for ident, (call, began) in list(self._calls.items()):
            if now - began > call.node.schema.time_limit:
                self._give_up(ident, call, call.node.schema.time_limit)

    def give_up_all(self, stages: Collection[Stage], waited: float) -> None:
        """The run has waited so many seconds for these to finish, and goes on without. Called under the lock."""
        for ident, (call, _) in list(self._calls.items()):
            if call.stage in stages:
                self._give_up(ident, call, waited)

    def _give_up(self, ident: int, call: Call, seconds: float) -> None:
        del self._calls[ident]
        if self._runner == ident:
            self._runner = None
        self._hire()
        remember_hang(call.stage, call, ident)
        self._circuit.finish(call, (call.stage.give_up(seconds),) * call.node.outputs)
        self._on_end()

    def close(self, timeout: float) -> None:
        """Let the threads end; a call that does not return within `timeout` seconds is left behind."""
        with self._lock:
            self._closing = True
            self._ready.notify_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _hire(self) -> None:
        thread = threading.Thread(target=self._run, name=f"worker {len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        orphan = self._work()
        if orphan is not None:
            try:
                orphan.instance.close()
            except Exception:
                log.exception("%s could not be closed after its call came back", orphan.id)

    def _work(self) -> Stage | None:
        """Make calls until there are no more. Returns a node to close, if its call outlived the run."""
        ident, circuit = threading.get_ident(), self._circuit
        with self._lock:
            while not self._closing:
                call = self._next(ident)
                if call is None:
                    if self._runner == ident:
                        self._runner = None  # what is ready waits for a resource; who frees it runs on
                    self._idle += 1
                    self._ready.wait()
                    self._idle -= 1
                    continue
                stage = call.stage
                began = time.perf_counter()
                self._calls[ident] = call, began
                stage.serving, stage.began = call.frame, began
                self._lock.release()
                try:
                    packets, failed, ended = self._perform(call)
                finally:
                    self._lock.acquire()
                if self._calls.pop(ident, None) is None:
                    # Given up meanwhile: another thread has taken this one's place.
                    return stage if stage.returned() else None
                self._trace.calls.append((stage.id, call.frame.tick.index, call.ready, began, ended, ident))
                stage.meter.add((ended - began) * 1e3, (began - call.ready) * 1e3)
                if failed:
                    stage.failed(call.frame, ended)
                elif stage.strikes:
                    stage.strikes = 0
                ended_frames = circuit.ended
                circuit.finish(call, packets)
                if circuit.ended != ended_frames:
                    self._on_end()
        return None

    def _next(self, ident: int) -> Call | None:
        """The next call for this worker: a long one, or a trivial one if it may be the runner."""
        circuit = self._circuit
        stage = circuit.head()
        if stage is None or stage.meter.may_take_long:
            if self._runner == ident:
                self._runner = None
            call = circuit.take()
            self.wake()
            return call
        if self._runner not in (None, ident):
            return None
        self._runner = ident
        return circuit.take()

    def _perform(self, call: Call) -> tuple[Packets, bool, float]:
        """What a call gave, whether it failed, and when it ended."""
        node, stage = call.node, call.stage
        try:
            packets = call.run()
        except BaseException as fault:  # whatever a node raises stays on its frame; a worker must not die of it
            ended = time.perf_counter()
            stage.last = Failed.from_exception(node.id, fault)
            remember(stage, fault, call)
            return (stage.last,) * node.outputs, True, ended
        ended = time.perf_counter()
        stage.last = None
        stage.given = packets or call.inputs
        if node.id in self._looker.nodes:
            self._looker.offer(stage, call.frame.tick.index, stage.given)
        return packets, False, ended
