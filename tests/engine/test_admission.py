"""When frames set out, who takes turns, and who rests: with time that the test tells."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.admission import departure, taken, tune
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.gate import Arrival, Gate
from nodeflow.engine.packets import Failed, Frame
from nodeflow.engine.plan import Plan
from nodeflow.engine.planning import make_plan
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.graph.schema import Clock as ClockKind
from nodeflow.node import Nothing, Registry, Stream, Tick, node
from nodeflow.values import Number
from tests.engine.graph_parts import ALL, build
from tests.engine.parts import REGISTRY, plan_of
from tests.engine.running_parts import offer, running

TOY = {"source": 0.0, "pre": 0.004, "pose": 0.020, "seg": 0.012, "overlay": 0.006}


def toy_plan() -> Plan:
    nodes = {
        "source": Node("t.count"),
        "pre": Node("t.double"),
        "pose": Node("t.double"),
        "seg": Node("t.double"),
        "overlay": Node("t.add"),
    }
    links = (
        "source.number -> pre.number",
        "pre.number -> pose.number",
        "pre.number -> seg.number",
        "pose.number -> overlay.a",
        "seg.number -> overlay.b",
    )
    return plan_of(Graph(nodes=nodes).connect(*links), ("overlay",))


class Simulation:
    """A plan on as many cores as it likes, in virtual time: `times` tells how many seconds each node takes. A source
    gives a frame every `period` seconds."""

    def __init__(
        self,
        policy: ClockKind,
        period: float,
        frames: int,
        plan: Plan | None = None,
        times: dict[str, float] | None = None,
    ) -> None:
        self.times = times or TOY
        self.now = 0.0
        self.done: list[Frame] = []
        self.latencies: list[float] = []
        self.inside: list[float] = []
        self.ends: list[float] = []
        self.circuit = Circuit(self._on_done, lambda: self.now)
        plan = plan or toy_plan()
        self.gate = Gate(policy)
        self.clock = Clock(plan.clocks[0], (self.gate,))
        stages: list[Stage] = []
        for planned in plan.nodes:
            stages.append(Stage(planned) if planned.part_of is None else stages[planned.part_of])
        self.revision = Revision(plan, tuple(stages), (self.clock,))
        self.most = self.ahead = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._period, self._frames = period, frames
        self._at(0.0, self._arrive)

    def run(self) -> None:
        while self._events:
            self.now, _, event = heappop(self._events)
            event()
            self._go_on()

    def _at(self, when: float, event: Callable[[], None]) -> None:
        heappush(self._events, (when, next(self._number), event))

    def _arrive(self) -> None:
        if self.gate.full:
            return
        if self.gate.offered < self._frames:
            self.gate.offer(Arrival((Number(self.gate.offered),), self.now, None))
            self._at(self.now + self._period, self._arrive)

    def _go_on(self) -> None:
        if self.gate.waiting is not None:
            when = departure(self.clock, self.now)
            if when is not None and when > self.now:
                self._at(when, lambda: None)
            elif when is not None:
                arrival = self.gate.take()
                tick = Tick(self.clock.number, self.now)
                self.clock.number += 1
                given = {self.clock.plan.sources[0]: arrival.packets}
                self.circuit.admit(self.revision, self.clock, given, tick, arrival.captured)
                self.most = max(self.most, self.clock.in_flight)
                self.ahead = max(self.ahead, self.clock.in_flight - self.clock.limit)
                if self.gate.policy == "every":
                    self._at(self.now, self._arrive)
        while (call := self.circuit.take()) is not None:
            self._begin(call)

    def _begin(self, call: Call) -> None:
        call.stage.serving, call.stage.began = call.frame, self.now
        self._at(self.now + self.times[call.node.id], lambda: self._finish(call))

    def _finish(self, call: Call) -> None:
        call.stage.meter.add(self.times[call.node.id] * 1e3)
        self.circuit.finish(call, call.run())

    def _on_done(self, frame: Frame) -> None:
        self.clock.flow.add(frame.captured, self.now)
        self.latencies.append(self.now - frame.captured)
        self.inside.append(self.now - frame.admitted)
        self.ends.append(self.now)
        tune(self.clock, self.revision, processors=4)

    def rate(self) -> float:
        """Frames a second once it has settled."""
        late = self.ends[len(self.ends) // 4 :]
        return (len(late) - 1) / (late[-1] - late[0])


def test_lossless_throughput_is_that_of_the_slowest_node() -> None:
    run = Simulation("every", 0.0, 400)
    run.run()
    assert len(run.ends) == 400
    assert run.rate() == pytest.approx(50.0, rel=0.01)
    assert run.most <= 4


@node("t.side_by_side", category="Test", parallel=True)
def side_by_side(number: Number) -> Number:
    return Number(number.value)


PARALLEL = Registry({**REGISTRY.types, **Registry.of(side_by_side).types})


@pytest.mark.parametrize(
    ("parallel", "before", "rate"), [(0.040, 0.010, 80.0), (0.020, 0.010, 100.0), (0.040, 0.0, 100.0)]
)
def test_a_parallel_node_works_on_as_many_frames_as_there_are_processors(
    parallel: float, before: float, rate: float
) -> None:
    """Up to four frames: behind a node of 10 ms, one of 40 ms keeps up with it but for the limit of frames."""
    nodes = {"source": Node("t.count"), "pre": Node("t.double"), "slow": Node("t.side_by_side")}
    graph = Graph(nodes=nodes).connect("source.number -> pre.number", "pre.number -> slow.number")
    plan = make_plan(graph, PARALLEL, ("slow",))
    run = Simulation("every", 0.0, 200, plan, {"source": 0.0, "pre": before, "slow": parallel})
    run.run()
    assert run.rate() == pytest.approx(rate, rel=0.05)
    assert run.ends == sorted(run.ends)
    assert run.most <= 4


MILLISECONDS = st.integers(1, 30).map(lambda ms: ms / 1e3)


@st.composite
def pipelines(draw: st.DrawFn) -> tuple[Plan, dict[str, float]]:
    """A chain of one to five nodes, the last of them maybe behind two branches, with a time for each."""
    nodes = {"source": Node("t.count")}
    links = []
    above = "source"
    for i in range(draw(st.integers(1, 4))):
        name = f"n{i}"
        nodes[name] = Node("t.double")
        links.append(f"{above}.number -> {name}.number")
        above = name
    if draw(st.booleans()):
        nodes |= {"left": Node("t.double"), "right": Node("t.double"), "join": Node("t.add")}
        links += [f"{above}.number -> left.number", f"{above}.number -> right.number"]
        links += ["left.number -> join.a", "right.number -> join.b"]
        above = "join"
    plan = plan_of(Graph(nodes=nodes).connect(*links), (above,))
    return plan, {name: 0.0 if name == "source" else draw(MILLISECONDS) for name in nodes}


def critical_path(plan: Plan, times: dict[str, float]) -> float:
    ends: dict[int, float] = {}
    for planned in plan.nodes:
        before = (ends[wire.producer] for wire in planned.inputs if wire is not None)
        ends[planned.place] = max(before, default=0.0) + times[planned.id]
    return max(ends.values())


@given(pipelines())
def test_no_frame_is_lost_or_late_and_the_slowest_node_sets_the_pace(made: tuple[Plan, dict[str, float]]) -> None:
    plan, times = made
    run = Simulation("every", 0.0, 120, plan, times)
    run.run()
    assert len(run.ends) == 120
    assert run.ends == sorted(run.ends)
    slowest, path = max(times.values()), critical_path(plan, times)
    assert run.rate() == pytest.approx(min(1 / slowest, 4 / path), rel=0.05)
    assert (run.most, run.ahead) <= (4, 0)
    assert max(run.inside) <= run.most * slowest + path + 1e-9


@given(pipelines(), st.sampled_from((1 / 30, 1 / 60, 1 / 120)))
def test_a_live_stream_is_never_older_than_its_path_and_one_turn_of_the_slowest_node(
    made: tuple[Plan, dict[str, float]], period: float
) -> None:
    plan, times = made
    run = Simulation("live", period, 400, plan, times)
    run.run()
    slowest, path = max(times.values()), critical_path(plan, times)
    assert run.gate.offered == len(run.ends) + run.gate.dropped == 400
    settled = sorted(run.latencies[20:])
    assert settled[len(settled) // 2] <= path + slowest + period
    assert run.ahead <= 1
    assert run.rate() >= 0.9 * min(1 / slowest, 1 / period, 4 / path)


def test_live_frames_leave_just_in_time() -> None:
    run = Simulation("live", 1 / 60, 900)
    run.run()
    median = sorted(run.latencies)[len(run.latencies) // 2]
    assert run.rate() >= 0.95 * 50.0
    assert median <= 1.4 * 0.030
    assert run.gate.offered == len(run.ends) + run.gate.dropped


def test_one_more_live_frame_may_be_on_its_way_than_keeps_the_slowest_node_busy() -> None:
    """It leaves while the slowest node and the one behind it work."""
    nodes = {"source": Node("t.count"), "pre": Node("t.double"), "slow": Node("t.double"), "post": Node("t.double")}
    links = ("source.number -> pre.number", "pre.number -> slow.number", "slow.number -> post.number")
    plan = plan_of(Graph(nodes=nodes).connect(*links), ("post",))
    run = Simulation("live", 1 / 60, 200, plan, {"source": 0.0, "pre": 0.010, "slow": 0.020, "post": 0.010})
    run.run()
    assert (run.clock.limit, run.ahead) == (2, 1)


def test_what_a_node_keeps_for_the_next_frame_takes_no_time_of_it() -> None:
    names = ("x", "y", "z")
    graph = build({"source": "t.count", **dict.fromkeys(names, "t.double"), "before": "flow.previous"})
    graph = graph.connect("source.number -> x.number", "x.number -> y.number", "y.number -> z.number")
    graph = graph.connect("source.number -> before.value", "z.number -> before.first")
    times = {"source": 0.0, **dict.fromkeys(names, 0.018), "before": 0.020}
    run = Simulation("live", 1 / 120, 400, make_plan(graph, ALL, ("before",)), times)
    run.run()
    assert run.rate() >= 0.95 * 50.0


def test_a_source_that_takes_its_time_is_not_the_slowest_node() -> None:
    run = Simulation("every", 0.0, 8)
    run.revision.stages[run.clock.plan.sources[0]].meter.add(500.0)
    run.run()
    assert run.clock.slowest is not None
    assert (run.clock.slowest.id, run.clock.limit) == ("pose", 2)


def test_a_run_learns_from_its_frames_how_many_may_be_on_their_way() -> None:
    nodes = {"a": "t.count", "x": "t.double", "y": "t.double", "z": "t.double", "out": "t.collect"}
    graph = build(
        nodes, "a.number -> x.number", "x.number -> y.number", "y.number -> z.number", "z.number -> out.number"
    )
    with running(graph.set_param("a", "frames", 20)) as run:
        offer(run, "a", 8)
        (clock,) = run.conductor.revision.clocks
        assert clock.limit == 4, "each of four nodes is as slow as the others"


def test_a_frame_of_several_sources_is_as_old_as_the_oldest_of_them() -> None:
    gates = (Gate("every"), Gate("every"))
    for gate, captured in zip(gates, (2.0, 1.0), strict=True):
        gate.offer(Arrival((Number(0),), captured, captured * 10))
    plan = plan_of(
        Graph({"a": Node("t.count"), "b": Node("t.count"), "sum": Node("t.add")}).connect(
            "a.number -> sum.a", "b.number -> sum.b"
        ),
        ("sum",),
    )
    tick, captured, given = taken(Clock(plan.clocks[0], gates))
    assert (tick.time, captured, len(given)) == (20.0, 1.0, 2)


def test_a_resource_is_occupied_by_one_call_at_a_time() -> None:
    plan = toy_plan()
    done: list[Frame] = []
    circuit = Circuit(done.append)
    clock = Clock(plan.clocks[0], (Gate("every"),))
    stages = tuple(Stage(node) for node in plan.nodes)
    for stage in stages:
        stage.resource = "gpu:0" if stage.id in ("pose", "seg") else None
    revision = Revision(plan, stages, (clock,))
    for value in range(2):
        circuit.admit(revision, clock, {0: (Number(value),)}, Tick(value, 0.0), 0.0)
    running: list[Call] = []
    on_gpu = 0
    while len(done) < 2:
        while (call := circuit.take()) is not None:
            running.append(call)
        assert sum(call.stage.resource == "gpu:0" for call in running) <= 1
        call = running.pop(0)
        on_gpu += call.stage.resource == "gpu:0"
        circuit.finish(call, call.run())
    assert on_gpu == 4


def test_different_resources_are_occupied_side_by_side() -> None:
    plan = toy_plan()
    circuit = Circuit(lambda _: None)
    clock = Clock(plan.clocks[0], (Gate("every"),))
    stages = tuple(Stage(node) for node in plan.nodes)
    for stage in stages:
        stage.resource = {"pose": "gpu:0", "seg": "gpu:1"}.get(stage.id)
    circuit.admit(Revision(plan, stages, (clock,)), clock, {0: (Number(0),)}, Tick(0, 0.0), 0.0)
    pre = circuit.take()
    assert pre is not None
    circuit.finish(pre, pre.run())
    side_by_side = {call.stage.id for call in (circuit.take(), circuit.take()) if call is not None}
    assert side_by_side == {"pose", "seg"}


def test_a_node_that_fails_again_and_again_rests_on_a_live_stream_only() -> None:
    kinds: dict[ClockKind, int] = {"live": 6, "every": 12}
    for policy, tried in kinds.items():
        plan = plan_of(
            Graph(nodes={"source": Node("t.count"), "bad": Node("t.fail_on", params={"every": 1})}).connect(
                "source.number -> bad.number"
            ),
            ("bad",),
        )
        done: list[Frame] = []
        circuit = Circuit(done.append)
        clock = Clock(plan.clocks[0], (Gate(policy),))
        revision = Revision(plan, tuple(Stage(node) for node in plan.nodes), (clock,))
        calls, failed = 0, Failed("bad", "as it always does")
        for number in range(12):
            now = number * 0.1
            circuit.admit(revision, clock, {0: (Number(3),)}, Tick(number, now), now)
            call = circuit.take()
            if call is not None:
                calls += 1
                call.stage.last = failed
                call.stage.failed(call.frame, now)
                circuit.finish(call, (failed,))
        # five failures (0.0 .. 0.4), a rest of half a second, one more try (0.9), a rest of a second
        assert (policy, calls) == (policy, tried)
        assert len(done) == 12


def test_a_call_that_goes_well_ends_the_rest_for_frames_that_were_captured_during_it() -> None:
    """One that waited at the gate while the run was paused, say."""
    plan = plan_of(
        Graph(nodes={"source": Node("t.count"), "bad": Node("t.fail_on")}).connect("source.number -> bad.number"),
        ("bad",),
    )
    circuit = Circuit(lambda frame: None)
    clock = Clock(plan.clocks[0], (Gate("live"),))
    revision = Revision(plan, tuple(Stage(node) for node in plan.nodes), (clock,))
    bad = revision.stages[plan.index["bad"]]
    bad.rests_until = 100.0
    bad.went_well()
    circuit.admit(revision, clock, {0: (Nothing("dark"),)}, Tick(0, 1.0), 1.0)
    circuit.admit(revision, clock, {0: (Number(1),)}, Tick(1, 2.0), 2.0)
    assert (call := circuit.take()) is not None
    assert call.frame.tick.index == 1


@pytest.mark.parametrize(
    ("said", "own", "expected"),
    [
        (Stream(rate=25.0), (None, None, None), (0.0, 1 / 25, 2 / 25)),
        (Stream(rate=25.0, start=8.0), (None, None, None), (8.0, 8 + 1 / 25, 8 + 2 / 25)),
        (Stream(), (None, None, None), (0.0, 0.5, 2.0)),
        (Stream(start=8.0), (None, None, None), (8.0, 8.5, 10.0)),
        (Stream(rate=25.0), (3.0, None, 4.5), (3.0, 1 / 25, 4.5)),
    ],
)
def test_the_time_of_a_frame_is_its_own_or_its_numbers_or_that_of_its_capture(
    said: Stream, own: tuple[float | None, ...], expected: tuple[float, ...]
) -> None:
    gate = Gate("every")
    gate.opened(said)
    clock = Clock(toy_plan().clocks[0], (gate,))
    clock.count_on(7)
    times = []
    for captured, time in zip((100.0, 100.5, 102.0), own, strict=True):
        gate.offer(Arrival((Number(0),), captured, time))
        tick, when, given = taken(clock)
        times.append(tick.time)
        assert (when, given, tick.rate) == (captured, {0: (Number(0),)}, said.rate)
    assert times == pytest.approx(expected)
    assert clock.number == 7 + 3
