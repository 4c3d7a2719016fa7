"""Who makes which call: long ones side by side, trivial ones by one worker; nobody waits for one that sleeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from nodeflow.engine.circuit import Circuit
from nodeflow.engine.gate import Gate
from nodeflow.engine.looker import Looker
from nodeflow.engine.meters import Meter
from nodeflow.engine.packets import Frame
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.engine.trace import Trace
from nodeflow.engine.workers import Workers
from nodeflow.graph import Graph, Node
from nodeflow.node import Tick
from nodeflow.values import Number
from tests.engine.parts import plan_of
from tests.engine.session_parts import PATIENCE, until


class Crew:
    """A graph driven by real workers: two branches on one source, `left` and `right`, unless other wires are given."""

    def __init__(self, prepare: Callable[[Stage], None], *wires: str, count: int = 2) -> None:
        wires = wires or ("source.number -> left.number", "source.number -> right.number")
        names = [wire.rpartition(" ")[2].partition(".")[0] for wire in wires]
        graph = Graph(nodes={"source": Node("t.count")} | {name: Node("t.double") for name in names})
        plan = plan_of(graph.connect(*wires), tuple(names))
        self.lock = threading.Lock()
        self.all_done = threading.Event()
        self.left_to_do = 0
        self.circuit = Circuit(self._done)
        stages = tuple(Stage(node) for node in plan.nodes)
        for stage in stages:
            for _ in range(3):
                stage.meter.add(0.001)  # known to be trivial
            prepare(stage)
        self.clock = Clock(plan.clocks[0], (Gate("every"),))
        self.revision = Revision(plan, stages, (self.clock,))
        self.workers = Workers(
            self.circuit, self.lock, Looker(), Trace(0), lambda: None, lambda _: None, lambda *_: None, count
        )
        until(lambda: len(self.workers._parked) == count)  # one that begins late would run beside who is held

    def admit(self, frames: int) -> None:
        """Call under the lock."""
        self.left_to_do += frames
        for _ in range(frames):
            tick = Tick(self.clock.number, 0.0)
            self.clock.number += 1
            self.circuit.admit(self.revision, self.clock, {0: (Number(1),)}, tick, 0.0)

    def _done(self, _: Frame) -> None:
        self.left_to_do -= 1
        if self.left_to_do == 0:
            self.all_done.set()


def test_a_worker_that_finds_its_resource_taken_leaves_the_running_to_others() -> None:
    def on_one_gpu(stage: Stage) -> None:
        if stage.id != "source":
            stage.resource = "gpu"

    crew = Crew(on_one_gpu)
    try:
        with crew.lock:
            crew.admit(1)
            held: Any = crew.circuit.take()  # the resource is taken by a call that is not a worker's
            crew.workers.wake()

        def idle() -> bool:
            with crew.lock:
                return len(crew.workers._parked) == 2 and crew.circuit.head() is None

        until(idle)
        with crew.lock:
            crew.circuit.finish(held, (Number(2),))
            crew.admit(5)
            crew.workers.wake()
        assert crew.all_done.wait(PATIENCE)
    finally:
        crew.workers.close(1.0)


def test_many_trivial_frames_all_come_to_their_end() -> None:
    crew = Crew(lambda _: None)
    try:
        with crew.lock:
            crew.admit(200)
            crew.workers.wake()
        assert crew.all_done.wait(PATIENCE)
    finally:
        crew.workers.close(1.0)


def test_a_trivial_call_that_takes_long_for_once_does_not_keep_the_others_from_running() -> None:
    inside, leave, passed = threading.Event(), threading.Event(), threading.Event()

    class Left:
        def call(self, inputs: Any, tick: Any, live: Any) -> Any:
            inside.set()
            assert leave.wait(PATIENCE)
            return inputs

    class Right:
        def call(self, inputs: Any, tick: Any, live: Any) -> Any:
            if inside.is_set():
                passed.set()
            return inputs

    def play(stage: Stage) -> None:
        if stage.id != "source":
            instance: Any = Left() if stage.id == "left" else Right()
            stage.instance = instance

    crew = Crew(play)
    try:
        with crew.lock:
            crew.admit(1)
            crew.workers.wake()
        assert inside.wait(PATIENCE)
        with crew.lock:
            crew.admit(1)

        def others_ran() -> bool:
            with crew.lock:
                crew.workers.give_up_overdue(0.0)
            return passed.is_set()

        until(others_ran)
        leave.set()
        assert crew.all_done.wait(PATIENCE)
    finally:
        leave.set()
        crew.workers.close(1.0)


class Player:
    """Stands for a node: its calls wait while `stuck`, and fail on the numbers that `fails` says."""

    def __init__(self, fails: Callable[[int], bool] = lambda _: False) -> None:
        self.inside, self.leave = threading.Event(), threading.Event()
        self.stuck = False
        self._fails = fails

    def call(self, inputs: Any, tick: Tick, live: Any) -> Any:
        if self.stuck:
            self.inside.set()
            assert self.leave.wait(PATIENCE)
        if self._fails(tick.index):
            raise ValueError("no")
        return inputs

    def close(self) -> None:
        pass


def played_by(left: Player, right: Player) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        if stage.id != "source":
            instance: Any = left if stage.id == "left" else right
            stage.instance = instance

    return prepare


def test_a_runner_that_is_given_up_is_a_runner_no_more_and_has_a_successor() -> None:
    left, right = Player(), Player()
    left.stuck = True
    crew = Crew(played_by(left, right))
    try:
        with crew.lock:
            crew.admit(1)
            crew.workers.wake()
        assert left.inside.wait(PATIENCE)
        left.stuck = False
        with crew.lock:
            runner = crew.workers._runner
            assert runner is not None
            crew.workers.give_up_overdue(runner.began + 1e6)
            crew.all_done.clear()
            crew.admit(20)
            crew.workers.wake()
        assert crew.all_done.wait(PATIENCE), "who was given up kept all others from running"
    finally:
        left.leave.set()
        crew.workers.close(PATIENCE)


def test_as_many_workers_work_after_calls_were_given_up() -> None:
    left, right = Player(), Player()
    left.stuck = right.stuck = True

    def long_ones(stage: Stage) -> None:
        played_by(left, right)(stage)
        stage.meter.add(50.0)
        stage.meter.add(50.0)  # known to take their time: side by side, on both workers

    crew = Crew(long_ones)
    try:
        with crew.lock:
            crew.admit(1)
            crew.workers.wake()
        assert left.inside.wait(PATIENCE)
        assert right.inside.wait(PATIENCE)
        left.stuck = right.stuck = False
        with crew.lock:
            crew.workers.give_up_all(set(crew.revision.stages), 1.0)
            for stage in crew.revision.stages:
                stage.fault = None  # as if another had taken its place
            crew.all_done.clear()
            crew.admit(5)
            crew.workers.wake()
        assert crew.all_done.wait(PATIENCE), "nobody was left to work"
    finally:
        left.leave.set()
        right.leave.set()
        crew.workers.close(PATIENCE)


def test_only_failures_in_a_row_make_a_node_rest() -> None:
    left, right = Player(lambda number: number % 5 != 4), Player()  # four failures, then one that goes well
    crew = Crew(played_by(left, right))
    crew.clock.gates[0].policy = "live"
    try:
        for _ in range(40):
            crew.all_done.clear()
            with crew.lock:
                crew.admit(1)
                crew.workers.wake()
            assert crew.all_done.wait(PATIENCE)
        (stage,) = [stage for stage in crew.revision.stages if stage.id == "left"]
        assert (stage.meter.failed, stage.meter.runs) == (32, 43)
        assert (stage.rests_until, stage.strikes) == (0.0, 0)
    finally:
        crew.workers.close(PATIENCE)


class Known(Meter):
    """Says what it is told to say, on a machine of any speed."""

    def __init__(self, trivial: bool) -> None:
        super().__init__()
        self.trivial = trivial

    def add(self, ms: float, waited: float = 0.0) -> None:
        pass


class Log:
    """What was called, as "name frame", and on which thread. The second pose waits until `meanwhile` was called."""

    def __init__(self, gpu: str, trivial: str, meanwhile: str = "") -> None:
        self.calls: dict[str, int] = {}
        self._gpu, self._trivial = gpu.split(), trivial.split()
        self._meanwhile, self._called = meanwhile, threading.Event()

    def run(self, *wires: str, count: int) -> list[str]:
        """Two frames, on so many workers. Returns the calls in order."""
        crew = Crew(self._prepare, *wires, count=count)
        try:
            with crew.lock:
                crew.admit(2)
                crew.workers.wake()
            assert crew.all_done.wait(PATIENCE)
        finally:
            self._called.set()
            crew.workers.close(PATIENCE)
        return list(self.calls)

    def _prepare(self, stage: Stage) -> None:
        stage.meter = Known(stage.id in self._trivial)
        stage.resource = "gpu" if stage.id in self._gpu else None
        played: Any = SimpleNamespace(call=partial(self._call, stage.id))
        stage.instance = played

    def _call(self, name: str, inputs: Any, tick: Tick, _: Any) -> Any:
        call = f"{name} {tick.index}"
        self.calls[call] = threading.get_ident()
        if call == self._meanwhile:
            self._called.set()
        elif call == "pose 1" and self._meanwhile:
            self._called.wait(PATIENCE)
        return inputs


POSE = "source.number -> pose.number", "pose.number -> overlay.number"


@pytest.mark.parametrize("trivial", ["", "overlay"])
def test_who_has_freed_a_resource_goes_on_with_it_and_wakes_another_for_what_comes_first(trivial: str) -> None:
    log = Log("pose", trivial, meanwhile="overlay 0")
    log.run(*POSE, count=2)
    assert log.calls["pose 0"] == log.calls["pose 1"] != log.calls["overlay 0"]


def test_so_does_one_that_ran_the_trivial_calls_on_it() -> None:
    log = Log("pose smooth", "smooth", meanwhile="overlay 0")
    log.run("source.number -> pose.number", "pose.number -> smooth.number", "smooth.number -> overlay.number", count=2)
    assert log.calls["pose 0"] == log.calls["smooth 0"] == log.calls["pose 1"] != log.calls["overlay 0"]


@pytest.mark.parametrize(("trivial", "count"), [("", 1), ("overlay", 1), ("pose overlay", 2)])
def test_with_nobody_to_wake_or_nothing_worth_it_the_nearest_to_a_sink_comes_first(trivial: str, count: int) -> None:
    calls = Log("pose", trivial).run(*POSE, count=count)
    assert calls == ["pose 0", "overlay 0", "pose 1", "overlay 1"]
