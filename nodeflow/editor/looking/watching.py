"""What the parts of the window want to see of the run, gathered into one watch list.

    watching.want("canvas", {"canvas pose": Glance("pose", side=240)})      # each part its own, whenever it likes
    watching.tell(run, graph.nodes)                                         # once per frame

To stop watching a node may cost the run a new plan, so that is not done in passing: a glance that nobody wants any
more is kept for a few seconds. Pure; GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Mapping
from typing import Protocol

from nodeflow.engine.look import Glance

_LOOKED_AWAY = 3.0
"""Seconds after which a value that nobody looks at is no longer watched."""

_EVERY = 0.2
"""How often to look whether something may be forgotten."""


class Watched(Protocol):
    """What is told: a `Run`."""

    def watch(self, glances: Mapping[str, Glance]) -> None: ...


class Watching:
    """See the module's head. Names of glances are unique in the window: each begins with the part that wants it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wanted: dict[str, Mapping[str, Glance]] = {}
        self._kept: dict[str, tuple[float, Glance]] = {}
        """When each glance was last wanted."""
        self._next = 0.0

    def want(self, part: str, glances: Mapping[str, Glance]) -> None:
        """All that `part` of the window wants to see from now on."""
        if self._wanted.get(part) != glances:
            self._wanted[part] = glances
            self._next = 0.0

    def tell(self, run: Watched, nodes: Container[str]) -> None:
        """Let the run know; `nodes` are those of the graph. Costs nothing when nothing has changed."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _EVERY
        for glances in self._wanted.values():
            for name, glance in glances.items():
                self._kept[name] = (now, glance)
        self._kept = {
            name: (seen, glance)
            for name, (seen, glance) in self._kept.items()
            if now - seen < _LOOKED_AWAY and glance.node in nodes
        }
        run.watch({name: glance for name, (_seen, glance) in self._kept.items()})

    def forget(self) -> None:
        """Another graph is looked at."""
        self._wanted.clear()
        self._kept.clear()
        self._next = 0.0
