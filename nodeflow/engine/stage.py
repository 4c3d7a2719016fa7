"""A node as it runs: what it was opened as, the frames it has yet to serve, what it remembers, and how it fares.

Read and written under the circuit's lock, but for what a node shows of itself while it loads or runs (`host`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import InitVar, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from nodeflow.engine.ahead import NOWHERE
from nodeflow.engine.devices import Enter, stream_for
from nodeflow.engine.messages import NodeStatus
from nodeflow.engine.meters import Meter
from nodeflow.engine.packets import Failed, Frame, Missing, Packets
from nodeflow.engine.plan import PlanNode
from nodeflow.engine.process import ProcessInstance
from nodeflow.node import Instance, Tick

if TYPE_CHECKING:
    from nodeflow.engine.mishap import Mishap

_SHARED = ("cpu", "io")
_STRIKES = 5
_REST = 0.5
_LONGEST_REST = 30.0


class Memory(NamedTuple):
    """The value that a frame left for the next, and the one that it found: it may come again while the run is paused.

    A frame that has none to leave leaves what it found.
    """

    tick: Tick | None = None
    value: Any = None
    found: Any = None

    def recall(self, tick: Tick) -> Any:
        return self.found if self.tick is tick else self.value

    def stored(self, tick: Tick, value: Any) -> Memory:
        found = self.recall(tick)
        return Memory(tick, found if value is None else value, found)


@dataclass(slots=True, eq=False, repr=False)
class Stage:
    """A node as it runs: its instance, the frames it has yet to serve, and how it fares.

    It lives as long as its node keeps its type and setup parameters, across revisions of the graph.
    """

    any_on_a_gpu: ClassVar[bool] = False
    """Whether there has been one whose calls run on a GPU; until then nobody need look for pictures of one."""

    node: InitVar[PlanNode]
    name: str = ""
    """What it goes by for as long as it lives, while its node's id may change: that id, unless another stage that was
    called so goes on under another."""

    # What every call needs stands first, and close together in memory: large graphs are bound by the cache.
    queue: deque[tuple[Frame, int]] = field(init=False, default_factory=deque)
    busy: bool = field(init=False, default=False)
    fault: Failed | None = field(init=False, default=None)
    """Why it cannot be called at all: it did not open, or a call has not come back."""
    last: Missing | None = field(init=False, default=None)
    """Why its last frame gave no value; None if it did."""
    rests_until: float = field(init=False, default=0.0)
    resource: str | None = field(init=False)
    """What a call occupies alone, such as "cuda:0"; None if nothing."""
    serving: Frame | None = field(init=False, default=None)
    began: float = field(init=False, default=0.0)
    device: str = field(init=False, default="cpu")
    instance: Instance | ProcessInstance = field(init=False)
    given: Packets = field(init=False, default=())
    """The last values it gave; a sink: was given."""
    id: str = field(init=False)
    meter: Meter = field(init=False, default_factory=Meter)
    strikes: int = field(init=False, default=0)
    stream: Enter = field(init=False, default=nullcontext)
    """What to enter around each call: the node's own stream on a GPU."""
    activity: str = field(init=False, default="")
    served: int = field(init=False, default=0)
    """The number of the last frame that it has served."""

    # What it remembers.
    held: tuple[Packets, float] | None = field(init=False, default=None)
    """For a node that holds: its newest packets, and when their frame was captured."""
    memory: Memory = field(init=False, default=Memory())
    """For a node with feedback: what the last frame left."""
    keeps: tuple[str, bool] | None = field(init=False)
    next_number: int = field(init=False, default=0)
    """The number that comes next of those that frames had on the stream which it was part of last, at the last edit."""
    done: bytes | None = field(init=False, default=None)
    """For a still sink: the key of what it has done its work with."""
    cached: bool = field(init=False, default=False)
    """Whether its value was known already and no call was needed."""

    # Its life.
    identity: tuple[Any, ...] = field(init=False)
    """What it was opened as."""
    open: bool = field(init=False, default=False)
    stop: threading.Event = field(init=False, default_factory=threading.Event)
    """Tells a source, or a node that is still loading, to come to an end."""
    hung: int = field(init=False, default=0)
    """How many calls were given up and have not come back."""
    again: bool = field(init=False, default=False)
    """Whether another is to take its place, though nothing has changed."""
    refused: tuple[Any, ...] | None = field(init=False, default=None)
    """The identity it was asked to take on and could not."""
    streams_on: str = field(init=False, default="cpu")
    ahead: Mapping[int, str] = field(init=False, default_factory=lambda: NOWHERE)
    """To which GPU pictures are brought once they are made, by output: see `ahead`."""

    # What is told of it.
    mishap: Mishap | None = field(init=False, default=None)
    """What is known of the last call that failed."""
    note: str = field(init=False, default="")
    fraction: float | None = field(init=False, default=None)
    provider: str = field(init=False, default="")
    shown: tuple[tuple[Any, ...], NodeStatus] | None = field(init=False, default=None)
    """How it was last shown, and what that depended on: see `status`."""

    def __post_init__(self, node: PlanNode) -> None:
        self.id, self.name = node.id, self.name or node.id
        self.identity, self.keeps = node.settings.identity, node.keeps
        self.instance = ProcessInstance(node.type) if node.schema.process else Instance(node.type)
        self.resource = None if node.schema.resource in _SHARED else node.schema.resource

    def occupies(self, device: str) -> None:
        """Its calls run on this GPU: they take turns with others there, on a stream of their own."""
        if device == self.device:
            return
        self.device = self.resource = device
        self.works_on(device)
        Stage.any_on_a_gpu = True

    def works_on(self, device: str) -> None:
        """Its calls queue on a stream of their own there. That is all for a node that is given pictures of a GPU and
        did not ask for it: it may only want their pixels on the host, and takes no turns."""
        if device != self.streams_on:
            self.streams_on, self.stream = device, stream_for(device)

    def failed(self, frame: Frame, now: float) -> None:
        """A call has failed. On a live stream a node that fails again and again rests, longer each time; frames of a
        source that loses nothing are all tried."""
        self.meter.failed += 1
        self.strikes += 1
        if self.strikes >= _STRIKES and frame.clock.live:
            self.rests_until = now + min(_LONGEST_REST, _REST * 2.0 ** (self.strikes - _STRIKES))

    def went_well(self) -> None:
        """A call has not failed: its failures are forgotten, and the rest that it had to keep."""
        self.strikes, self.rests_until = 0, 0.0

    def gave(self, node: PlanNode, frame: Frame, values: Packets) -> None:
        """A call for this frame has given, or a sink was given, these values. Of a node that is parallel, those of the
        newest frame stay the last."""
        if not node.parallel or frame.tick.index >= self.served:
            self.given = values

    def give_up(self, seconds: float) -> Failed:
        """Its call is not back in time: whatever can be ended is, and until it returns the node answers with this."""
        hint = "Retry it: another takes its place. If it happens often, the node needs a larger time limit."
        self.fault = Failed(self.id, f"hung: a call is not back after {seconds:g} s", hint)
        self.hung += 1
        self.meter.failed += 1
        if isinstance(self.instance, ProcessInstance):
            self.instance.kill(f"its call took longer than {seconds:g} s")
        return self.fault

    def returned(self) -> bool:
        """A call that had been given up has come back after all. True if the node must be closed now, because the run
        ended meanwhile and could not."""
        self.hung -= 1
        if self.hung == 0:
            self.fault = None
        return self.hung == 0 and not self.open
