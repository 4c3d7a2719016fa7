"""A source on its own thread: it opens, reads, hands what it reads to its gate, and closes, all on that thread.

Where reading is trivial and nothing may be lost, the thread does not wait for others to do what it could do itself: it
makes the trivial calls of the frame that it has read (`Workers.lend`), and reads on then. If one of them hangs, another
thread goes on with the source.

A source that says `RetryLater` is opened again after a while as long as a person watches; on the command line, where
nobody could plug in a camera, it is an error like any other. The thread ends when the source ends, fails or is
released; at the end of one that can seek it waits, for somebody may want to see an earlier frame.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from nodeflow.engine import ahead
from nodeflow.engine.gate import Arrival, Gate
from nodeflow.engine.host import Host
from nodeflow.engine.mishap import remember
from nodeflow.engine.packets import Failed
from nodeflow.engine.plan import PlanNode
from nodeflow.engine.stage import Stage
from nodeflow.engine.workers import Worker
from nodeflow.node import RetryLater

_LONGEST_PAUSE = 24 * 3600.0


class Reader:
    """Reads one source into one gate. `room` is notified when a gate was emptied; its lock guards gate and stage."""

    def __init__(
        self,
        node: PlanNode,
        stage: Stage,
        gate: Gate,
        host: Host,
        room: threading.Condition,
        on_change: Callable[[], None],
        on_frame: Callable[[Worker | None], bool],
    ) -> None:
        """`on_change` is called, under the lock, when the gate or the stage has changed; `on_frame`, under the lock,
        when a frame waits at the gate: with the thread if it may be lent, and false if it shall not come back."""
        self.stage = stage
        self.gate = gate
        self._node = node
        self._host = host
        self._sought: float | None = None
        self._room = room
        self._on_change = on_change
        self._on_frame = on_frame
        self._life = self._live()
        self._thread: threading.Thread

    def start(self) -> None:
        """Read, or go on where another thread stopped, on a thread of its own."""
        self._thread = threading.Thread(target=self._run, name=f"source {self._node.id}", daemon=True)
        self._thread.start()

    def seek(self, seconds: float) -> bool:
        """Ask the source to go on from another time, also after its end. False if it cannot. Called under the lock."""
        if not self.stage.open or not self.stage.instance.can_seek:
            return False
        self._sought = seconds
        self.gate.withdraw()
        self.gate.ended = False
        self._room.notify_all()
        return True

    def join(self, timeout: float) -> bool:
        """Whether the thread has ended within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        worker = Worker(self.start)
        for _ in self._life:
            with self._room:
                if not self._on_frame(worker if self._is_trivial else None):
                    return

    @property
    def _is_trivial(self) -> bool:
        return self.stage.meter.trivial and self.gate.policy == "every"

    def _live(self) -> Iterator[None]:
        """From opening to closing. Stops whenever a frame waits at the gate."""
        while (pause := (yield from self._read_once())) is not None and not self._host.wait(pause):
            pass
        with self._room:
            self.gate.ended = True
            self._on_change()

    def _read_once(self) -> Generator[None, None, float | None]:
        """Open, read to the end, close. Returns how long to wait before another try, or None if there is none."""
        instance = self.stage.instance
        try:
            stream = instance.open(self._host, self._node.settings.values)
            with self._room:
                self.gate.opened(stream)
                self.stage.open = True
                self.stage.fault = None
                self.stage.activity = ""
                self.stage.note = stream.note
            yield from self._pump()
        except RetryLater as fault:
            self._fail(fault)
            if not self._host.interactive:
                return None
            seconds = _bounded(fault.seconds)
            self.stage.rests_until = time.perf_counter() + seconds
            return seconds
        except BaseException as fault:  # whatever a source raises stays on its node
            self._fail(fault)
        finally:
            self.stage.open = False
            try:
                instance.close()
            except BaseException as fault:
                self._fail(fault)
        return None

    def _pump(self) -> Iterator[None]:
        """Read to the end; where the source is told to go elsewhere, from there."""
        while True:
            yield from self._read(self.stage.instance.frames(self._node.settings.live))
            with self._room:
                if self.stage.instance.can_seek and not self._leaves:
                    self.gate.ended = True
                    self._on_change()
                    self._room.wait_for(lambda: self._leaves)
                sought, self._sought = self._sought, None
            if sought is None or self.stage.stop.is_set():
                return
            self.stage.instance.seek(sought)

    def _read(self, frames: Iterator[tuple[float | None, tuple[Any, ...]]]) -> Iterator[None]:
        try:
            while not self._leaves:
                began = time.perf_counter()
                found = next(frames, None)
                if found is None:
                    return
                if self.stage.ahead and self.gate.policy == "every":  # what a live source gives may be dropped
                    ahead.bring(self.stage, found[1])
                now = time.perf_counter()
                if not self._offer(Arrival(found[1], now, found[0]), (now - began) * 1e3):
                    return
                yield
        finally:
            close = getattr(frames, "close", None)
            if close is not None:
                close()

    def _offer(self, arrival: Arrival, ms: float) -> bool:
        """Hand a frame over, waiting for room where nothing may be lost. False if the source shall end or seek."""
        with self._room:
            self.stage.meter.add(ms)
            self.stage.activity, self.stage.fraction = "", None
            while self.gate.full and not self._leaves:
                self._room.wait()
            if self._leaves:
                return False
            self.gate.offer(arrival)
            return True

    @property
    def _leaves(self) -> bool:
        return self.stage.stop.is_set() or self._sought is not None

    def _fail(self, fault: BaseException) -> None:
        with self._room:
            self.stage.fault = Failed.from_exception(self.stage.id, fault)
            remember(self.stage, fault)
            self.stage.meter.failed += 1
            self.stage.activity = ""
            self._on_change()


def _bounded(seconds: Any) -> float:
    """The pause that a source asks for, which may be anything."""
    try:
        pause = float(seconds)
    except (TypeError, ValueError):
        pause = math.nan
    return min(max(0.0, pause), _LONGEST_PAUSE) if not math.isnan(pause) else RetryLater("").seconds
