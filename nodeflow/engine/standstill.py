"""Why nothing runs in a run that goes on: somebody may mend it meanwhile, and is to be told what.

A stream stands while one of its sources is broken (a camera that is not there is tried again), still nodes once all of
them have failed. A run whose plan is empty has nothing to run. Where one of several streams moves, the run does.

Used under the circuit's lock, for every snapshot: it ends at the first stream, or node, that is well.
"""

from __future__ import annotations

from nodeflow.engine.packets import Failed
from nodeflow.engine.plan import Plan
from nodeflow.engine.revision import Revision


def why_nothing_runs(revision: Revision) -> str:
    """What keeps a whole run from going on; "" if anything runs, or has ended well."""
    if not revision.plan.nodes:
        return _why_empty(revision.plan)
    fault = _what_breaks_all_streams(revision) if revision.clocks else _what_breaks_all_still(revision)
    return str(fault) if fault is not None else ""


def _why_empty(plan: Plan) -> str:
    worst = sorted(plan.problems, key=lambda problem: problem.severity != "error")
    return str(worst[0]) if worst else ""


def _what_breaks_all_streams(revision: Revision) -> Failed | None:
    first = None
    for planned, clock in zip(revision.plan.clocks, revision.clocks, strict=True):
        sources = [revision.stages[place] for place in planned.sources]
        fault = next((source.fault for source in sources if source.fault is not None), None)
        if clock.in_flight or (fault is None and not clock.ended):
            return None
        first = first or fault
    return first


def _what_breaks_all_still(revision: Revision) -> Failed | None:
    if not revision.still_done:
        return None
    first = None
    for place in revision.plan.still.members:
        stage = revision.stages[place]
        fault = stage.fault or stage.last
        if not isinstance(fault, Failed):
            return None
        first = first or fault
    return first
