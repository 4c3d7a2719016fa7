"""When the next frame may set out: how many frames are in flight, and how late a live frame can leave.

k = ceil(critical path / slowest node) frames, 1 to 4, keep the slowest node busy; more would only wait in line. A node
that is parallel is as slow as its call divided by the processors that may make calls of it at once. For sources that
lose nothing that is all.

A live frame should also leave as late as it can: what it waits inside, it grows stale. So it is admitted just in time
to reach the slowest node when that node has done with the frames before it. Both times are estimated from the nodes'
smoothed running times, and a little slack makes sure that the slowest node is never the one that waits.

Used under the lock.
"""

from __future__ import annotations

import os
from typing import Final

from nodeflow.engine.packets import Packets
from nodeflow.engine.revision import Clock, Revision
from nodeflow.node import Tick

MAX_IN_FLIGHT = 4
PROCESSORS: Final = os.cpu_count() or 1
_TUNE_EVERY = 8
_SLACK = 0.08
"""How early a live frame leaves, as a share of the slowest node's time."""


def tune(clock: Clock, revision: Revision, processors: int = PROCESSORS) -> None:
    """Find the slowest node, the time to reach it, and how many frames may be in flight, from what was measured.

    `revision` is the one that the clock is at now.
    """
    side_by_side = min(processors, MAX_IN_FLIGHT)
    if clock.flow.finished % _TUNE_EVERY:
        return
    reached: dict[int, float] = {}
    ends: dict[int, float] = {}
    pace: dict[int, float] = {}
    for index in clock.plan.members:
        node = revision.plan.nodes[index]
        ms = 0.0 if node.is_source else revision.stages[index].meter.ms
        reached[index] = max((ends.get(wire.producer, 0.0) for wire in node.inputs if wire is not None), default=0.0)
        ends[index] = reached[index] + ms
        pace[index] = ms / side_by_side if node.parallel else ms
    slowest = max(clock.plan.members, key=pace.__getitem__)
    seconds = max(pace[slowest], 1e-6) / 1e3
    clock.limit = max(1, min(MAX_IN_FLIGHT, -int(-max(ends.values()) / 1e3 // seconds)))
    clock.slowest, clock.slowest_s, clock.reach_s = revision.stages[slowest], seconds, reached[slowest] / 1e3


def departure(clock: Clock, now: float) -> float | None:
    """When the frame that waits may set out, in seconds on the clock of `now`; None if frames must end first."""
    live = clock.live
    if clock.in_flight >= clock.limit + live:
        return None
    stage = clock.slowest
    if not live or stage is None or clock.in_flight == 0:
        return now
    free = now
    for frame, place in stage.queue:
        if frame.nodes[place].step is not None:
            continue
        if stage.serving is frame:
            free = max(free, stage.began + clock.slowest_s)
        else:
            free = max(free, frame.admitted + clock.reach_s) + clock.slowest_s
    return free - clock.reach_s - _SLACK * clock.slowest_s


def taken(clock: Clock) -> tuple[Tick, float, dict[int, Packets]]:
    """Take what waits at a stream's gates, for its next frame: the frame's tick, when the oldest of it was captured,
    and the packets by the places of the sources."""
    arrivals = [gate.take() for gate in clock.gates]
    first, stream = arrivals[0], clock.gates[0].stream
    if clock.began is None:
        clock.began = first.captured
    time = first.time
    if time is None:
        time = stream.start + (clock.admitted / stream.rate if stream.rate else first.captured - clock.began)
    tick = Tick(clock.number, time, stream.rate)
    clock.number += 1
    given = {place: arrival.packets for place, arrival in zip(clock.plan.sources, arrivals, strict=True)}
    return tick, min(arrival.captured for arrival in arrivals), given
