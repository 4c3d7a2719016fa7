"""What serves a graph from one edit to the next: its plan, its stages and its streams of frames.

A stream comes over to the revision of now once that has the still values which it needs. Until then it has the plan of
the one before, on which a live one goes on.

Read and written under the circuit's lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nodeflow.engine.ahead import NOWHERE
from nodeflow.engine.gate import Gate
from nodeflow.engine.meters import Flow
from nodeflow.engine.packets import Frame, Packets
from nodeflow.engine.plan import Plan, PlanClock
from nodeflow.engine.stage import Stage


class Clock:
    """One stream of frames: its gates, the next frame's number, the frames on their way, and the newest that ended.

    `revision` is the one that its frames set out on, None before the first; `plan` is its plan there. `number` is the
    next frame's; `first` is where it would have begun, had it left out none. `steps` is how many frames it may
    admit while paused. `limit`, and the `slowest` node with its time and the time to reach it (seconds), are set by
    `admission.tune`.
    """

    def __init__(self, plan: PlanClock, gates: tuple[Gate, ...], enough: int | None = None) -> None:
        self.plan = plan
        self.revision: Revision | None = None
        self.gates = gates
        self.enough = enough
        self.first = self.number = 0
        self.steps = 0
        self.began: float | None = None
        self.frames: list[Frame] = []
        self.last: Frame | None = None
        self.limit = 2
        self.slowest: Stage | None = None
        self.slowest_s = self.reach_s = 0.0
        self.flow = Flow()

    def count_on(self, number: int) -> None:
        """The next frame's number is this one at least."""
        skipped = max(0, number - self.number)
        self.number += skipped
        self.first += skipped

    @property
    def live(self) -> bool:
        """Whether the newest frame comes first at one of its gates."""
        for gate in self.gates:  # noqa: SIM110 - asked for every frame, like those below
            if gate.policy == "live":
                return True
        return False

    @property
    def filled(self) -> bool:
        """Whether a frame waits at each of its gates."""
        for gate in self.gates:  # noqa: SIM110
            if gate.waiting is None:
                return False
        return True

    @property
    def in_flight(self) -> int:
        return len(self.frames)

    @property
    def admitted(self) -> int:
        return self.number - self.first

    @property
    def ended(self) -> bool:
        """No frame will come any more: a source has ended and its last frame was taken, or there were enough."""
        if self.enough is not None and self.admitted >= self.enough:
            return True
        for gate in self.gates:  # noqa: SIM110
            if gate.ended and gate.waiting is None:
                return True
        return False


class Revision:
    """A plan with the stages that serve it and the keys of its nodes' content; index i is the same node in all.
    `clocks` are the streams of the plan's clocks.

    `still_packets` are what its still nodes have answered so far; `still_done` says that all have.
    """

    def __init__(
        self, plan: Plan, stages: tuple[Stage, ...], clocks: tuple[Clock, ...], keys: Sequence[bytes] = ()
    ) -> None:
        self.plan = plan
        self.stages = stages
        self.clocks = clocks
        self.still = Clock(plan.still, ())
        self.still_packets: list[Packets | None] = [None] * len(plan.nodes)
        self.still_done = not plan.still.members
        self.keys = keys
        if Stage.any_on_a_gpu:
            for stage in stages:
                stage.ahead = NOWHERE

    def serves(self, planned: PlanClock) -> bool:
        """Whether the still nodes that give a stream values have answered."""
        if self.still_done:
            return True
        return all(self.still_packets[place] is not None for place in planned.still)


def streams(
    plan: Plan, stages: Sequence[Stage], before: Revision, gates: Mapping[Stage, Gate], enough: int | None
) -> tuple[Clock, ...]:
    """The streams of a plan. One with the sources of one `before` goes on; another begins. Nodes that come to a stream
    see the numbers of their frames go on. `enough` is how many frames it may have."""
    if plan.clocks is before.plan.clocks and tuple(stages) == before.stages:
        return before.clocks
    were = list(zip(before.plan.clocks, before.clocks, strict=True))
    running = {tuple(before.stages[place] for place in planned.sources): clock for planned, clock in were}
    for planned, was in were:
        for place in planned.members:
            before.stages[place].next_number = was.number
    clocks: list[Clock] = []
    for planned in plan.clocks:
        sources = tuple(stages[place] for place in planned.sources)
        clock = running.get(sources)
        if clock is None:
            clock = Clock(planned, tuple(gates[source] for source in sources), enough)
            for gate in clock.gates:
                gate.count_anew()
        clock.count_on(max(stages[place].next_number for place in planned.members))
        clocks.append(clock)
    return tuple(clocks)
