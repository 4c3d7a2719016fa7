"""Values kept by what they depend on, under byte budgets, least recently used first out.

A picture may grow while it is kept, for it has a form on the host and one on each device, made when somebody asks. So
what was handed out is measured again before the budgets are next held to.

Keys come from `keys`: equal keys stand for equal content, whichever node made it. Host and device memory have budgets
of their own. Dropping a value changes no result, only what has to be computed again. Used under the circuit's lock.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from nodeflow.engine.packets import Packets, is_worth_keeping
from nodeflow.values import Image

HOST_BUDGET = 1 << 30
DEVICE_BUDGET = 1 << 29


class Size(NamedTuple):
    """Bytes in host memory and on devices."""

    host: int
    device: int


_NOTHING = Size(0, 0)


class Cache:
    """Packets by key."""

    def __init__(self, host: int = HOST_BUDGET, device: int = DEVICE_BUDGET) -> None:
        self.budget = Size(host, device)
        self.used = _NOTHING
        self._kept: OrderedDict[bytes, tuple[Packets, Size]] = OrderedDict()
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
        if found[1] != _NOTHING:
            self._handed_out.add(key)
        return found[0]

    def put(self, key: bytes, packets: Packets) -> None:
        """Keep packets, and drop what was not used for longest until the budgets hold."""
        if not is_worth_keeping(packets):
            return
        for each in self._handed_out & self._kept.keys():
            self._measure(each, *self._kept[each])
        self._handed_out.clear()
        self._drop(key)
        self._measure(key, packets)
        if self._kept[key][1] != _NOTHING:
            self._handed_out.add(key)  # the frame that it was made for goes on
        while self._kept and (self.used.host > self.budget.host or self.used.device > self.budget.device):
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        self._kept.clear()
        self.used = _NOTHING

    def _measure(self, key: bytes, packets: Packets, before: Size = _NOTHING) -> None:
        size = size_of(packets)
        self._kept[key] = packets, size
        host, device = self.used.host + size.host - before.host, self.used.device + size.device - before.device
        self.used = Size(host, device)

    def _drop(self, key: bytes) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.used = Size(self.used.host - found[1].host, self.used.device - found[1].device)


def size_of(packets: Iterable[Any]) -> Size:
    """The bytes of all arrays and texts in some values, each counted once; of a text, its letters."""
    host = device = 0
    seen: set[int] = set()
    waiting = list(packets)
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            host += value.nbytes
        elif isinstance(value, str):
            host += len(value)
        elif isinstance(value, Image):
            held = value.bytes_held
            host, device = host + held[0], device + held[1]
        elif isinstance(value, tuple):
            waiting.extend(value)
        elif dataclasses.is_dataclass(value):
            waiting.extend(getattr(value, field.name) for field in dataclasses.fields(value))
    return Size(host, device)
