"""The nodes of a run as they come and go: opened when a plan first has them, replaced, closed.

One after the other, never two at once: model runtimes must not be created side by side. The session's thread sees to
it, without the lock; a source opens and closes on the thread of its reader instead.

A node may take its time to open, for a model may be large. Where the run ends meanwhile, or nobody wants it any more,
because the next edit is there already, it is told to stop. Then it is waited for a little and left behind, as is one
that does not close; should it open after all, it is closed at once. What nobody wants when its turn comes is not opened
at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count

from nodeflow.engine.errand import Errand
from nodeflow.engine.host import Equipment, Host
from nodeflow.engine.mishap import remember
from nodeflow.engine.moved import Gone, rename
from nodeflow.engine.packets import Failed
from nodeflow.engine.plan import Plan, PlanNode, Settings
from nodeflow.engine.revision import Revision
from nodeflow.engine.stage import Stage
from nodeflow.graph import Node
from nodeflow.node import NodeError

_LOOK = 0.05
"""How often to see whether a node that opens is still wanted, and to the rest of the run, in seconds."""
_PATIENCE = 10.0
"""How many seconds an opening node may go on after that."""
_CLOSING = 30.0
"""How many seconds a node may take to close: writers complete their files then."""


class Instances:
    """Gives each node of a plan the stage that serves it. `opening` holds, under the lock, those not yet in a revision,
    `leaving` those that no revision needs any more and that are not closed yet.

    `cancelled` says that the run is about to end: then nothing more is opened. `wanted` says whether somebody still
    wants what a stage opens as. `meanwhile` is called again and again, without the lock, while a node opens or closes.
    """

    def __init__(
        self,
        lock: threading.Lock,
        cancelled: Callable[[], bool],
        wanted: Callable[[Stage], bool],
        meanwhile: Callable[[], None],
        equipment: Equipment,
    ) -> None:
        self.opening: dict[str, Stage] = {}
        self.leaving: list[Stage] = []
        self._elsewhere: set[str] = set()
        """The names of stages whose nodes are called something else by now, or were for a while."""
        self._numbers = count(2)
        self._lock = lock
        self._cancelled = cancelled
        self._wanted = wanted
        self._meanwhile = meanwhile
        self._equipment = equipment

    def host(self, stage: Stage) -> Host:
        """What the engine offers the node of this stage."""
        return Host(stage, self._equipment)

    def serving(self, plan: Plan, now: Revision) -> list[Stage]:
        """A stage for each node of a plan: the one that serves it now, or a new one, opened.

        A change that does not open is refused where the node of now can serve on; where it cannot, the new stage has
        a `fault`.
        """
        known = dict(zip(now.plan.index, now.stages, strict=False))
        gone = Gone(now, plan)
        stages: list[Stage] = []
        for node in plan.nodes:
            if node.part_of is not None:
                stages.append(stages[node.part_of])
                continue
            before = known.get(node.id)
            if before is None and gone:
                before = gone.take(node, stages)
            stages.append(self._serving(node, before))
        if gone:
            with self._lock:
                self._elsewhere |= rename(stages, (node.id for node in plan.nodes))
        return stages

    def _serving(self, node: PlanNode, now: Stage | None) -> Stage:
        identity = node.settings.identity
        # One that an edit had no use for while it was opening was told to stop; a later edit may have use for it.
        serves = now is not None and node.keeps == now.keeps and not now.again and not now.stop.is_set()
        if now is not None and serves and identity in (now.identity, now.refused):
            if now.refused is not None and identity == now.identity:
                now.refused, now.note = None, ""  # the change that was not taken was taken back
            return now
        stage = Stage(node, self._free_name(node.id))
        with self._lock:
            self.opening[node.id] = stage
        if node.is_source or self._cancelled() or self._open(node, stage) or not _may_serve(now, node):
            return stage
        assert now is not None
        assert stage.fault is not None
        now.again = False
        if not stage.stop.is_set():  # else nobody wants it just now, and who does later shall have it
            now.refused, now.note = identity, f"The change was not taken. {stage.fault}"
        return now

    def _free_name(self, name: str) -> str:
        return name if name not in self._elsewhere else f"{name} {next(self._numbers)}"

    def _open(self, node: PlanNode, stage: Stage) -> bool:
        stage.activity = "opening"
        instance, host, values = stage.instance, self.host(stage), node.settings.values
        fault = self._opened(stage, lambda: instance.open(host, values))
        if fault is None:
            stage.open = True
        else:
            _fail(stage, fault)
        stage.activity, stage.fraction = "", None
        return stage.open

    def _opened(self, stage: Stage, call: Callable[[], object]) -> BaseException | None:
        """Open a node. Returns what it raised, whatever that is: it stays on that node."""
        if not _has_code(stage):
            return _raised(call)
        if not self._wanted(stage):
            stage.stop.set()
            return NodeError("an edit came before it was opened.")
        opening = Errand(f"opening {stage.id}", call)
        while not self._is_back(opening, _LOOK):
            if not self._wanted(stage):
                stage.stop.set()
            if stage.stop.is_set() and not self._is_back(opening, _PATIENCE) and opening.leave(stage.instance.close):
                return NodeError(f"hung: it was told to stop and still opens after {_PATIENCE:g} s.")
        return opening.fault

    def close(self, stages: Iterable[Stage]) -> list[Stage]:
        """Close what is open, each stage once; returns those that could not be. A source's reader closes it, on its
        own thread."""
        unclosed = []
        for stage in stages:
            if stage.instance.type.schema.clock is not None:
                continue
            with self._lock:
                was_open, stage.open = stage.open, False
                if not was_open or stage.hung:
                    continue  # a hung one is closed by its worker, should the call ever return
            fault = self._closed(stage)
            if fault is not None:  # a writer that cannot complete its file says so on its node
                _fail(stage, fault)
                unclosed.append(stage)
        return unclosed

    def _closed(self, stage: Stage) -> BaseException | None:
        """Close a node. Returns what it raised."""
        if not _has_code(stage):
            return _raised(stage.instance.close)
        closing = Errand(f"closing {stage.id}", stage.instance.close)
        if not self._is_back(closing, _CLOSING) and closing.leave(lambda: None):
            return NodeError(f"hung: it is not closed after {_CLOSING:g} s.", "What it writes may be incomplete.")
        return closing.fault

    def _is_back(self, errand: Errand, within: float) -> bool:
        """Wait so many seconds for it at most; whether it has ended."""
        deadline = time.monotonic() + within
        while not errand.is_back(min(_LOOK, within)):
            self._meanwhile()
            if time.monotonic() >= deadline:
                return False
        return True


def as_served(plan: Plan, stages: Sequence[Stage]) -> Plan:
    """The plan as its stages serve it: a node whose change was not taken goes on with the setup that it has."""
    unlike = [node for node, stage in zip(plan.nodes, stages, strict=True) if node.settings.identity != stage.identity]
    if not unlike:
        return plan
    nodes = list(plan.nodes)
    for node in unlike:
        params = {**node.settings.values, **dict(stages[node.place].identity[2:])}
        nodes[node.place] = replace(node, settings=Settings.of(node.type, Node(node.schema.type, params=params)))
    return replace(plan, nodes=tuple(nodes))


def _may_serve(stage: Stage | None, node: PlanNode) -> bool:
    """Whether a stage that serves now can go on doing so for a node whose parameters have changed: not one that
    remembers values of another kind."""
    if stage is None or not stage.open:
        return False
    return stage.instance.type.schema == node.schema and stage.keeps == node.keeps


def _has_code(stage: Stage) -> bool:
    """Whether opening and closing a node runs code of its own, here or in another process."""
    return isinstance(stage.instance.type.code, type) or stage.instance.type.schema.process


def _raised(call: Callable[[], object]) -> BaseException | None:
    try:
        call()
    except BaseException as fault:
        return fault
    return None


def _fail(stage: Stage, fault: BaseException) -> None:
    stage.fault = Failed.from_exception(stage.id, fault)
    stage.meter.failed += 1
    remember(stage, fault)
