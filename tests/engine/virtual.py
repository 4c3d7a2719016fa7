"""A conductor without threads: calls end when, and in the order, that the test says; sources give when they are told;
time is a number.

    with virtual(registry, choose) as run:
        run.conductor.begin(graph)
        run.offer("count")              # the source gives its next value to its gate
        run.finish_one()                # one of the calls that have begun ends; `choose` picks which
        run.drain()                     # all of them do, and what follows

Everything but the threads is the engine's own. Where the conductor would wait for its workers, they work. `log` tells
what happened, in order: revisions that took over, frames that set out, calls that were made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from nodeflow.engine import Glance
from nodeflow.engine.cache import Cache
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.conductor import Conductor
from nodeflow.engine.gate import Arrival, Gate
from nodeflow.engine.host import Equipment, Host
from nodeflow.engine.packets import Failed, Frame, Packets
from nodeflow.engine.plan import PlanNode
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.engine.trace import Trace
from nodeflow.engine.traffic import Traffic
from nodeflow.engine.workers import GivenUp
from nodeflow.graph import Graph
from nodeflow.node import Registry, Tick
from tests.engine.events import CameBack, Event, GaveUp, Made, Retried, SetOut, TookOver, Withdrew

CALL = 0.01
"""Seconds that every call takes."""
STALLS = "t.stall"
"""The type of nodes whose calls may take any time."""
STALL_LIMIT = 5.0


class Virtual:
    """The conductor and what stands in for its threads."""

    def __init__(self, choose: Callable[[int], int]) -> None:
        self.now = 100.0
        self.log: list[Event] = []
        self.sources: list[VirtualReader] = []
        """Of all revisions, in the order in which they began."""
        self.alarm: float | None = None
        self.began: dict[int, float] = {}
        self.conductor: _Conductor
        self.traffic: _Traffic
        self.circuit: _Circuit
        self._choose = choose
        self._hand: list[Call] = []
        self._stuck: list[Call] = []
        """Calls that take long; nobody knows whether they come back."""
        self._given_up: list[Call] = []

    @property
    def hand(self) -> tuple[Call, ...]:
        """The calls that are under way."""
        return tuple(self._hand)

    @property
    def readers(self) -> dict[str, VirtualReader]:
        """By the ids that their sources have now."""
        return {reader.stage.id: reader for reader in self.sources}

    @property
    def is_stuck(self) -> bool:
        return bool(self._stuck)

    @property
    def is_out(self) -> bool:
        """Whether a call has not come back."""
        return bool(self._stuck or self._given_up)

    def offer(self, source: str) -> bool:
        """Let a source give its next value, if its gate has room for it. False once it has ended."""
        with self.conductor.lock:
            self.now += CALL
            return self.readers[source].offer()

    def finish_one(self) -> bool:
        """Let one of the calls that have begun end. False if there is none."""
        with self.conductor.lock:
            return self.work()

    def drain(self) -> None:
        """Let all calls end, and all frames set out that wait for nothing but their time."""
        with self.conductor.lock:
            while self.work() or self.wait():
                pass

    def hang(self) -> None:
        """So much time passes that calls which take long are over their limit, and are given up."""
        self.now += 2 * STALL_LIMIT
        self.conductor.look_after()

    def come_back(self) -> None:
        """Let one of the calls that take long end, be it too late."""
        with self.conductor.lock:
            waiting = [*self._stuck, *self._given_up]
            if not waiting:
                return
            self.now += CALL
            call = waiting[self._choose(len(waiting))]
            if call in self._stuck:
                self._stuck.remove(call)
                self._end(call)
                return
            self._given_up.remove(call)
            packets = self._outcome(call)
            self.log.append(CameBack(call.stage, call.node.id, call.frame, self.now))
            orphaned = call.stage.returned()
            self.traffic._came_back(call, packets)
        if orphaned:
            call.stage.instance.close()

    def all_come_back(self) -> None:
        while self._stuck or self._given_up:
            self.come_back()

    def give_up(self, which: Callable[[Call], bool], seconds: float) -> None:
        """What the workers do with calls that nobody waits for any more. Under the lock."""
        for calls in (self._hand, self._stuck):
            for call in [call for call in calls if which(call)]:
                calls.remove(call)
                self._given_up.append(call)
                self.log.append(GaveUp(call.stage, call.node.id, call.frame))
                self.circuit.finish(call, (call.stage.give_up(seconds),) * call.node.outputs)
        self.traffic._admit_more()

    def watch(self, nodes: Collection[str], graph: Graph) -> None:
        """Look at these nodes and no others."""
        if self.conductor.watch({name: Glance(name) for name in nodes}):
            self.conductor.demand(graph)

    def retry(self, node: str, graph: Graph) -> None:
        """Try a node again, when nothing is on its way: what is has been tried or not, and that is free."""
        self.drain()
        stages = {stage.id: stage for stage in self.conductor.revision.stages}
        if node in stages:
            self.log.append(Retried(node, anew=stages[node].fault is not None))
        self.conductor.retry(node, graph)

    def begin_calls(self) -> None:
        """Begin every call that may. Under the lock."""
        while (call := self.circuit.take()) is not None:
            call.stage.serving, call.stage.began = call.frame, self.now
            self.began[id(call)] = self.now
            self._hand.append(call)

    def work(self) -> bool:
        """What the workers do. Under the lock."""
        self.begin_calls()
        if not self._hand:
            return False
        self.now += CALL
        call = self._hand.pop(self._choose(len(self._hand)))
        if call.node.schema.type == STALLS and self._choose(2) == 0:
            self._stuck.append(call)
        else:
            self._end(call)
        return True

    def _end(self, call: Call) -> None:
        """A call ends. Under the lock."""
        stage = call.stage
        packets = self._outcome(call)
        if stage.last is None:
            stage.went_well()
        else:
            stage.failed(call.frame, self.now)
        stage.meter.add(CALL * 1e3)
        self.log.append(Made(stage, call.node.id, call.frame, self.now))
        ended = self.circuit.ended
        self.circuit.finish(call, packets)
        if self.circuit.ended != ended or call.frame.twins is not None:
            self.traffic._admit_more()

    def _outcome(self, call: Call) -> Packets:
        """What a call gives."""
        stage = call.stage
        try:
            packets = call.run()
        except Exception as fault:
            stage.last = Failed.from_exception(call.node.id, fault)
            return (stage.last,) * call.node.outputs
        stage.last = None
        stage.given = packets or call.inputs
        return packets

    def wait(self) -> bool:
        """Let the time come for which a frame waits. False if none does. Under the lock."""
        if self.alarm is None:
            return False
        self.now, self.alarm = max(self.now, self.alarm), None
        self.traffic.pump()
        return True


class _Conductor(Conductor):
    """Waits by working, and knows what it was asked for last."""

    def __init__(self, run: Virtual, registry: Registry) -> None:
        super().__init__(registry, Equipment("cpu", 1, Path(), interactive=True), Trace(0), Cache())
        self._run = run
        news: Any = _News(run, self.lock)
        self.news = news
        self.asked = Graph()

    def _install(self, graph: Graph) -> Failed | None:
        self.asked = graph
        return super()._install(graph)


class _Traffic(Traffic):
    """Tells the log which revisions take over."""

    def __init__(self, run: Virtual, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._run = run
        run.traffic = self

    def take_over(self, revision: Revision) -> None:
        self._run.log.append(TookOver(revision, self._run.conductor.asked, self._run.conductor.looker.nodes))
        super().take_over(revision)


class _News:
    """A condition on which nobody has to wait: the work that would be waited for is done."""

    def __init__(self, run: Virtual, lock: Any) -> None:
        self._run, self._lock = run, lock

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def notify_all(self) -> None:
        pass

    def wait_for(self, true: Callable[[], bool], timeout: float) -> bool:
        while not true():
            if not self._run.work() and not self._run.wait():
                assert self._run.is_stuck, "it waits for what nobody does"
                return False
        return True


class _Workers:
    """Gives up calls as the workers do."""

    def __init__(self, run: Virtual) -> None:
        self._run = run

    def wake(self) -> None:
        pass

    def give_up_overdue(self, now: float) -> list[GivenUp]:
        def overdue(call: Call) -> bool:
            stalls = call.node.schema.type == STALLS  # all others end in time
            return stalls and now - self._run.began[id(call)] > call.node.schema.time_limit

        self._run.give_up(overdue, STALL_LIMIT)
        return []  # they are on no thread

    def give_up_all(self, stages: Collection[Stage], waited: float) -> list[GivenUp]:
        self._run.give_up(lambda call: call.stage in stages, waited)
        return []

    def close(self, timeout: float) -> None:
        pass


class _Circuit(Circuit):
    """Tells the log which frames set out."""

    def __init__(self, run: Virtual, on_done: Callable[[Frame], None]) -> None:
        super().__init__(on_done, lambda: run.now)
        self._run, self._log = run, run.log
        run.circuit = self

    def admit(
        self,
        revision: Revision,
        clock: Clock,
        given: Mapping[int, Packets],
        tick: Tick,
        captured: float,
        held: Mapping[int, Packets] | None = None,
    ) -> Frame:
        now = self._run.conductor.revision
        if revision is not now:
            planned = next(planned for planned, each in zip(now.plan.clocks, now.clocks, strict=True) if each is clock)
            assert clock.live, "it loses nothing by waiting"
            assert not now.serves(planned), "it set out on a revision that is over"
        place = len(self._log)
        frame = super().admit(revision, clock, given, tick, captured, held)
        sources = {revision.plan.nodes[index].id: given[index][0] for index in clock.plan.sources}
        readers = self._run.readers
        newest = {name: readers[name].newest for name in sources if readers[name].gate.policy == "live"}
        nodes = tuple(node for node in map(revision.plan.nodes.__getitem__, clock.plan.members) if node.step is None)
        self._log.insert(place, SetOut(frame, nodes, sources, newest))
        return frame

    def withdraw(self, frame: Frame) -> set[int]:
        withdrawn = super().withdraw(frame)
        self._log.append(Withdrew(frame, frozenset(frame.nodes[place].id for place in withdrawn)))
        return withdrawn


class VirtualReader:
    """A source that gives when it is told to."""

    def __init__(
        self,
        run: Virtual,
        node: PlanNode,
        stage: Stage,
        gate: Gate,
        host: Host,
        room: object,
        on_change: Callable[[], None],
        on_frame: Callable[[None], bool],
    ) -> None:
        self.stage, self.gate = stage, gate
        self.newest: Any = None
        self._run, self._node, self._host = run, node, host
        self._on_change, self._on_frame = on_change, on_frame

    def start(self) -> None:
        self._run.sources.append(self)
        self.gate.opened(self.stage.instance.open(self._host, self._node.settings.values))
        self._frames = self.stage.instance.frames(self._node.settings.live)

    def seek(self, seconds: float) -> bool:
        if not self.stage.instance.can_seek:
            return False
        self.gate.withdraw()
        self.gate.ended = False
        self.stage.instance.seek(seconds)
        self._frames = self.stage.instance.frames(self._node.settings.live)
        return True

    def offer(self) -> bool:
        if not self.gate.full and not self.gate.ended:
            found = next(self._frames, None)
            if found is None:
                self.gate.ended = True
                self._on_change()
            else:
                self.newest = found[1][0]
                self.gate.offer(Arrival(found[1], self._run.now, found[0]))
                self._on_frame(None)
        return not self.gate.ended

    def join(self, timeout: float) -> bool:
        self.gate.ended = True
        self.stage.instance.close()
        return True


@contextmanager
def virtual(registry: Registry, choose: Callable[[int], int]) -> Iterator[Virtual]:
    """A conductor that is ended, whatever happens."""
    run = Virtual(choose)
    clock = SimpleNamespace(perf_counter=lambda: run.now)
    with (
        mock.patch.multiple(
            "nodeflow.engine.conductor",
            Traffic=lambda *given, **more: _Traffic(run, *given, **more),
            Reader=lambda *given: VirtualReader(run, *given),
            time=clock,
        ),
        mock.patch.multiple(
            "nodeflow.engine.traffic",
            Circuit=lambda on_done: _Circuit(run, on_done),
            Workers=lambda *_, **__: _Workers(run),
            Pacer=lambda *_: SimpleNamespace(wake_at=lambda when: setattr(run, "alarm", when), close=lambda: None),
            time=clock,
        ),
    ):
        run.conductor = _Conductor(run, registry)
        try:
            yield run
            run.conductor.end("stopped")
        finally:
            run.conductor.close()
