"""The threads that call nodes. Each takes the call that comes next, makes it without the lock, and brings it back.

Calls that take their time run side by side, each on a worker of its own. Trivial ones would only get in each other's
way: one worker at a time, the runner, makes them all, one after the other with no hand-over. A runner that comes to a
long call leaves the running to another, which it wakes. A source that has just read a frame is the runner for it, if
reading was trivial, too: see `lend`.

A worker whose call has freed a resource goes on with the next long call that needs it, though another call comes first,
if one is parked who can be woken for that: a GPU would be idle for as long as it takes to wake a thread.

A call that is not back after its node's time limit is given up: its frame goes on with a `Failed`, another thread takes
the worker's place, and the node answers `Failed` until the call does return.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection

from nodeflow.engine import ahead
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.looker import Looker
from nodeflow.engine.mishap import remember
from nodeflow.engine.packets import Failed, Packets
from nodeflow.engine.shortage import run_again, short_of
from nodeflow.engine.stage import Stage
from nodeflow.engine.trace import Trace

log = logging.getLogger(__name__)

GivenUp = tuple[Call, int]
"""A call that nobody waits for any more, and the thread that it is on: see `mishap.remember_hang`."""

_LONG = 1e-3
"""Seconds after which a runner's call is no trivial one any more, whatever was expected (see `Meter.trivial`)."""


def default_workers() -> int:
    """Enough to keep every core busy while one call waits for a device."""
    return max(2, min(8, (os.cpu_count() or 2) + 1))


class Worker:
    """One thread: the call that it makes, if any, and since when. Its bell wakes it. If its call is given up, `replace`
    has another thread take its place."""

    __slots__ = ("began", "bell", "call", "ident", "replace")

    def __init__(self, replace: Callable[[], None]) -> None:
        """Made on its own thread."""
        self.ident = threading.get_ident()
        self.replace = replace
        self.call: Call | None = None
        self.began = 0.0
        self.bell = threading.Lock()
        self.bell.acquire()


