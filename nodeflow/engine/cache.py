"""Values kept by what they depend on, under byte budgets, least recently used first out.

What counts is the memory that the kept values keep from being given back: a crop shares the pixels of its picture, so
it counts as all of them, and the two together as much as one.

A picture may grow while it is kept, for it has a form on the host and one on each device, made when somebody asks. So
what was handed out is measured again before the budgets are next held to.

Keys come from `keys`: equal keys stand for equal content, whichever node made it. Host and device memory have budgets
of their own. Dropping a value changes no result, only what has to be computed again. Used under the circuit's lock.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from nodeflow.engine.packets import Packets, is_worth_keeping
from nodeflow.values import Image
from nodeflow.values.arrays import block_of

HOST_BUDGET = 1 << 30
DEVICE_BUDGET = 1 << 29


Blocks = Mapping[tuple[str, int], int]
"""Memory by device (or "cpu") and address: how many bytes."""


class Size(NamedTuple):
    """Bytes in host memory and on devices."""

    host: int
    device: int

    @classmethod
    def of(cls, blocks: Blocks) -> Size:
        host = sum([size for (where, _), size in blocks.items() if where == "cpu"])
        return cls(host, sum(blocks.values()) - host)


class Cache:
    """Packets by key."""

    def __init__(self, host: int = HOST_BUDGET, device: int = DEVICE_BUDGET) -> None:
        self.budget = Size(host, device)
        self.used = Size(0, 0)
        self._kept: OrderedDict[bytes, tuple[Packets, Blocks]] = OrderedDict()
        self._holders: dict[tuple[str, int], int] = {}
        """How many of the kept values hold a block of memory: a picture and its crops share theirs."""
        self._handed_out: set[bytes] = set()
        """The keys of those with pictures that somebody has had since they were measured."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> Packets | None:
        """What was kept under `key`, now the last to be dropped; None if there is nothing."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        if found[1]:
            self._handed_out.add(key)
        return found[0]

    def put(self, key: bytes, packets: Packets) -> None:
        """Keep packets, and drop what was not used for longest until the budgets hold."""
        if not is_worth_keeping(packets):
            return
        for each in self._handed_out & self._kept.keys():
            self._measure(each, self._kept[each][0])
        self._handed_out.clear()
        self._drop(key)
        self._measure(key, packets)
        if key in self._kept and self._kept[key][1]:
            self._handed_out.add(key)  # the frame that it was made for goes on
        while self._kept and (self.used.host > self.budget.host or self.used.device > self.budget.device):
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        self._kept.clear()
        self._holders.clear()
        self._handed_out.clear()
        self.used = Size(0, 0)

    def _measure(self, key: bytes, packets: Packets) -> None:
        before = self._kept.get(key)
        try:
            blocks = blocks_of(packets)
        except Exception:  # a node may have put anything into a value: what cannot be measured is not kept
            self._drop(key)
            return
        self._kept[key] = packets, blocks
        self._hold(blocks)
        if before is not None:
            self._release(before[1])

    def _drop(self, key: bytes) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._release(found[1])

    def _hold(self, blocks: Blocks) -> None:
        new = Size.of({block: size for block, size in blocks.items() if block not in self._holders})
        for block in blocks:
            self._holders[block] = self._holders.get(block, 0) + 1
        self.used = Size(self.used.host + new.host, self.used.device + new.device)

    def _release(self, blocks: Blocks) -> None:
        for block in blocks:
            self._holders[block] -= 1
        gone = Size.of({block: size for block, size in blocks.items() if not self._holders[block]})
        for block in blocks:
            if not self._holders[block]:
                del self._holders[block]
        self.used = Size(self.used.host - gone.host, self.used.device - gone.device)


def size_of(packets: Iterable[Any]) -> Size:
    """The bytes that some values keep from being given back, all in all."""
    return Size.of(blocks_of(packets))


def blocks_of(packets: Iterable[Any]) -> Blocks:
    """The memory that all arrays and texts in some values keep; of a text, its letters."""
    blocks: dict[tuple[str, int], int] = {}
    seen: set[int] = set()
    waiting = list(packets)
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            address, size = block_of(value)
            blocks["cpu", address] = size
        elif isinstance(value, str):
            if value:
                blocks["cpu", id(value)] = len(value)
        elif isinstance(value, Image):
            blocks.update(value.blocks)
        elif isinstance(value, tuple):
            waiting.extend(value)
        elif dataclasses.is_dataclass(value):
            waiting.extend(getattr(value, field.name) for field in dataclasses.fields(value))
    return blocks
