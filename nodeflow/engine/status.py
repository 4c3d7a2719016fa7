"""How a run stands, in the two forms people ask for: a `Snapshot` for a UI frame, a report for a file."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from nodeflow.engine.conductor import Conductor
from nodeflow.engine.messages import NodeState, NodeStatus, Snapshot
from nodeflow.engine.meters import percentile
from nodeflow.engine.mishap import Mishap
from nodeflow.engine.packets import Failed, Missing, Packets
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage
from nodeflow.engine.standstill import why_nothing_runs
from nodeflow.node import Nothing, Stream
from nodeflow.values import summary


class _Sight(NamedTuple):
    """What is to be shown of a stage, as it stood at one moment. `calling` and `rests` are for how many seconds it has
    been in its call, and will rest; `known` is the revision for which its value was known already; `awaits` the node
    without which a source's frames do not set out."""

    id: str
    runs: int
    failed: int
    ms: float
    waited: float
    dropped: int
    served: int
    busy: bool
    calling: int
    rests: int
    hung: int
    known: int
    activity: str
    fraction: float | None
    note: str
    provider: str
    device: str
    fault: Failed | None
    last: Missing | None
    mishap: Mishap | None
    awaits: str = ""


def snapshot(conductor: Conductor) -> Snapshot:
    """The whole run at one moment. It is looked at under the lock; what is shown of the nodes is made without it."""
    with conductor.lock:
        now = time.perf_counter()
        whole = _whole(conductor, now)
        revision = conductor.revision
        stages = {**{stage.id: stage for stage in revision.stages}, **conductor.opening}
        lost = {
            revision.stages[source].id: gate.dropped
            for planned, clock in zip(revision.plan.clocks, revision.clocks, strict=True)
            for source, gate in zip(planned.sources, clock.gates, strict=True)
        }
        kept = _kept_waiting(revision, now)
        seen = [
            (name, stage, _seen(stage, lost.get(name, 0), now, whole.revision, kept.get(name, "")))
            for name, stage in stages.items()
        ]
    nodes = {name: _status(stage, sight) for name, stage, sight in seen}
    return replace(whole, nodes=nodes, looks=conductor.looker.take())


def _whole(conductor: Conductor, now: float) -> Snapshot:
    """How the run as a whole stands. Under the lock."""
    revision = conductor.revision
    clocks = revision.clocks or (revision.still,)
    gates = [gate for clock in clocks for gate in clock.gates]
    flows = [clock.flow for clock in clocks]
    longest = max((gate.stream for gate in gates), key=_length, default=Stream())
    newest = max((clock.last.tick.time for clock in clocks if clock.last is not None), default=0.0)
    goes_on = conductor.state in ("running", "paused")
    return Snapshot(
        state=conductor.state,
        message=why_nothing_runs(revision) if goes_on else conductor.message,
        revision=revision.plan.revision,
        offered=sum(max((gate.offered for gate in clock.gates), default=clock.admitted) for clock in clocks),
        admitted=sum(clock.admitted for clock in clocks),
        finished=sum(flow.finished for flow in flows),
        dropped=sum(gate.dropped for gate in gates),
        waiting=sum(any(gate.waiting is not None for gate in clock.gates) for clock in clocks),
        in_flight=sum(not frame.again for clock in clocks for frame in clock.frames),
        total=_total(clocks),
        fps=max((flow.fps(now) for flow in flows), default=0.0),
        latency_ms=max((flow.latency_ms() for flow in flows), default=0.0),
        cache_host=conductor.cache.used.host,
        cache_device=conductor.cache.used.device,
        time_s=_in_lap(newest, longest),
        start_s=longest.start,
        length_s=_length(longest),
        frame_s=1 / longest.rate if longest.rate else 0.0,
        can_seek=any(stage.open and stage.instance.can_seek for stage in _sources(revision)),
    )


def _total(clocks: Iterable[Clock]) -> int | None:
    """How many frames there will be: lockstep sources end with the shortest; None where a source cannot know."""
    total = 0
    for clock in clocks:
        known = [gate.stream.frames for gate in clock.gates if gate.stream.frames is not None]
        if clock.enough is not None:
            known.append(clock.enough)
        if clock.gates and not known:
            return None
        total += min(known, default=1)
    return total


def _length(stream: Stream) -> float:
    return stream.lap or (stream.frames / stream.rate if stream.frames and stream.rate else 0.0)


def _in_lap(seconds: float, stream: Stream) -> float:
    """Where a frame of this time is in its lap; the time itself where there are no laps."""
    return stream.start + (seconds - stream.start) % stream.lap if stream.lap else seconds


def _sources(revision: Revision) -> Iterable[Stage]:
    return (revision.stages[place] for planned in revision.plan.clocks for place in planned.sources)


def _kept_waiting(revision: Revision, now: float) -> dict[str, str]:
    """The sources whose frames do not set out before a still node has answered, and that node, once its call has taken
    a second."""
    kept: dict[str, str] = {}
    if revision.still_done:
        return kept
    for planned, clock in zip(revision.plan.clocks, revision.clocks, strict=True):
        goes_on = clock.revision is revision or (clock.revision is not None and clock.live)
        awaited = None if goes_on else _under_way(revision, planned.still, now)
        if awaited is not None:
            kept.update(dict.fromkeys((revision.stages[place].id for place in planned.sources), awaited.id))
    return kept