class Workers:
    """Threads that drive a circuit. `lock` guards the circuit; `on_end` is called under it when frames have ended or
    still nodes have answered, `on_return` with a call that had been given up and what it gave after all, and
    `make_room`, without it, with the name of a device on which a call found no memory: it is made once more then."""

    def __init__(
        self,
        circuit: Circuit,
        lock: threading.Lock,
        looker: Looker,
        trace: Trace,
        on_end: Callable[[], None],
        make_room: Callable[[str], None],
        on_return: Callable[[Call, Packets], None],
        count: int,
    ) -> None:
        self._circuit = circuit
        self._lock = lock
        self._looker = looker
        self._trace = trace
        self._on_end = on_end
        self._make_room = make_room
        self._on_return = on_return
        self._closing = False
        self._runner: Worker | None = None
        self._parked: list[Worker] = []
        """Those that sleep; the last comes first, so that it is the same ones that work."""
        self._crew: list[Worker] = []
        self._threads: list[threading.Thread] = []
        for _ in range(count):
            self._hire()

    def wake(self) -> None:
        """There may be work. Called under the lock."""
        head = self._circuit.head() if self._parked else None
        if head is None or self._someone_runs():
            return
        worker = self._parked.pop()
        self._runner = worker if head.meter.trivial else None
        worker.bell.release()

    def give_up_overdue(self, now: float) -> list[GivenUp]:
        """Let the frames of calls that are over their time limit go on without them. Called under the lock, now and
        then."""
        given_up = [
            self._give_up(worker, call, call.node.schema.time_limit)
            for worker in self._crew.copy()
            if (call := worker.call) is not None and now - worker.began > call.node.schema.time_limit
        ]
        self.wake()
        return given_up

    def give_up_all(self, stages: Collection[Stage], waited: float) -> list[GivenUp]:
        """The run has waited so many seconds for these to finish, and goes on without. Called under the lock."""
        given_up = [
            self._give_up(worker, call, waited)
            for worker in self._crew.copy()
            if (call := worker.call) is not None and call.stage in stages
        ]
        self.wake()
        return given_up

    def _give_up(self, worker: Worker, call: Call, seconds: float) -> GivenUp:
        worker.call = None
        self._crew.remove(worker)
        if self._runner is worker:
            self._runner = None
        worker.replace()
        self._circuit.finish(call, (call.stage.give_up(seconds),) * call.node.outputs)
        self._on_end()
        return call, worker.ident

    def close(self, timeout: float) -> None:
        """Let the threads end; a call that does not return within `timeout` seconds is left behind."""
        with self._lock:
            self._closing = True
            while self._parked:
                self._parked.pop().bell.release()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _hire(self) -> None:
        thread = threading.Thread(target=self._run, name=f"worker {len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def lend(self, worker: Worker) -> bool:
        """Run with a thread that is not of the crew, until a frame has ended or there is nothing trivial to run. False
        if its call was given up meanwhile. Called under the lock."""
        circuit = self._circuit
        ended = circuit.ended
        self._crew.append(worker)
        while circuit.ended == ended and (head := circuit.head()) is not None and head.meter.trivial:
            call = circuit.take() if self._may_run(worker) else None
            if call is None:
                break
            if not self._make(worker, call):
                return False
        self._crew.remove(worker)
        if self._runner is worker:
            self._runner = None
        self.wake()
        return True

    def _run(self) -> None:
        """Make calls until there are no more, or one is given up."""
        worker = Worker(self._hire)
        with self._lock:
            self._crew.append(worker)
            call: Call | None = None
            while not self._closing:
                call = self._next(worker, call)
                if call is None:
                    self._park(worker)
                elif not self._make(worker, call):
                    return

    def _make(self, worker: Worker, call: Call) -> bool:
        """Make a call and bring back what it gave. False if it was given up meanwhile: another thread has taken this
        one's place. Called under the lock, and let go of meanwhile."""
        stage, frame, circuit = call.stage, call.frame, self._circuit
        began = time.perf_counter()
        worker.call, worker.began = call, began
        stage.serving, stage.began = frame, began
        self._lock.release()
        try:
            packets, failed, ended = self._perform(call)
        finally:
            self._lock.acquire()
        if not failed:
            stage.gave(call.node, frame, packets or call.inputs)
        if worker.call is not call:
            self._come_late(call, packets)
            return False
        worker.call = None
        self._trace.calls.append((stage.id, frame.tick.index, call.ready, began, ended, worker.ident))
        stage.meter.add((ended - began) * 1e3, (began - call.ready) * 1e3)
        if stage.activity:  # it told of its progress, as a node does that loads something on its first call
            stage.activity, stage.fraction = "", None
        if failed:
            stage.failed(frame, ended)
        else:
            if stage.strikes:
                stage.went_well()
            if stage.id in self._looker.nodes:
                self._looker.offer(stage, frame.tick.index, packets or call.inputs, frame.revision.plan.revision)
        ended_frames = circuit.ended
        circuit.finish(call, packets)
        if circuit.ended != ended_frames or frame.twins is not None:
            self._on_end()
        return True

    def _come_late(self, call: Call, packets: Packets) -> None:
        """A call is back that had been given up. If it outlived the run, its node is still to be closed."""
        stage = call.stage
        orphaned = stage.returned()
        self._on_return(call, packets)
        if not orphaned:
            return
        self._lock.release()
        try:
            stage.instance.close()
        except BaseException:
            log.exception("%s could not be closed after its call came back", stage.id)
        finally:
            self._lock.acquire()

    def _next(self, worker: Worker, last: Call | None) -> Call | None:
        """The next call for this worker, which has just made its `last`: a long one, or a trivial one if it may be the
        runner."""
        circuit = self._circuit
        freed = last.resource if last is not None else None
        if freed is not None and self._goes_on(freed):
            call = circuit.take_on(freed)
        else:
            head = circuit.head()
            if head is not None and head.meter.trivial:
                return circuit.take() if self._may_run(worker) else None
            call = circuit.take()
        if self._runner is worker:
            self._runner = None
        self.wake()
        return call

    def _goes_on(self, freed: str) -> bool:
        """Whether who has freed this resource makes the next call on it, and leaves what comes first to another."""
        head = self._circuit.head_on(freed) if self._parked else None
        return head is not None and not head.meter.trivial

    def _may_run(self, worker: Worker) -> bool:
        """Whether this worker is the runner, perhaps from now on."""
        if self._runner is not worker:
            if self._someone_runs():
                return False
            self._runner = worker
        return True

    def _someone_runs(self) -> bool:
        """Whether there is a runner, and none that is kept by a call which is longer than expected."""
        runner = self._runner
        return runner is not None and (runner.call is None or time.perf_counter() - runner.began < _LONG)

    def _park(self, worker: Worker) -> None:
        """Sleep until there may be work."""
        self._parked.append(worker)
        self._lock.release()
        worker.bell.acquire()
        self._lock.acquire()

    def _perform(self, call: Call) -> tuple[Packets, bool, float]:
        """What a call gave, whether it failed, and when it ended."""
        node, stage = call.node, call.stage
        try:
            short = ""
            try:
                packets = call.run()
            except Exception as fault:
                short = short_of(fault, stage.device)
                if not short:
                    raise
            if short:  # what the first try had made went with its error
                packets = run_again(call, self._make_room, short)
        except BaseException as fault:  # whatever a node raises stays on its frame; a worker must not die of it
            ended = time.perf_counter()
            stage.last = Failed.from_exception(node.id, fault)
            remember(stage, fault, call)
            return (stage.last,) * node.outputs, True, ended
        if stage.device != "cpu":
            ahead.learn(call)
        if stage.ahead:
            ahead.bring(stage, packets)
        ended = time.perf_counter()
        stage.last = None
        return packets, False, ended
