"""Still nodes with equal keys, such as two equal branches: one of them is called, and the others give what it gave.

The first whose inputs are there is called. Another that comes meanwhile waits for it, and has its turn when that has
answered: by then there is a value to take; or none, because it failed, and then this one is called itself.

What was known before the frame set out is in the cache (see `known`). Used under the circuit's lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from nodeflow.engine.packets import Packets, is_worth_keeping


class Twins:
    """The nodes of one frame by their keys. `spared` are those that were not called, as far as they have answered."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self.spared: list[int] = []
        self._keys = keys
        self._called: dict[bytes, int] = {}
        self._waiting: dict[int, list[int]] = {}

    def must_wait(self, place: int, packets: Sequence[Packets | None]) -> bool:
        """Whether a node that could be called now waits for another. `packets` are the frame's."""
        called = self._called.setdefault(self._keys[place], place)
        if called == place or packets[called] is not None:
            return False
        self._waiting.setdefault(called, []).append(place)
        return True

    def taken(self, place: int, packets: Sequence[Packets | None]) -> Packets | None:
        """What a node that waits for nobody takes over; None if it is to be called."""
        there = packets[self._called[self._keys[place]]]
        if there is not None and is_worth_keeping(there):
            self.spared.append(place)
            return there
        self._called[self._keys[place]] = place
        return None

    def answered(self, place: int) -> list[int]:
        """Who waited for this node."""
        return self._waiting.pop(place, [])

    def withdraw(self) -> set[int]:
        """Nobody is waited for any more. Returns who was waiting."""
        waiting = {place for places in self._waiting.values() for place in places}
        self._waiting.clear()
        return waiting
