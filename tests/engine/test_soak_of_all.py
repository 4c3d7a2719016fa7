"""Everything at once for long: live streams, one held for the other, files in lockstep, lists, a loop, failures, edits
of knobs, setups and wires. On the virtual clock, so that it is the same each time: nothing grows, nothing is lost
uncounted.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from nodeflow.engine import status
from nodeflow.engine.packets import Failed, Frame
from nodeflow.engine.revision import Clock
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing, Registry, node
from nodeflow.values import Number
from tests.engine.events import Made, SetOut
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import ZOO, Opened

FRAMES = 10_000
EVERY = 50


@node("t.camera", category="Test", clock="live")
def camera(first: int = 0) -> Iterator[Number]:
    for i in count(first):
        yield Number(i)


@node("t.file", category="Test")
def endless_file() -> Iterator[Number]:
    for i in count():
        yield Number(i)


@node("t.collect", category="Test")
def end(number: Number) -> None:
    """Keeps nothing: this goes on for long."""


ALL = Registry({**ZOO.types, **Registry.of(camera, endless_file, end).types})
SOURCES = ("fast", "slow", "left", "right")


def soaked() -> Graph:
    """`slow` is held for `fast`; `left` and `right` beat together; `loop` sums up over the previous frame."""
    graph = build(
        {
            "fast": "t.camera",
            "slow": "t.camera",
            "left": "t.file",
            "right": "t.file",
            "one": "t.constant",
            "many": "t.spread",
            "square": "t.square",
            "all": "t.total",
            "bad": "t.fail_on",
            "keep": "flow.hold",
            "both": "t.either",
            "loop": "t.either",
            "before": "flow.previous",
            "shift": "t.shift",
            "stall": "t.stall",
            "pair": "t.add",
            "odd": "t.odd_only",
            "pick": "flow.switch",
            **dict.fromkeys(("fast_end", "slow_end", "file_end", "odd_end"), "t.collect"),
        },
        *("fast.number -> many.number", "many.numbers -> square.number", "square.number -> all.numbers"),
        *("slow.number -> bad.number", "bad.number -> keep.value", "bad.number -> slow_end.number"),
        *("all.number -> both.a", "keep.value -> both.b", "both.number -> loop.a", "before.value -> loop.b"),
        *("both.number -> before.value", "one.number -> before.first", "loop.number -> shift.number"),
        *("shift.number -> fast_end.number", "left.number -> pair.a", "right.number -> pair.b"),
        *("pair.number -> stall.number", "stall.number -> file_end.number", "right.number -> odd.number"),
        *("odd.number -> pick.a", "left.number -> pick.b", "pick.value -> odd_end.number"),
    )
    return graph.set_param("bad", "every", 4)


def another_branch(graph: Graph) -> Graph:
    graph, sum_ = graph.add(Node("t.sum"))
    graph, sink = graph.add(Node("t.collect"))
    return graph.connect(f"all.number -> {sum_}.number", f"{sum_}.number -> {sink}.number")


EDITS: tuple[Callable[[Graph], Graph], ...] = (
    lambda graph: graph.set_param("bad", "every", 3),
    lambda graph: graph.set_param("shift", "offset", 100),
    lambda graph: graph.disconnect("right.number -> pair.b").connect("left.number -> pair.b"),  # no longer in lockstep
    another_branch,
    lambda graph: graph.set_param("pick", "use", "b"),
    lambda graph: graph.remove(["many"]).connect("fast.number -> both.a"),
    lambda graph: graph.remove(["keep", "slow_end"]),
    lambda graph: graph.set_param("fast", "first", 5),  # another source in its place
)
"""Each is made and taken back again."""


class Tally:
    """What became of the frames that set out, by stream and sink."""

    def __init__(self, run: Virtual) -> None:
        self._run = run
        self._ends: Counter[tuple[Clock, str]] = Counter()
        self.frames = 0
        self.failed = 0

    def count(self) -> None:
        """Count what happened since, and forget it."""
        made = {(event.node, event.frame) for event in self._run.log if isinstance(event, Made)}
        for event in self._run.log:
            if isinstance(event, SetOut) and event.sources and not event.frame.again:
                self.frames += 1
                for planned in event.nodes:
                    if planned.schema.type == "t.collect":
                        came = (planned.id, event.frame) in made
                        missing = self._missing(event.frame, planned.place)
                        assert came != missing, "a sink was neither called nor told why not, or both"
                        self._ends[event.frame.clock, planned.id] += 1
        self._run.log.clear()
        self._run.began.clear()
        self.check()

    def _missing(self, frame: Frame, sink: int) -> bool:
        (wire,) = frame.nodes[sink].inputs
        assert wire is not None
        packets = frame.packets[wire.producer]
        assert packets is not None
        self.failed += isinstance(packets[wire.output], Failed)
        return isinstance(packets[wire.output], Failed | Nothing)

    def check(self) -> None:
        """In = out + dropped + failed (or nothing) + waiting, at each gate."""
        clocks = self._run.conductor.revision.clocks
        self._ends = Counter({key: total for key, total in self._ends.items() if key[0] in clocks})
        for clock in clocks:
            sinks = [total for (of, _), total in self._ends.items() if of is clock]
            for gate in clock.gates:
                assert gate.offered == clock.admitted + gate.dropped + (gate.waiting is not None)
            assert clock.admitted == clock.flow.finished == max(sinks, default=clock.admitted)


def test_ten_thousand_frames_of_everything_with_an_edit_every_fifty() -> None:
    Opened.lives.clear()
    Collect.kept.clear()
    threads, rng = threading.enumerate(), Random(7)
    sizes: list[int] = []
    dropped = edits = 0
    with virtual(ALL, rng.randrange) as run:
        tally, graph = Tally(run), soaked()
        run.conductor.begin(graph)
        while tally.frames < FRAMES:
            while tally.frames < (edits + 1) * EVERY:
                step(run, rng)
                now = status.snapshot(run.conductor)
                assert now.admitted == now.finished + now.in_flight
                assert now.offered == now.admitted + now.dropped + now.waiting
                settle(run)
                tally.count()
            dropped += status.snapshot(run.conductor).dropped
            turn, back = divmod(edits, 2)
            step(run, rng)  # frames are on their way while it changes
            run.conductor.edit(graph if back else EDITS[turn % len(EDITS)](graph))
            edits += 1
            settle(run)
            tally.count()
            if edits % (2 * len(EDITS)) == 0:
                gc.collect()
                sizes.append(sys.getallocatedblocks())
        run.all_come_back()
        run.conductor.end("stopped")
    assert all(life == [1, 1] for life in Opened.lives), "a node was not closed exactly once"
    assert edits >= 0.9 * FRAMES / EVERY
    assert dropped
    assert tally.failed
    settled = sizes[len(sizes) // 3 :]
    assert max(settled) <= 1.02 * min(settled), sizes
    assert not [thread for thread in threading.enumerate() if thread not in threads]


def step(run: Virtual, rng: Random) -> None:
    """Sources give, some of them faster than is kept up with, and calls end, a few of which hang."""
    for _ in range(12):
        source = rng.choice(SOURCES)
        if source in run.readers:
            run.offer(source)
        if rng.random() < 0.6:
            run.finish_one()


def settle(run: Virtual) -> None:
    """Let all calls end; those that take long are given up at times, and come back at others."""
    run.drain()
    while run.is_out:
        if run.is_stuck and len(run.log) % 2:
            run.hang()
        run.come_back()
        run.drain()
