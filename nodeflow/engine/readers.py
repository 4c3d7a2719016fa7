"""The sources of a run: one reader for each, from the revision that first has it until none has it any more.

Used by the session's thread; what reads or changes gates, under the lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from nodeflow.engine.gate import Gate
from nodeflow.engine.plan import Plan, PlanNode
from nodeflow.engine.reader import Reader
from nodeflow.engine.stage import Stage


class Readers:
    """`make` makes the reader of a source, which is yet to be started."""

    def __init__(self, make: Callable[[PlanNode, Stage], Reader]) -> None:
        self._make = make
        self._reading: list[Reader] = []
        self._parting: list[Reader] = []
        """Those that have been told to end."""

    @property
    def gates(self) -> Mapping[Stage, Gate]:
        """Where each source's frames wait."""
        return {reader.stage: reader.gate for reader in self._reading}

    def add(self, plan: Plan, stages: Sequence[Stage]) -> list[Reader]:
        """Make readers for the sources of a plan that have none. They are to be started, without the lock."""
        known = self.gates
        places = [place for clock in plan.clocks for place in clock.sources if stages[place] not in known]
        fresh = [self._make(plan.nodes[place], stages[place]) for place in places]
        self._reading += fresh
        return fresh

    def keep(self, needed: Collection[Stage]) -> None:
        """The others have been told to end; nobody waits for them."""
        self._parting += [reader for reader in self._reading if reader.stage not in needed]
        self._parting = [reader for reader in self._parting if not reader.join(0.0)]
        self._reading = [reader for reader in self._reading if reader.stage in needed]

    def seek(self, seconds: float) -> set[Gate]:
        """Ask every source that can to go on from another time. Returns their gates."""
        return {reader.gate for reader in self._reading if reader.seek(seconds)}

    def join(self, timeout: float) -> None:
        """Wait for all to end, for so many seconds in all."""
        deadline = time.monotonic() + timeout
        for reader in (*self._reading, *self._parting):
            reader.join(max(0.0, deadline - time.monotonic()))
        self._reading, self._parting = [], []
