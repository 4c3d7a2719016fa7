"""Takes a graph through its life: plan, open, run, change, end.

Its methods are called by one thread, the session's, but for a few that any thread may call. `begin` and `edit` make a
plan, have what is new opened (see `instances`), then put the new revision in place of the old under the lock; what its
frames do is the business of `traffic`. Frames on their way finish on the revision that admitted them. A stage that no
revision needs any more is closed when its last frame has left it, which nobody waits for: `close_left` is to be called
when `has_left` says so.

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

from nodeflow.engine.cache import Cache
from nodeflow.engine.collecting import Collecting
from nodeflow.engine.devices import give_back
from nodeflow.engine.gate import Gate
from nodeflow.engine.host import Equipment
from nodeflow.engine.instances import Instances, as_served
from nodeflow.engine.keys import content_keys
from nodeflow.engine.look import Glance
from nodeflow.engine.looker import Looker
from nodeflow.engine.messages import Edit, Retry, RunState
from nodeflow.engine.mishap import remember_hang
from nodeflow.engine.packets import Failed
from nodeflow.engine.plan import EMPTY, Plan, PlanNode, identity
from nodeflow.engine.reader import Reader
from nodeflow.engine.readers import Readers
from nodeflow.engine.replan import Planner
from nodeflow.engine.revision import Revision, streams
from nodeflow.engine.stage import Stage
from nodeflow.engine.threads import limit_libraries
from nodeflow.engine.trace import Trace
from nodeflow.engine.traffic import Gait, Traffic
from nodeflow.graph import Graph, lowered
from nodeflow.node import Registry

log = logging.getLogger(__name__)

_PATIENCE = 10.0
"""Seconds to wait for frames in flight and for threads when something ends; what hangs longer is left behind."""
_ROUNDS = 3
"""How often it is waited for them when a run ends: what stands behind a call that was given up may be called yet. What
has not begun after that is called off."""
_GAITS: Mapping[RunState, Gait] = {"running": "runs", "paused": "steps"}
"""How frames set out in a state; in all others they do not."""


class Conductor:
    """One graph, running or not."""

    def __init__(
        self, registry: Registry, equipment: Equipment, trace: Trace, cache: Cache, frames: int | None = None
    ) -> None:
        """`frames` is after how many a run ends."""
        self.lock = threading.Lock()
        self.room = threading.Condition(self.lock)
        self.news = threading.Condition(self.lock)
        self.state: RunState = "idle"
        self.message = ""
        self.looker = Looker()
        self.trace = trace
        self.cache = cache
        self._registry = registry
        self._equipment = equipment
        self._frames = frames
        self._stops = 0
        """How many stops were announced and are not carried out yet: what is to begin before them need not."""
        self._cancelled = False
        """Whether the run is about to end: nothing more is opened or admitted."""
        self._drawn = Graph()
        """The graph of now, as a person drew it."""
        self._announced: Graph | None = None
        """The last one that was sent, if any: another, while an edit is to come."""
        self._lowered = self._drawn, self._drawn
        """The last one that was asked for, as it is drawn and as it runs."""
        self._instances = Instances(
            self.lock, lambda: self._cancelled, self._is_wanted, self._give_up_overdue, equipment
        )
        self._traffic = Traffic(
            self.lock,
            self.room,
            self.news,
            cache,
            self.looker,
            trace,
            make_room=self._make_room,
            on_over=self._retire,
            endless=equipment.interactive,
        )
        self._serving: dict[Stage, None] = {}
        """The stages that frames may set out for, in the order in which they came."""
        self._readers = Readers(self._reader)
        self._planner = Planner(registry)
        self._collecting = Collecting()

    # ---- what the session carries out --------------------------------------------------------------------------------

    def begin(self, graph: Graph, steps: int | None = None) -> None:
        """Run a graph from its first frame; with `steps`, only so many frames, and pause."""
        self._set_state("opening")
        limit_libraries(self._equipment.threads)
        self._planner.begin()
        self.looker.begin()
        self.trace.begin()
        with self.lock:
            self._traffic.revision = Revision(EMPTY, (), ())
            self._cancelled = self._stops > 0
        fault = self._install(graph)
        if fault:
            self._set_state("failed", str(fault))
        elif self._cancelled:
            self.end("stopped")
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

    def demand(self, graph: Graph) -> None:
        """See that what is watched runs, and what nobody asks for any more does not."""
        if not self._planner.still_suits(self.revision.plan, self.looker.nodes):
            self.edit(graph)

    def retry(self, name: str, graph: Graph) -> None:
        """Try a node again: a call that was due rests no longer, and what did not open or hangs is opened anew."""
        with self.lock:
            for stage in self.revision.stages:
                if stage.id == name:
                    stage.strikes, stage.rests_until, stage.refused = 0, 0.0, None
                    stage.again = stage.fault is not None
        self.edit(graph)

    def pause(self) -> None:
        self._set_state("paused")

    def resume(self) -> None:
        self._set_state("running")

    def step(self) -> None:
        """Admit one more frame of each stream while paused."""
        with self.lock:
            for clock in self.revision.clocks:
                clock.steps += 1
            self._traffic.pump()

    def seek(self, seconds: float) -> None:
        """Go on from another time of the sources, also from their end; those that cannot seek go on as they were. While
        paused, one frame from there is shown: one also where it is sought again before that has come, and whatever
        steps could not be taken before."""
        with self.lock:
            sought = self._readers.seek(seconds)
            for clock in self.revision.clocks:
                if self.state == "paused" and not sought.isdisjoint(clock.gates):
                    clock.steps = 1
            self._traffic.pump()

    def stop(self) -> None:
        """Carry out a stop that was announced."""
        with self.lock:
            self._stops -= 1
        if self.state in ("running", "paused"):
            self.end("stopped")

    def end(self, state: RunState, message: str = "") -> None:
        """Admit no more, finish what is in flight, close every node. Writers complete their files here."""
        given_up = []
        with self.news:
            self._cancel()
            every = (*self._serving, *self._instances.leaving)
            for _ in range(_ROUNDS):
                if self.news.wait_for(self._traffic.is_quiet, _PATIENCE):
                    break
                given_up += self._traffic.workers.give_up_all(every, _PATIENCE)
            else:
                self._traffic.call_off()
            self._instances.leaving.clear()
            self._serving.clear()
        for call, thread in given_up:
            remember_hang(call, thread)
        self._readers.join(_PATIENCE)
        self._instances.close(every)
        self._set_state(state, message)

    def close_left(self) -> None:
        """Close the nodes that no revision needs any more and whose last frame has left them."""
        with self.lock:
            left = [stage for stage in self._instances.leaving if not stage.queue]
            self._instances.leaving = [stage for stage in self._instances.leaving if stage.queue]
        for stage in self._instances.close(left):  # it is on the canvas no more, and what it wrote may be incomplete
            log.warning("a node that was replaced or taken away could not be closed: %s", stage.fault)
            with self.lock:
                place = self.revision.plan.index.get(stage.id)
                if place is not None:
                    self.revision.stages[place].note = f"The one before it could not be closed. {stage.fault}"

    def look_after(self) -> None:
        """Give up calls that are over their time limit, and let Python search for garbage: as that goes, code of nodes
        may run."""
        self._give_up_overdue()
        self._collecting.search(time.perf_counter())

    def close(self) -> None:
        """End the worker threads. The conductor is of no use afterwards."""
        self._collecting.end(time.perf_counter())
        self._traffic.close(_PATIENCE)
        self.looker.close(_PATIENCE)

    # ---- what any thread may say -------------------------------------------------------------------------------------

    def announce_stop(self) -> None:
        """`stop` is to come: what it would wait for is called off now. Under the lock."""
        self._stops += 1
        self._cancel()

    def announce(self, command: Edit | Retry) -> None:
        """An edit or a retry is to come: what it has no use for, and is yet to open or still opens, need not. Under the
        lock."""
        if isinstance(command, Edit):
            self._announced = command.graph
        elif command.node in self._instances.opening:
            self._instances.opening[command.node].stop.set()

    def watch(self, glances: Mapping[str, Glance]) -> bool:
        """Look at these values from now on, at once at those that are there. Whether other nodes are watched than
        before: then `demand` is due."""
        before = self.looker.nodes
        self.looker.want(glances)
        with self.lock:
            index, stages = self.revision.plan.index, self.revision.stages
            for node in self.looker.nodes - before:
                stage = stages[index[node]] if node in index else None
                if stage is not None and stage.given:
                    self.looker.offer(stage, stage.served, stage.given)
        return self.looker.nodes != before

    # ---- how it stands; under the lock -------------------------------------------------------------------------------

    @property
    def revision(self) -> Revision:
        """What serves the graph now. The session's thread reads it without the lock: nobody else changes the graph."""
        return self._traffic.revision

    @property
    def opening(self) -> Mapping[str, Stage]:
        """The nodes that are being opened for a revision to come."""
        return self._instances.opening

    def has_left(self) -> bool:
        """Whether there are nodes to close."""
        return any(not stage.queue for stage in self._instances.leaving)

    def outcome(self) -> tuple[RunState, str] | None:
        """How the run ended, once it is over and what left it is closed."""
        if self._instances.leaving or not self._traffic.is_over():
            return None
        fault = next((stage.fault for stage in self.revision.stages if stage.fault), None)
        if fault and not any(clock.flow.finished for clock in self.revision.clocks):
            return "failed", str(fault)
        return "finished", ""

    @property
    def needs_looking_after(self) -> bool:
        """Whether `look_after` is to be called now and then."""
        return self.state in ("running", "paused") or self._collecting.is_due

    # ---- from one revision to the next -------------------------------------------------------------------------------

    def _install(self, drawn: Graph) -> Failed | None:
        """Plan, open what is new, switch over. Where nobody watches, a node that does not open is why not to."""
        self._drawn = drawn
        graph = self._as_it_runs(drawn)
        watched = self.looker.nodes
        plan = self._planner.plan(graph, watched, self.revision.plan.revision + 1)
        stages = self._instances.serving(plan, self.revision)
        faults = [stage.fault for stage in stages if stage.fault and not stage.stop.is_set()]
        fault = faults[0] if faults and not self._equipment.interactive else None
        if fault or self._cancelled:
            self._instances.close(set(stages).difference(self.revision.stages))
        else:
            self._planner.took_over(graph, plan, watched)
            self._switch(as_served(plan, stages), stages)
        with self.lock:
            self._instances.opening.clear()
        return fault

    def _switch(self, plan: Plan, stages: list[Stage]) -> None:
        needed, before = set(stages), self.revision
        keys = content_keys(plan, self._equipment.folder, before.plan, before.keys, stages)
        with self.lock:
            before = self.revision  # perhaps another, of the same plan
            fresh = self._readers.add(plan, stages)
            clocks = streams(plan, stages, before, self._readers.gates, self._frames)
            revision = Revision(plan, tuple(stages), clocks, keys)
            if revision.stages != before.stages:  # seldom: most edits change a parameter
                self._serving |= dict.fromkeys(stages)
            self._traffic.take_over(revision)
            self._traffic.pump()
            self._retire()
            self.room.notify_all()
        self._readers.keep(needed)
        for reader in fresh:
            reader.start()
        self.close_left()

    def _retire(self) -> None:
        """Tell the nodes to stop that neither the revision of now needs nor a stream which is yet to come over to it:
        they are closed when their last frame has left them. Under the lock."""
        revision = self.revision
        needed = set(revision.stages)
        if len(self._serving) == len(needed):
            return
        for clock in revision.clocks:
            if clock.revision is not None and clock.revision is not revision:
                needed.update(clock.revision.stages[place] for place in clock.plan.members)
        for stage in [stage for stage in self._serving if stage not in needed]:
            del self._serving[stage]
            stage.stop.set()
            self._instances.leaving.append(stage)
        self.news.notify_all()

    def _reader(self, node: PlanNode, stage: Stage) -> Reader:
        gate, host = Gate(node.schema.clock), self._instances.host(stage)
        return Reader(node, stage, gate, host, self.room, self._traffic.pump, self._traffic.frame_read)

    def _is_wanted(self, stage: Stage) -> bool:
        """Whether what a stage opens as has a use in the graph to come."""
        newest = self._announced
        if newest is None or newest is self._drawn:
            return True
        node = self._as_it_runs(newest).nodes.get(stage.id)
        schema = self._registry.catalog.get(node.type) if node else None
        return node is not None and schema is not None and stage.identity == identity(schema, node)

    def _as_it_runs(self, drawn: Graph) -> Graph:
        if self._lowered[0] is not drawn:
            self._lowered = drawn, lowered(drawn, self._registry.catalog)
        return self._lowered[1]

    # ---- from one state to the next ----------------------------------------------------------------------------------

    def _set_state(self, state: RunState, message: str = "") -> None:
        if state in ("opening", "running", "paused"):
            if "opening" in (state, self.state):  # it sets about opening, or has opened all
                self._collecting.begin()
        else:
            self._collecting.end(time.perf_counter())
        with self.lock:
            self.state = state
            self.message = message
            self._traffic.go("stands" if self._cancelled else _GAITS.get(state, "stands"))
            self.news.notify_all()

    def _give_up_overdue(self) -> None:
        with self.lock:
            given_up = self._traffic.workers.give_up_overdue(time.perf_counter())
        for call, thread in given_up:
            remember_hang(call, thread)

    def _cancel(self) -> None:
        """From now on nothing more is opened or admitted, and what loads or waits is told to come to an end. Under the
        lock."""
        self._cancelled = True
        self._traffic.gait = "stands"
        for stage in (*self._serving, *self._instances.opening.values()):
            stage.stop.set()
        self.room.notify_all()

    def _make_room(self, device: str) -> None:
        """A call found no memory there: drop what can be computed or loaded again."""
        with self.lock:
            self.cache.clear()
        gc.collect()
        give_back(device)
