"""The threads that call nodes. Each takes the call that comes next, makes it without the lock, and brings it back.

A worker that finishes a call takes the next one in the same breath, so a chain of trivial nodes runs on one thread
with no hand-over. Before it makes a call that may take its time while others are ready, it wakes one more worker, which
does the same: as many threads run as there is real work for.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.packets import Failed, Packets
from nodeflow.engine.previews import Previews


def default_workers() -> int:
    """Enough to keep every core busy while one call waits for a device."""
    return max(2, min(8, (os.cpu_count() or 2) + 1))


class Workers:
    """A fixed set of threads that drive a circuit. `lock` guards the circuit; `on_end` is called under it when frames
    have ended, to admit others."""

    def __init__(
        self, circuit: Circuit, lock: threading.Lock, previews: Previews, on_end: Callable[[], None], count: int
    ) -> None:
        self._circuit = circuit
        self._lock = lock
        self._ready = threading.Condition(lock)
        self._previews = previews
        self._on_end = on_end
        self._closing = False
        self._idle = 0
        self._threads = [
            threading.Thread(target=self._run, name=f"worker {number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There may be work. Called under the lock."""
        if self._idle and len(self._circuit):
            self._ready.notify()

    def close(self, timeout: float) -> None:
        """Let the threads end; a call that does not return within `timeout` seconds is left behind."""
        with self._lock:
            self._closing = True
            self._ready.notify_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        with self._lock:
            while not self._closing:
                call = self._circuit.take()
                if call is None:
                    self._idle += 1
                    self._ready.wait()
                    self._idle -= 1
                    continue
                if call.stage.meter.may_take_long:
                    self.wake()
                self._lock.release()
                try:
                    packets, ms = self._perform(call)
                finally:
                    self._lock.acquire()
                self._bring(call, packets, ms)

    def _perform(self, call: Call) -> tuple[Packets, float]:
        node, tick = call.node, call.frame.tick
        began = time.perf_counter()
        try:
            packets = call.stage.instance.call(call.inputs, tick, node.live)
        except BaseException as fault:  # whatever a node raises stays on its frame; a worker must not die of it
            failed = Failed.from_exception(node.id, fault)
            call.stage.last = failed
            return (failed,) * node.outputs, (time.perf_counter() - began) * 1e3
        ms = (time.perf_counter() - began) * 1e3
        call.stage.last = None
        call.stage.given = packets or call.inputs
        if self._previews.due(node.id):
            self._previews.show(node.id, tick.index, call.stage.given)
        return packets, ms

    def _bring(self, call: Call, packets: Packets, ms: float) -> None:
        call.stage.meter.add(ms)
        call.stage.meter.failed += call.stage.last is not None
        ended = self._circuit.ended
        self._circuit.finish(call, packets)
        if self._circuit.ended != ended:
            self._on_end()