def _under_way(revision: Revision, places: Iterable[int], now: float) -> Stage | None:
    """Which of these still nodes, or of those above them, has been in its call for a second."""
    waiting, seen = list(places), set(places)
    while waiting:
        place = waiting.pop()
        if revision.still_packets[place] is not None:
            continue
        stage = revision.stages[place]
        if stage.busy and _seconds_in_call(stage, now):
            return stage
        above = {wire.producer for wire in revision.plan.nodes[place].inputs if wire} - seen
        seen |= above
        waiting += above
    return None


def _seen(stage: Stage, dropped: int, now: float, revision: int, awaits: str = "") -> tuple[Any, ...]:
    """The parts of a `_Sight`, not made into one: this is done for every node of a graph whenever somebody looks."""
    meter = stage.meter
    calling = _seconds_in_call(stage, now) if stage.busy else 0
    rests = math.ceil(stage.rests_until - now) if stage.rests_until > now else 0
    return (
        stage.id,
        meter.runs,
        meter.failed,
        meter.ms,
        meter.waited,
        dropped,
        stage.served,
        stage.busy,
        calling,
        rests,
        stage.hung,
        revision if stage.cached else 0,
        stage.activity,
        stage.fraction,
        stage.note,
        stage.provider,
        stage.device,
        stage.fault,
        stage.last,
        stage.mishap,
        awaits,
    )


def _seconds_in_call(stage: Stage, now: float) -> int:
    """How long the call under way has taken; 0 while it waits for a thread."""
    begun = bool(stage.queue) and stage.queue[0][0] is stage.serving
    return int(now - stage.began) if begun else 0


def _status(stage: Stage, seen: tuple[Any, ...]) -> NodeStatus:
    """A stage as the UI shows it; the same object as before if nothing about it has changed."""
    if stage.shown is None or stage.shown[0] != seen:
        stage.shown = seen, _made(_Sight(*seen), stage.given)
    return stage.shown[1]


def _made(sight: _Sight, given: Packets) -> NodeStatus:
    problem = sight.fault or sight.last
    state = _state(sight, problem)
    own = isinstance(problem, Failed) and problem.node == sight.id
    mishap = sight.mishap if own else None
    message, hint, cause = "", "", sight.awaits
    if state == "opening":
        message = sight.activity
    elif isinstance(problem, Failed):
        message, hint, cause = problem.message, problem.hint, "" if own else problem.node
    elif isinstance(problem, Nothing):
        message = problem.reason
    else:
        message = sight.note
    return NodeStatus(
        state=state,
        message=message,
        hint=hint,
        fraction=sight.fraction,
        runs=sight.runs,
        failed=sight.failed,
        ms=sight.ms,
        waited_ms=sight.waited,
        dropped=sight.dropped,
        calling_s=sight.calling,
        rests_s=sight.rests,
        provider=sight.provider,
        device=sight.device,
        summary=_summary(given),
        cause=cause,
        frame=mishap.frame if mishap else None,
        inputs=mishap.inputs if mishap else (),
        trace=mishap.trace if mishap else "",
    )


def _state(sight: _Sight, problem: Missing | None) -> NodeState:
    if sight.activity:
        return "opening"
    if sight.hung:
        return "hung"
    if isinstance(problem, Failed) and problem.node == sight.id:
        return "resting" if sight.rests else "failed"
    if problem is not None:
        return "skipped"
    if sight.busy:
        return "running"
    return "cached" if sight.known else "ready"


def _summary(given: Packets) -> str:
    first = next(iter(given), None)
    if isinstance(first, Nothing):
        return first.reason
    return "" if first is None or isinstance(first, Failed) else summary(first)


def report(conductor: Conductor) -> dict[str, Any]:
    """`frames, seconds, fps, dropped, latency_ms {p50, p95}, nodes {id: {runs, failed, ms_p50, ms_p95, provider?}}`.

    Seconds run from the first frame's capture to the last frame's end. A node that failed also has its last `error`.
    What was measured is taken under the lock, and ranked without it.
    """
    with conductor.lock:
        revision = conductor.revision
        clocks = revision.clocks or (revision.still,)
        frames = sum(clock.flow.finished for clock in clocks)
        seconds = max((clock.flow.seconds for clock in clocks), default=0.0)
        latencies = [ms for clock in clocks for ms in clock.flow.latencies]
        whole = {
            "state": conductor.state,
            "frames": frames,
            "seconds": round(seconds, 4),
            "fps": round(frames / seconds, 3) if seconds else 0.0,
            "dropped": sum(gate.dropped for clock in clocks for gate in clock.gates),
        }
        nodes = {stage.id: (_told(stage), list(stage.meter.recent)) for stage in revision.stages}
    measured = {name: told | _ranked(recent, 4, "ms_") for name, (told, recent) in nodes.items()}
    return {**whole, "latency_ms": _ranked(latencies, 3), "nodes": measured}


def _ranked(times: list[float], digits: int, unit: str = "") -> dict[str, float]:
    """What half of them, and nearly all, are at the most."""
    times.sort()
    return {f"{unit}p{percent}": round(percentile(times, percent), digits) for percent in (50, 95)}


def _told(stage: Stage) -> dict[str, Any]:
    """What a report tells of a node beside its times. Under the lock."""
    told: dict[str, Any] = {"runs": stage.meter.runs, "failed": stage.meter.failed}
    if stage.provider:
        told["provider"] = stage.provider
    fault = stage.fault or stage.last
    if isinstance(fault, Failed) and fault.node == stage.id:
        told["error"] = fault.message
    return told
