"""The calls that may be made, and which comes next: the one nearest to a sink, of these the oldest frame's, of these
the one that was ready first. A call that needs a resource which is taken steps aside until it is free.

In a chain there is one call at a time; it waits in `_first` and nowhere else. Used under the circuit's lock.
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nodeflow.engine.circuit import Call
    from nodeflow.engine.packets import Frame

Rank = tuple[int, int]


class Ready:
    """Behind the `_first` call wait the others in rows, one for each rank; `_ranks` is a heap of those that there are.
    `_aside` holds, for each resource that is taken, who waits for it."""

    def __init__(self) -> None:
        self._first: Call | None = None
        self._rows: dict[Rank, deque[Call]] = {}
        self._ranks: list[Rank] = []
        self._aside: dict[str, list[Call]] = {}

    def __len__(self) -> int:
        return (self._first is not None) + sum(map(len, self._rows.values()))

    def head(self) -> Call | None:
        """Which comes next, unless its resource is taken."""
        return self._first

    def push(self, call: Call) -> None:
        """A call may be made now."""
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
        """The next call. Those that would occupy a resource which is taken are passed over until it is free."""
        while (call := self._first) is not None:
            self._first = self._next() if self._ranks else None
            if call.resource is None:
                return call
            if call.resource not in self._aside:
                self._aside[call.resource] = []
                return call
            self._aside[call.resource].append(call)
        return None

    def free(self, resource: str) -> None:
        """The call that occupied this has ended."""
        for call in self._aside.pop(resource, ()):
            self.push(call)

    def withdraw(self, frame: Frame) -> set[int]:
        """Take a frame's calls back. Returns the places of their nodes."""
        waiting = [call for row in (*self._rows.values(), *self._aside.values()) for call in row]
        waiting += [self._first] if self._first is not None else []
        for rank, row in list(self._rows.items()):
            kept = deque(call for call in row if call.frame is not frame)
            if kept:
                self._rows[rank] = kept
            else:
                del self._rows[rank]
        self._ranks = list(self._rows)
        heapify(self._ranks)
        for resource, calls in self._aside.items():
            self._aside[resource] = [call for call in calls if call.frame is not frame]
        if self._first is not None and self._first.frame is frame:
            self._first = self._next() if self._ranks else None
        return {call.node.place for call in waiting if call.frame is frame}

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
