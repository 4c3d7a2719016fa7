"""The frames on their way through the revision of now: which may set out, and what follows when one has ended.

First the still nodes answer, once a revision. A stream comes over to a revision once those have that give it values:
its frames set out where one waits at each of its gates, there is room for it, and it is time (see `admission`). Until
then a live stream goes on in the revision before; one that loses nothing waits, so that an edit is felt from the next
frame on. While a run is paused, frames set out by `steps` alone, and the last frame of a stream runs once more through
each revision that takes over.

Who brings news (a reader with a frame, a worker with what a call gave, the session with an edit) calls `pump`, and the
frames go on from there. Everything here is called with the session's lock held; nothing here waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

from nodeflow.engine.admission import departure, taken, tune
from nodeflow.engine.cache import Cache
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.known import known_again
from nodeflow.engine.looker import Looker
from nodeflow.engine.pacer import Pacer
from nodeflow.engine.packets import CALLED_OFF, Frame, Packets
from nodeflow.engine.plan import EMPTY
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.still import Still
from nodeflow.engine.trace import Trace
from nodeflow.engine.workers import Worker, Workers, default_workers

Gait = Literal["stands", "steps", "runs"]
"""No frame sets out, as many as there are `steps`, or all that may."""


class Traffic:
    """See the module's head. `revision` is the one that frames set out on, `gait` how they do.

    `room` is notified when a gate was emptied; `news` when the run has come to rest, or to its end.
    """

    def __init__(
        self,
        lock: threading.Lock,
        room: threading.Condition,
        news: threading.Condition,
        cache: Cache,
        looker: Looker,
        trace: Trace,
        *,
        make_room: Callable[[str], None],
        on_over: Callable[[], None],
        endless: bool,
    ) -> None:
        """`make_room` is for `Workers`; `on_over` is called when streams have come over to the revision of now. A run
        of still nodes alone is over once they have answered, unless `endless`: somebody may change them."""
        self.revision = Revision(EMPTY, (), ())
        self.gait: Gait = "stands"
        self._room = room
        self._news = news
        self._looker = looker
        self._trace = trace
        self._on_over = on_over
        self._endless = endless
        self._lagging: set[Clock] = set()
        """The streams that are yet to come over to the revision of now."""
        self._behind: set[Clock] = set()
        """While paused: the streams whose last frame has yet to be brought up to the revision of now."""
        self.circuit = Circuit(self._ended)
        self.workers = Workers(
            self.circuit,
            lock,
            looker,
            trace,
            on_end=self._admit_more,
            make_room=make_room,
            on_return=self._came_back,
            count=default_workers(),
        )
        self._still = Still(self.circuit, cache, looker)
        self._pacer = Pacer(lock, self.pump)

    def go(self, gait: Gait) -> None:
        """Let frames set out so from now on. Steps that were not taken are forgotten when they run."""
        self.gait = gait
        self._behind = set(self.revision.clocks) if gait == "steps" else set()
        if gait == "runs":
            for clock in self.revision.clocks:
                clock.steps = 0
        self.pump()

    def take_over(self, revision: Revision) -> None:
        """From now on frames set out on `revision`. Those on their way go on as they were."""
        for clock in self.revision.clocks:
            if clock not in revision.clocks:  # or a stream that is over would keep all streams of its revisions
                clock.last = clock.revision = None
        self.revision = revision
        self._lagging = set(revision.clocks)
        self._behind = set(revision.clocks) if self.gait == "steps" else set()
        self._looker.keep_only(revision.plan.index.keys())
        for stage in revision.stages:
            stage.cached = False
        self._still.cut_short(revision)

    def pump(self) -> None:
        """Something has changed: admit what may be admitted, and see that someone does the work."""
        self._admit_more()
        self.workers.wake()

    def frame_read(self, worker: Worker | None) -> bool:
        """A source has read a frame, and may lend its thread. False if it shall not go on with that."""
        self._admit_more()
        if worker is not None:
            return self.workers.lend(worker)
        self.workers.wake()
        return True

    def call_off(self) -> None:
        """Let the frames on their way end with the calls that have begun."""
        while (call := self.circuit.take()) is not None:
            self.circuit.finish(call, (CALLED_OFF,) * max(1, call.node.outputs))

    def is_quiet(self) -> bool:
        """Whether no frame is on its way."""
        return self.circuit.in_flight == 0

    def is_over(self) -> bool:
        """Whether every source has ended and every frame is finished."""
        revision = self.revision
        if self.gait != "runs" or not revision.still_done:
            return False
        if not revision.clocks:
            return not self._endless
        return all(clock.ended and clock.in_flight == 0 for clock in revision.clocks)

    def close(self, timeout: float) -> None:
        """End the threads, for which it waits so many seconds. Called without the lock."""
        self._pacer.close()
        self.workers.close(timeout)

    def _admit_more(self) -> None:
        if self.gait != "stands" and self._still.is_due(self.revision):
            self._still.set_out(self.revision, time.perf_counter())
        if self._lagging:
            self._bring_over()
        for clock in [clock for clock in self._behind - self._lagging if not clock.frames]:
            self._behind.remove(clock)
            self._run_again(clock)
        now = time.perf_counter()
        for clock in self.revision.clocks:
            while self._may_admit(clock, now):
                self._admit(clock)
        if self.is_quiet() and (self.gait != "runs" or self.is_over()):
            self._news.notify_all()

    def _may_admit(self, clock: Clock, now: float) -> bool:
        if not clock.filled or clock.ended or self.gait == "stands" or (self.gait == "steps" and not clock.steps):
            return False
        if self._lagging and clock in self._lagging and (clock.revision is None or not clock.live):
            return False
        when = departure(clock, now)
        if when is not None and when > now:
            self._pacer.wake_at(when)
        return when is not None and when <= now

    def _admit(self, clock: Clock) -> None:
        if self.gait == "steps":
            clock.steps -= 1
        revision = clock.revision
        assert revision is not None, "a frame was to set out before its stream had a revision"
        tick, captured, given = taken(clock)
        self._room.notify_all()
        for place, packets in given.items():
            stage = revision.stages[place]
            stage.given, stage.served = packets, tick.index
            if stage.id in self._looker.nodes:
                self._looker.offer(stage, tick.index, packets, revision.plan.revision)
        self.circuit.admit(revision, clock, given, tick, captured)

    def _bring_over(self) -> None:
        """Let the streams that the revision of now can serve set out on it."""
        revision = self.revision
        over = [
            (planned, clock)
            for planned, clock in zip(revision.plan.clocks, revision.clocks, strict=True)
            if clock in self._lagging and revision.serves(planned)
        ]
        for planned, clock in over:
            clock.plan, clock.revision = planned, revision
            self._lagging.remove(clock)
        if over:
            self._on_over()

    def _run_again(self, clock: Clock) -> None:
        """While paused: bring the last frame of a stream up to the revision of now."""
        found = known_again(self.revision, clock)
        if found is not None and clock.last is not None:
            known, held = found
            self.circuit.admit(self.revision, clock, known, clock.last.tick, time.perf_counter(), held)

    def _came_back(self, call: Call, packets: Packets) -> None:
        """A call that had been given up has ended after all. Where somebody went on without it, it is as after an
        edit."""
        now = self.revision
        if self._still.came_back(call, packets, now) and self.gait != "stands":
            self.take_over(Revision(now.plan, now.stages, now.clocks, now.keys))
            self.pump()

    def _ended(self, frame: Frame) -> None:
        revision, clock = frame.revision, frame.clock
        now = time.perf_counter()
        if revision is not self.revision or clock is revision.still:
            self._news.notify_all()  # a node that left may be closed now
        if clock in self.revision.clocks and (clock.last is None or frame.tick.index >= clock.last.tick.index):
            clock.last = frame  # where a parallel node comes last, an older frame may end later
        if frame.again:
            return
        clock.flow.add(frame.captured, now)
        self._trace.frames.append((id(clock), frame.tick.index, frame.captured, now))
        if clock is revision.still:
            self._still.ended(frame)
        elif revision is clock.revision:
            tune(clock, revision)
