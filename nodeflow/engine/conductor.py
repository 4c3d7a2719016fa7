"""Takes a graph through its life: plan, open, run, change, end.

The public methods are called by one thread, the session's. `begin` and `edit` make a plan, have what is new opened
(see `instances`), then put the new revision in place of the old under the lock. Frames on their way finish on the
revision that admitted them; a stage that no revision needs any more is closed when its last frame has left it, which
nobody waits for: `close_left` is to be called when `has_left` says so.

Lock rule: `lock` guards the circuit, the gates, the revision and the counts. Nodes are opened, called and closed
without it. Readers wait on `room` (their gate was emptied, or they shall end); whoever waits for the run as a whole
waits on `news` (it came to rest, or ended).
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from nodeflow.engine.admission import departure, taken, tune
from nodeflow.engine.cache import Cache
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.collecting import Collecting
from nodeflow.engine.devices import give_back
from nodeflow.engine.gate import Gate
from nodeflow.engine.instances import Instances, as_served
from nodeflow.engine.keys import content_keys
from nodeflow.engine.known import known_again
from nodeflow.engine.look import Glance
from nodeflow.engine.looker import Looker
from nodeflow.engine.messages import Edit, Retry, RunState
from nodeflow.engine.pacer import Pacer
from nodeflow.engine.packets import Failed, Frame, Packets
from nodeflow.engine.plan import EMPTY, Plan, PlanNode, identity
from nodeflow.engine.reader import Reader
from nodeflow.engine.readers import Readers
from nodeflow.engine.replan import Planner
from nodeflow.engine.revision import Clock, Revision, streams
from nodeflow.engine.stage import Stage
from nodeflow.engine.still import Still
from nodeflow.engine.threads import limit_libraries
from nodeflow.engine.trace import Trace
from nodeflow.engine.workers import Worker, Workers, default_workers
from nodeflow.graph import Graph, Node, lowered
from nodeflow.node import Registry

log = logging.getLogger(__name__)

_PATIENCE = 10.0
"""Seconds to wait for frames in flight and for threads when something ends; what hangs longer is left behind."""
_ROUNDS = 3
"""How often it is waited for them when a run ends: what stands behind a call that was given up may be called yet."""


class Conductor:
    """One graph, running or not."""

    def __init__(
        self,
        registry: Registry,
        trace: Trace,
        *,
        device: str,
        threads: int,
        folder: Path,
        interactive: bool,
        frames: int | None = None,
        cache: Cache | None = None,
    ) -> None:
        self.lock = threading.Lock()
        self.room = threading.Condition(self.lock)
        self.news = threading.Condition(self.lock)
        self.state: RunState = "idle"
        self.message = ""
        self.revision = Revision(EMPTY, (), ())
        self.looker = Looker()
        self._registry = registry
        self._threads = threads
        self._folder = folder
        self._interactive = interactive
        self._frames = frames
        self.trace = trace
        self._instances = Instances(
            self.lock,
            lambda: self._cancelled,
            device=device,
            threads=threads,
            folder=folder,
            interactive=interactive,
        )
        self._circuit = Circuit(self._frame_done)
        self._workers = Workers(
            *(self._circuit, self.lock, self.looker, self.trace),
            *(self._admit_more, self._make_room, self._came_back, default_workers()),
        )
        self._pacer = Pacer(self.lock, self._pump)
        self._readers = Readers(self._reader)
        self._planner = Planner(registry)
        self._behind: set[Clock] = set()
        """While paused: the streams whose last frame has yet to be brought up to the revision of now."""
        self._stops = 0
        """How many stops were announced and are not carried out yet: what is to begin before them need not."""
        self._cancelled = False
        """Whether the run is about to end: nothing more is opened or admitted."""
        self.cache = Cache() if cache is None else cache
        self._collecting = Collecting()
        self._still = Still(self._circuit, self.cache, self.looker)

    def begin(self, graph: Graph, steps: int | None = None) -> None:
        """Run a graph from its first frame; with `steps`, only so many frames, and pause."""
        self._set_state("opening")
        limit_libraries(self._threads)
        self._planner.begin()
        self.looker.begin()
        self.trace.begin()
        with self.lock:
            self.revision = Revision(EMPTY, (), ())
            self._cancelled = self._stops > 0
        fault = self._install(graph)
        if fault:
            self._set_state("failed", str(fault))
        elif self._cancelled:
            self._set_state("stopped")
        elif steps is None:
            self.resume()
        else:
            for clock in self.revision.clocks:
                clock.steps = steps
            self.pause()

    def edit(self, graph: Graph) -> None:
        """Go on with a changed graph."""
        fault = self._install(graph)
        if fault:
            self.end("failed", str(fault))

    def pause(self) -> None:
        with self.lock:
            self._behind = set(self.revision.clocks)
        self._set_state("paused")

    def resume(self) -> None:
        with self.lock:
            self._behind = set()
            for clock in self.revision.clocks:
                clock.steps = 0
        self._set_state("running")

    def step(self) -> None:
        """Admit one more frame of each stream while paused."""
        with self.lock:
            for clock in self.revision.clocks:
                clock.steps += 1
            self._pump()

    def seek(self, seconds: float) -> None:
        """Go on from another time of the sources; those that cannot seek go on as they were."""
        with self.lock:
            sought = self._readers.seek(seconds)
            for clock in self.revision.clocks:
                if self.state == "paused" and not sought.isdisjoint(clock.gates):
                    clock.steps += 1
            self._pump()

    def retry(self, name: str, graph: Graph) -> None:
        """Try a node again: a call that was due rests no longer, and what did not open or hangs is opened anew."""
        with self.lock:
            for stage in self.revision.stages:
                if stage.id == name:
                    stage.strikes, stage.rests_until, stage.refused = 0, 0.0, None
                    stage.again = stage.fault is not None
        self.edit(graph)

    def announce_stop(self) -> None:
        """`stop` is to come: make everything that loads or waits come to an end. Any thread, under the lock."""
        self._stops += 1
        self._cancel()

    def stop(self) -> None:
        """Carry out a stop that was announced."""
        with self.lock:
            self._stops -= 1
        if self.state in ("running", "paused"):
            self.end("stopped")

    def _cancel(self) -> None:
        self._cancelled = True
        for stage in (*self.revision.stages, *self._instances.opening.values()):
            stage.stop.set()
        self.room.notify_all()

    def supersede(self, command: Edit | Retry) -> None:
        """Make what an edit or a retry has no use for come to an end, if it is still opening. Any thread."""
        with self.lock:
            opening = dict(self._instances.opening)
        if isinstance(command, Retry):
            useless = [opening[command.node]] if command.node in opening else []
        else:
            nodes = lowered(command.graph, self._registry.catalog).nodes if opening else {}
            useless = [stage for name, stage in opening.items() if not self._is_opened_as(stage, nodes.get(name))]
        for stage in useless:
            stage.stop.set()

    def _is_opened_as(self, stage: Stage, node: Node | None) -> bool:
        """Whether a node of a graph is what this stage is opened as."""
        schema = self._registry.catalog.get(node.type) if node else None
        return node is not None and schema is not None and stage.identity == identity(schema, node)

    def end(self, state: RunState, message: str = "") -> None:
        """Admit no more, finish what is in flight, close every node. Writers complete their files here."""
        with self.news:
            self._cancel()
            every = (*self.revision.stages, *self._instances.leaving)
            for _ in range(_ROUNDS):
                if self.news.wait_for(self.quiet, _PATIENCE):
                    break
                self._workers.give_up_all(every, _PATIENCE)
            self._instances.leaving.clear()
        self._readers.join(_PATIENCE)
        self._instances.close(every)
        self._set_state(state, message)

    @property
    def opening(self) -> Mapping[str, Stage]:
        """The nodes that are being opened for a revision to come. Read under the lock."""
        return self._instances.opening

    def has_left(self) -> bool:
        """Whether there are nodes to close. Under the lock."""
        return any(not stage.queue for stage in self._instances.leaving)

    def close_left(self) -> None:
        """Close the nodes that no revision needs any more and whose last frame has left them."""
        with self.lock:
            left = [stage for stage in self._instances.leaving if not stage.queue]
            self._instances.leaving = [stage for stage in self._instances.leaving if stage.queue]
        unclosed = self._instances.close(left)
        with self.lock:
            index, stages = self.revision.plan.index, self.revision.stages
            for stage in unclosed:  # it is on the canvas no more, and what it wrote may be incomplete
                if stage.id in index:
                    stages[index[stage.id]].note = f"The one before it could not be closed. {stage.fault}"
                log.warning("a node that was replaced or taken away could not be closed: %s", stage.fault)

    def watch(self, glances: Mapping[str, Glance]) -> bool:
        """Look at these values from now on, at once at those that are there. Whether other nodes are watched than
        before: then `demand` is due. Any thread."""
        before = self.looker.nodes
        self.looker.want(glances)
        with self.lock:
            index, stages = self.revision.plan.index, self.revision.stages
            for node in self.looker.nodes - before:
                stage = stages[index[node]] if node in index else None
                if stage is not None and stage.given:
                    self.looker.offer(stage, stage.served, stage.given)
        return self.looker.nodes != before

    def demand(self, graph: Graph) -> None:
        """See that what is watched runs, and what nobody asks for any more does not."""
        if not self._planner.still_suits(self.revision.plan, self.looker.nodes):
            self.edit(graph)

    def close(self) -> None:
        """End the worker threads. The conductor is of no use afterwards."""
        self._collecting.end(time.perf_counter())
        self._pacer.close()
        self._workers.close(_PATIENCE)
        self.looker.close(_PATIENCE)

    def _make_room(self, device: str) -> None:
        """A call found no memory there: drop what can be computed or loaded again."""
        with self.lock:
            self.cache.clear()
        gc.collect()
        give_back(device)

    @property
    def needs_looking_after(self) -> bool:
        """Whether `look_after` is to be called now and then."""
        return self.state in ("running", "paused") or self._collecting.is_due

    def look_after(self) -> None:
        """Give up calls that are over their time limit, and let Python search for garbage. Under the lock."""
        now = time.perf_counter()
        self._workers.give_up_overdue(now)
        self._collecting.search(now)

    def outcome(self) -> tuple[RunState, str] | None:
        """How the run ended, once every source has ended and every frame is finished. Called under the lock."""
        if not self._over():
            return None
        fault = next((stage.fault for stage in self.revision.stages if stage.fault), None)
        if fault and not any(clock.flow.finished for clock in self.revision.clocks):
            return "failed", str(fault)
        return "finished", ""

    def _over(self) -> bool:
        revision = self.revision
        if self.state != "running" or not revision.still_done or self._instances.leaving:
            return False
        if not revision.clocks:
            return not self._interactive
        return all(clock.ended and clock.in_flight == 0 for clock in revision.clocks)

    def quiet(self) -> bool:
        """Whether no frame is on its way. Under the lock."""
        return self._circuit.in_flight == 0

    def _set_state(self, state: RunState, message: str = "") -> None:
        if state in ("opening", "running", "paused"):
            if "opening" in (state, self.state):
                self._collecting.begin()
        else:
            self._collecting.end(time.perf_counter())
        with self.lock:
            self.state = state
            self.message = message
            self._pump()
            self.news.notify_all()

    # Revisions of the graph

    def _install(self, drawn: Graph) -> Failed | None:
        """Plan, open what is new, switch over. Where nobody watches, a node that does not open is why not to."""
        graph = lowered(drawn, self._registry.catalog)
        watched = self.looker.nodes
        plan = self._planner.plan(graph, watched, self.revision.plan.revision + 1)
        stages = self._instances.serving(plan, self.revision)
        faults = [stage.fault for stage in stages if stage.fault and not stage.stop.is_set()]
        fault = faults[0] if faults and not self._interactive else None
        if fault or self._cancelled:
            self._instances.close(set(stages).difference(self.revision.stages))
        else:
            self._planner.took_over(graph, plan, watched)
            self._switch(as_served(plan, stages), stages)
        with self.lock:
            self._instances.opening.clear()
        return fault

    def _switch(self, plan: Plan, stages: list[Stage]) -> None:
        needed = set(stages)
        with self.lock:
            before = self.revision
            fresh = self._readers.add(plan, stages)
            clocks = streams(plan, stages, before, self._readers.gates, self._frames)
            keys = content_keys(plan, self._folder, before.plan, before.keys, stages)
            self._take_over(Revision(plan, tuple(stages), clocks, keys))
            retired = [stage for stage in before.stages if stage not in needed]
            for stage in retired:
                stage.stop.set()
            self._instances.leaving += retired
            self._behind = set(clocks) if self.state == "paused" else set()
            self._pump()
            self.room.notify_all()
        self._readers.keep(needed)
        for reader in fresh:
            reader.start()
        self.close_left()

    def _reader(self, node: PlanNode, stage: Stage) -> Reader:
        gate, host = Gate(node.schema.clock), self._instances.host(stage)
        return Reader(node, stage, gate, host, self.room, self._pump, self._frame_read)

    # Frames. Everything below is called with the lock held.

    def _take_over(self, revision: Revision) -> None:
        for clock in self.revision.clocks:
            if clock not in revision.clocks:
                clock.last = None  # or a stream that is over would keep a revision, and with it all streams of then
        self.revision = revision
        self.looker.keep_only(revision.plan.index.keys())
        for stage in revision.stages:
            stage.cached = False
        self._still.cut_short(revision)

    def _pump(self) -> None:
        """Something has changed: admit what may be admitted, and see that someone does the work."""
        self._admit_more()
        self._workers.wake()

    def _frame_read(self, worker: Worker | None) -> bool:
        """A source has read a frame, and may lend its thread. False if it shall not go on with that."""
        self._admit_more()
        if worker is not None:
            return self._workers.lend(worker)
        self._workers.wake()
        return True

    def _admit_more(self) -> None:
        if self._still.is_due(self.revision) and not self._cancelled:
            self._still.set_out(self.revision, time.perf_counter())
        if self.revision.still_done:
            for clock in [clock for clock in self._behind if not clock.frames]:
                self._behind.remove(clock)
                self._run_again(clock)
            now = time.perf_counter()
            for clock in self.revision.clocks:
                while self._may_admit(clock, now):
                    self._admit(clock)
        if self.quiet() and (self.state != "running" or self._cancelled or self._over()):
            self.news.notify_all()

    def _may_admit(self, clock: Clock, now: float) -> bool:
        if not clock.filled or clock.ended or self._cancelled:
            return False
        if self.state != "running" and not (self.state == "paused" and clock.steps > 0):
            return False
        when = departure(clock, now)
        if when is not None and when > now:
            self._pacer.wake_at(when)
        return when is not None and when <= now

    def _admit(self, clock: Clock) -> None:
        if self.state == "paused":
            clock.steps -= 1
        tick, captured, given = taken(clock)
        self.room.notify_all()
        for place, packets in given.items():
            stage = self.revision.stages[place]
            stage.given = packets
            if stage.id in self.looker.nodes:
                self.looker.offer(stage, tick.index, packets)
        self._circuit.admit(self.revision, clock, given, tick, captured)

    def _run_again(self, clock: Clock) -> None:
        """While paused: bring the last frame of a stream up to the revision of now."""
        found = known_again(self.revision, clock)
        if found is not None and clock.last is not None:
            known, held = found
            self._circuit.admit(self.revision, clock, known, clock.last.tick, time.perf_counter(), held)

    def _came_back(self, call: Call, packets: Packets) -> None:
        """A call that had been given up has ended after all. Where somebody went on without it, it is as after an
        edit."""
        now = self.revision
        if self._still.came_back(call, packets, now) and self.state in ("running", "paused") and not self._cancelled:
            self._take_over(Revision(now.plan, now.stages, now.clocks, now.keys))
            self._behind = set(now.clocks) if self.state == "paused" else set()
            self._pump()

    def _frame_done(self, frame: Frame) -> None:
        revision, clock = frame.revision, frame.clock
        now = time.perf_counter()
        if revision is not self.revision or clock is revision.still:
            self.news.notify_all()  # a switch may wait for it
        if clock in self.revision.clocks and (clock.last is None or frame.tick.index >= clock.last.tick.index):
            clock.last = frame  # where a parallel node comes last, an older frame may end later
        if frame.again:
            return
        clock.flow.add(frame.captured, now)
        self.trace.frames.append((id(clock), frame.tick.index, frame.captured, now))
        if clock is revision.still:
            self._still.ended(frame, self.revision)
        elif revision is self.revision:
            tune(clock, revision)
