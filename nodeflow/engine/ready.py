"""The calls that may be made, and which comes next: the one nearest to a sink, of these the oldest frame's, of these
the one that was ready first. Those that need a resource wait in a line for it: they are passed over while it is taken,
and who has just freed it may go on with the next of them (`take_on`).

In a chain there is one call at a time; it waits in `_first` and nowhere else. Used under the circuit's lock.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nodeflow.engine.circuit import Call
    from nodeflow.engine.packets import Frame

Rank = tuple[int, int]


class Ready:
    """Of the calls that need no resource, behind the `_first` wait the others in rows, one for each rank; `_ranks` is a
    heap of those that there are. Each resource that is taken has its line in `_taken`, be it empty; each that is free
    and waited for has one in `_free`."""

    def __init__(self) -> None:
        self._first: Call | None = None
        self._rows: dict[Rank, deque[Call]] = {}
        self._ranks: list[Rank] = []
        self._free: dict[str, list[Call]] = {}
        self._taken: dict[str, list[Call]] = {}

    def head(self) -> Call | None:
        """Which comes next."""
        if not self._free:
            return self._first
        heads = [line[0] for line in self._free.values()]
        return min(heads if self._first is None else (self._first, *heads), key=_order)

    def head_on(self, resource: str) -> Call | None:
        """Which comes next of those that need this; None while it is taken."""
        return self._free[resource][0] if resource in self._free else None

    def push(self, call: Call) -> None:
        """A call may be made now, or as soon as its resource is free."""
        if call.resource is not None:
            self._push_on(call.resource, call)
            return
        first = self._first
        if first is None:
            self._first = call
            return
        rank = call.node.distance, call.frame.tick.index
        first_rank = first.node.distance, first.frame.tick.index
        if rank < first_rank:
            self._first = call
            self._row(first_rank).appendleft(first)
        else:
            self._row(rank).append(call)

    def take(self) -> Call | None:
        """The next call. Until `free` it occupies the resource that it needs."""
        if self._free and (head := self.head()) is not None and head.resource is not None:
            return self.take_on(head.resource)
        call = self._first
        self._first = self._next() if self._ranks else None
        return call

    def take_on(self, resource: str) -> Call | None:
        """The next call of those that need this, whatever else there is; None while it is taken."""
        line = self._free.pop(resource, None)
        if line is None:
            return None
        self._taken[resource] = line
        return line.pop(0)

    def free(self, resource: str) -> None:
        """The call that occupied this has ended."""
        line = self._taken.pop(resource)
        if line:
            self._free[resource] = line

    def withdraw(self, frame: Frame) -> set[int]:
        """Take a frame's calls back. Returns the places of their nodes."""
        waiting = [] if self._first is None else [self._first]
        for line in (*self._rows.values(), *self._free.values(), *self._taken.values()):
            waiting += line
        self._first = None
        self._rows, self._ranks, self._free = {}, [], {}
        self._taken = {resource: [] for resource in self._taken}
        for call in waiting:
            if call.frame is not frame:
                self.push(call)
        return {call.node.place for call in waiting if call.frame is frame}

    def _push_on(self, resource: str, call: Call) -> None:
        line = self._taken[resource] if resource in self._taken else self._free.setdefault(resource, [])
        insort(line, call, key=_order)

    def _row(self, rank: Rank) -> deque[Call]:
        row = self._rows.get(rank)
        if row is None:
            row = self._rows[rank] = deque()
            heappush(self._ranks, rank)
        return row

    def _next(self) -> Call:
        rank = self._ranks[0]
        row = self._rows[rank]
        call = row.popleft()
        if not row:
            del self._rows[heappop(self._ranks)]
        return call


def _order(call: Call) -> tuple[int, int, float]:
    return call.node.distance, call.frame.tick.index, call.ready
