"""The scheduler: which call comes next. Pure bookkeeping, no threads of its own.

Frames enter through `admit`, one per tick of a clock; `take` gives the next call that may run, and `finish` brings its
outputs back and starts what they make possible. Whoever drives it (worker threads, or a test in any order it likes)
may finish calls in any order; these hold regardless:

- a call sees packets of one frame only: its inputs are read from that frame;
- one call at a time per node, in frame order, unless the node is parallel: each stage queues its frames as admitted;
- a frame always ends: a node whose input is missing or failed answers at once with that same packet, without running;
- frames admitted to one revision of the graph finish on it; stages that both revisions share serve both, in order.

Every method is called with the session's lock held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from nodeflow.engine.choosing import needless_beside, take_steps
from nodeflow.engine.devices import device_of
from nodeflow.engine.packets import MISSING, NOT_CHOSEN, WITHDRAWN, Failed, Frame, Missing, Packets
from nodeflow.engine.plan import PlanNode
from nodeflow.engine.ready import Ready
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.engine.twins import Twins
from nodeflow.node import Nothing, Tick, driven_arguments
from nodeflow.values import Number


@dataclass(slots=True, eq=False)
class Call:
    """One call of one node for one frame. `ready` is when its inputs were there, in seconds."""

    frame: Frame
    node: PlanNode
    stage: Stage
    inputs: tuple[Any, ...]
    ready: float
    resource: str | None

    def run(self) -> Packets:
        """Make the call. Raises whatever the node raises."""
        frame, node, stage = self.frame, self.node, self.stage
        call = stage.instance.call_for_each if node.mapped else stage.instance.call
        if frame.twins is not None and not node.outputs:
            call = stage.instance.call_once  # nothing streams: what it writes is whole with this
        inputs, live = self.inputs, node.settings.live
        if node.driven:
            inputs, live = driven_arguments(node.driven, inputs, live)
        if stage.device == "cpu":
            guest = device_of(inputs) if Stage.any_on_a_gpu else None
            if guest is None:
                return call(inputs, frame.tick, live)
            stage.works_on(guest)
        with stage.stream():
            return call(inputs, frame.tick, live)


class Circuit:
    """The frames in flight and the calls that are ready. `ended` counts the frames that went all the way, `in_flight`
    those that have not."""

    def __init__(self, on_done: Callable[[Frame], None], now: Callable[[], float] = perf_counter) -> None:
        """`on_done` is called, under the lock, for every frame that has ended; it must not admit another. `now` tells
        the time, in seconds."""
        self.ended = self.in_flight = 0
        self._on_done = on_done
        self._now = now
        self._ready = Ready()
        self._silent: list[tuple[Frame, int, Packets]] = []

    def admit(
        self,
        revision: Revision,
        clock: Clock,
        given: Mapping[int, Packets],
        tick: Tick,
        captured: float,
        held: Mapping[int, Packets] | None = None,
    ) -> Frame:
        """Send a frame on its way. `given` holds the packets that are there already, by node index. A frame that was
        here before comes with what nodes `held` then; any other gets what they hold now."""
        twins = Twins(revision.keys) if clock is revision.still else None
        frame = Frame(revision, clock, tick, captured, self._now(), held is not None, twins)
        self.in_flight += 1
        clock.frames.append(frame)
        stages = frame.stages
        for index in revision.plan.holds:
            had = held.get(index) if held else None
            frame.packets[index] = had or _held(frame.nodes[index], stages[index], frame.admitted)
        for index in clock.plan.members:
            if index not in given:
                stages[index].queue.append((frame, index))
        # Nodes without producers on this clock (still ones) wait for nothing, so nobody else will start them.
        first = [index for index in clock.plan.first if index not in given]
        first += _freed(frame, given)
        frame.left -= len(given)
        if frame.left == 0:
            self._end(frame)
        if frame.undecided:
            self._pass_over(frame, needless_beside(frame, given))
        for index in first:
            self._try(frame, index)
        self._settle()
        return frame

    def head(self) -> Stage | None:
        """Whose call comes next."""
        call = self._ready.head()
        return call.stage if call is not None else None

    def take(self) -> Call | None:
        """The next call that may be made: see `ready`."""
        return self._ready.take()

    def head_on(self, resource: str) -> Stage | None:
        """Whose call comes next of those that need this resource; None while it is taken."""
        call = self._ready.head_on(resource)
        return call.stage if call is not None else None

    def take_on(self, resource: str) -> Call | None:
        """The next call of those that need this resource; None while it is taken."""
        return self._ready.take_on(resource)

    def finish(self, call: Call, packets: Packets) -> None:
        """Bring back what a call gave: one packet for each output."""
        stage = call.stage
        stage.busy = False
        index = call.frame.tick.index
        if index >= stage.served or not call.node.parallel:
            stage.served = index
        if call.frame.twins is not None and not call.node.outputs:
            went_well = stage.last is None and stage.fault is None
            stage.done = call.frame.revision.keys[call.node.place] if went_well else None
        if stage.serving is call.frame:
            stage.serving = None  # else what it knows of lives on with it: an old revision, and all before it
        if call.resource is not None:
            self._ready.free(call.resource)
        self._answer(call.frame, call.node.place, packets)
        if self._silent:
            self._settle()

    def withdraw(self, frame: Frame) -> set[int]:
        """Call off all calls of a frame that have not begun: it ends with those that have. Returns whose they were."""
        waiting = self._ready.withdraw(frame)
        if frame.twins is not None:
            waiting |= frame.twins.withdraw()
        unanswered = {place for place in frame.clock.plan.members if frame.packets[place] is None}
        begun = {place for place in unanswered - waiting if self._had_its_turn(frame, place)}
        left = unanswered - begun
        headed = dict.fromkeys(frame.stages[place] for place in left if frame.stages[place].queue[0][0] is frame)
        frame.awaited = [0 if place in begun else -1 for place in range(len(frame.awaited))]  # nobody starts any more
        for place in left:
            stage, outputs = frame.stages[place], frame.nodes[place].outputs
            stage.busy = False
            frame.packets[place] = (WITHDRAWN,) * max(1, outputs)
            stage.queue.remove((frame, place))
        frame.left -= len(left)
        if left and frame.left == 0:
            self._end(frame)
        for stage in headed:
            self._next_turn(stage)
        self._settle()
        return left

    def _had_its_turn(self, frame: Frame, place: int) -> bool:
        """Whether a call was made ready for a node, whose inputs were all there then."""
        node, stage = frame.nodes[place], frame.stages[place]
        return frame.awaited[place] == 0 and (node.parallel or stage.queue[0] == (frame, place))

    def _settle(self) -> None:
        """Answer for the nodes that cannot run, and what follows. A list, not recursion: chains are long."""
        while self._silent:
            self._answer(*self._silent.pop())

    def _answer(self, frame: Frame, index: int, packets: Packets) -> None:
        """Put a node's packets on its frame, try the nodes that waited for nothing else, and let the next frame in line
        have its turn."""
        node, stage, awaited = frame.nodes[index], frame.stages[index], frame.awaited
        if node.holds:
            if not isinstance(packets[0], MISSING):
                stage.held = packets, frame.captured  # the frame keeps what it set out with
        else:
            frame.packets[index] = packets
        for consumer in node.consumers:
            awaited[consumer] -= 1
            if awaited[consumer] == 0:
                self._try(frame, consumer)
        if frame.twins is not None:
            for twin in frame.twins.answered(index):
                self._try(frame, twin)
        frame.left -= 1
        if frame.left == 0:
            self._end(frame)
        queue = stage.queue
        if queue[0][0] is not frame:
            queue.remove((frame, index))  # a parallel node overtook
            return
        queue.popleft()
        if queue and not node.parallel:
            self._next_turn(stage)

    def _next_turn(self, stage: Stage) -> None:
        """The frame that is first in line at a node now has its turn, if it has all that it waits for."""
        if stage.queue:
            frame, place = stage.queue[0]
            if frame.awaited[place] == 0 and not frame.nodes[place].parallel:
                self._try(frame, place)

    def _end(self, frame: Frame) -> None:
        frame.clock.frames.remove(frame)
        self.in_flight -= 1
        self.ended += 1
        self._on_done(frame)

    def _try(self, frame: Frame, index: int) -> None:
        """Make a call ready, or answer for it if it cannot run. All its inputs are there."""
        node, stage = frame.nodes[index], frame.stages[index]
        if not node.parallel:
            head, place = stage.queue[0]
            if head is not frame or place != index:
                return
        resting = stage.last if frame.captured < stage.rests_until else None
        inputs = stage.fault or resting or node.take(frame, node.inputs)
        if node.step is not None:
            self._take_step(frame, index, inputs)
        elif isinstance(inputs, tuple):
            if frame.twins is not None and node.outputs and self._is_spared(frame, index, frame.twins):
                return
            stage.busy = True
            self._ready.push(Call(frame, node, stage, inputs, self._now(), stage.resource))
        else:
            stage.last = inputs
            if frame.twins is not None:
                stage.done = None
            self._silent.append((frame, index, (inputs,) * node.outputs))

    def _is_spared(self, frame: Frame, index: int, twins: Twins) -> bool:
        """Whether a node need not be called, at least not yet, because one that is equal to it was or is."""
        if twins.must_wait(index, frame.packets):
            return True
        packets = twins.taken(index, frame.packets)
        if packets is None:
            return False
        stage = frame.stages[index]
        stage.cached, stage.given, stage.last = True, packets, None
        self._silent.append((frame, index, packets))
        return True

    def _take_step(self, frame: Frame, index: int, inputs: tuple[Any, ...] | Missing) -> None:
        """What a part of a node does in place of a call."""
        if frame.nodes[index].step == "stores":
            # Kept for the next frame, whose call of this stage comes behind this in its queue.
            stage = frame.stages[index]
            stage.memory = stage.memory.stored(frame.tick, inputs[0] if isinstance(inputs, tuple) else None)
            self._silent.append((frame, index, ()))
            return
        ready, needless = take_steps(frame, index)
        self._pass_over(frame, needless)
        for each in ready:
            self._try(frame, each)

    def _pass_over(self, frame: Frame, needless: Iterable[int]) -> None:
        """Answer for nodes that nobody needs on this frame."""
        for index in needless:
            stage = frame.stages[index]
            if not isinstance(stage.last, Failed):
                stage.last = NOT_CHOSEN
            self._silent.append((frame, index, (NOT_CHOSEN,) * frame.nodes[index].outputs))


def _freed(frame: Frame, given: Mapping[int, Packets]) -> list[int]:
    """Put on a frame what is there already. Returns the nodes that wait for nothing else."""
    freed = []
    for index in given:
        frame.awaited[index] = -1  # has its answer: no producer shall start it
    for index, packets in given.items():
        frame.packets[index] = packets
        for consumer in frame.nodes[index].consumers:
            frame.awaited[consumer] -= 1
            if frame.awaited[consumer] == 0:
                freed.append(consumer)
    return freed


def _held(node: PlanNode, stage: Stage, now: float) -> Packets:
    """The newest value of a node that holds, for a frame that sets out now; an output called "age" tells its age."""
    if stage.held is None:
        return (Nothing("nothing has come yet"),) * node.outputs
    packets, captured = stage.held
    age = Number(now - captured, "s")
    return tuple(
        age if port.name == "age" else packet for port, packet in zip(node.schema.outputs, packets, strict=True)
    )
