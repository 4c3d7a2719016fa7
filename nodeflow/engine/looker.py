"""Sees what passes at the nodes that are watched, and makes looks of it on a thread of its own.

    looker.want({"large": Glance("pose", side=960)})
    looker.offer(stage, frame, values, revision)       # by whoever has the values; keeps them and returns at once
    looker.take()["large"]

Of a node's values the newest wins, which is the one of the newest revision, and there of the newest frame: a call may
end after one that began later. Looks are made at most 30 times a second for a node, and while values stream once for
each time that somebody takes them; the newest is always shown in the end, however fast it came. A glance that changes
is answered from the values that are there, so a paused graph can be looked at closely. Numbers are all remembered while
they are watched, the last few hundred of them.

Lock rule: `_news` guards what is wanted, waiting and remembered; looks are made without it. `offer` may be called under
the session's lock; nothing here ever asks for that one.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nodeflow.engine.look import MOST_NUMBERS, Glance, Look, Series, Shown
from nodeflow.engine.packets import MISSING
from nodeflow.engine.shows import can_be_pictured, shown
from nodeflow.graph.schema import PortSchema
from nodeflow.values import Boolean, Image, Number, summary

if TYPE_CHECKING:
    from nodeflow.engine.stage import Stage

log = logging.getLogger(__name__)

_PERIOD, _LONGEST = 1 / 30, 0.5
_EARLY = 0.8
"""When a look is due, as a part of the time from one taking to the next: soon enough to be there, late enough to be
fresh."""


class _Value(NamedTuple):
    """A value, for which frame it was given and when."""

    value: Any
    frame: int
    at: float


class _Given(NamedTuple):
    """The last values of a node (of a sink: that it was given), in the order of `ports`; None where none ever came.
    They were given on a revision, for a frame."""

    ports: tuple[PortSchema, ...]
    values: tuple[_Value | None, ...]
    on: tuple[int, int]


Key = tuple[str, str]
"""A node and one of its ports."""


class Looker:
    """See the module's head. `nodes` are those that are watched; `latest` the last look of every glance."""

    def __init__(self) -> None:
        self.glances: Mapping[str, Glance] = {}
        self.nodes: frozenset[str] = frozenset()
        self.latest: dict[str, Look] = {}
        self._news = threading.Condition()
        self._given: dict[str, _Given] = {}
        self._stale: dict[str, float] = {}
        """Nodes with something to show, and when that is due."""
        self._shown: dict[str, float] = {}
        self._numbers: dict[Key, deque[tuple[float, float]]] = {}
        self._broken: set[Key] = set()
        """Where a look failed: that is told once."""
        self._taken = time.monotonic()
        self._gap = _PERIOD
        """From the last taking but one to the last."""
        self._serial = 0
        self._closing = False
        self._thread: threading.Thread | None = None

    def want(self, glances: Mapping[str, Glance]) -> None:
        """Look at these from now on. Any thread."""
        with self._news:
            before, self.glances = self.glances, dict(glances)
            self.nodes = frozenset(glance.node for glance in glances.values())
            for name in [name for name, look in self.latest.items() if not _is_of(look, glances.get(name))]:
                del self.latest[name]
            for node in self._given.keys() - self.nodes:
                del self._given[node]
            for node in self._shown.keys() - self.nodes:
                del self._shown[node]
            watched = {(glance.node, glance.output) for glance in glances.values()}
            for key in self._numbers.keys() - watched:
                if (key[0], "") not in watched:
                    del self._numbers[key]
            now = time.monotonic()
            for name, glance in glances.items():
                if before.get(name) != glance and glance.node in self._given:
                    self._stale[glance.node] = now
            if glances and self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="looker", daemon=True)
                self._thread.start()
            self._news.notify()

    def take(self) -> dict[str, Look]:
        """The last look of every glance. Where drawing is slow, a picture that nobody takes is not made. Any thread."""
        before, self._taken = self._taken, time.monotonic()
        self._gap = self._taken - before
        return dict(self.latest)

    def knows(self, node: str) -> bool:
        """Whether there are values of `node` to look at."""
        return node in self._given

    def offer(self, stage: Stage, frame: int, values: tuple[Any, ...], revision: int = 0) -> None:
        """`stage`, which is watched, has given these values, for a frame of this revision. Any thread; cheap; never
        raises."""
        now = time.monotonic()
        schema, node = stage.instance.type.schema, stage.id
        ports = schema.outputs or schema.inputs
        with self._news:
            if node not in self.nodes:
                return
            before = self._given.get(node)
            if before is not None and before.on > (revision, frame):
                return
            last = before.values if before is not None and before.ports == ports else (None,) * len(ports)
            self._given[node] = _Given(
                ports,
                tuple(
                    [
                        _Value(value, frame, now) if _is_there(value) else old
                        for value, old in zip(values, last, strict=False)
                    ]
                ),
                (revision, frame),
            )
            for port, value in zip(ports, values, strict=False):
                if isinstance(value, Number | Boolean):
                    self._remember((node, port.name), now, value.value)
            if node not in self._stale:
                self._stale[node] = when_due(now, self._shown.get(node, 0.0), self._taken, self._gap)
                self._news.notify()

    def begin(self) -> None:
        """A run begins anew: what was remembered of the one before is no longer of use."""
        with self._news:
            self._given.clear()
            self._stale.clear()
            self._numbers.clear()
            self._broken.clear()

    def keep_only(self, nodes: Collection[str]) -> None:
        """Forget the nodes that are no longer there."""
        with self._news:
            for name in [name for name, look in self.latest.items() if look.node not in nodes]:
                del self.latest[name]
            for node in self._given.keys() - set(nodes):
                del self._given[node]

    def close(self, timeout: float) -> None:
        """End the thread; a look that does not come to an end is left behind."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _remember(self, key: Key, now: float, value: Any) -> None:
        try:
            number = float(value)
        except Exception:  # a node may have put nonsense into a value
            return
        if key not in self._numbers:
            self._numbers[key] = deque(maxlen=MOST_NUMBERS)
        self._numbers[key].append((now, number))

    # ---- the looker's thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._news:
                found = self._next()
                while found is None:
                    if self._closing:
                        return
                    due = min(self._stale.values(), default=None)
                    self._news.wait(None if due is None else max(0.0, due - time.monotonic()))
                    found = self._next()
                node, given = found
                glances = [(name, glance) for name, glance in self.glances.items() if glance.node == node]
                self._shown[node] = time.monotonic()
            for name, glance in glances:
                look = self._look(glance, given)
                with self._news:
                    if look is not None and _is_of(look, self.glances.get(name)):
                        self.latest[name] = look

    def _next(self) -> tuple[str, _Given] | None:
        """A node whose look is due, with its values. Called under the lock."""
        now = time.monotonic()
        for node, due in list(self._stale.items()):
            if node not in self._given:
                del self._stale[node]
            elif due <= now:
                del self._stale[node]
                return node, self._given[node]
        return None

    def _look(self, glance: Glance, given: _Given) -> Look | None:
        """Never raises: a look is not worth a run."""
        found = _found(glance, given)
        if found is None:
            return None
        port, (value, frame, at) = found
        try:
            shows = self._shows(glance, port, value)
            self._serial += 1
            where = (value.device or "cpu") if isinstance(value, Image) else "cpu"
            what = (self._serial, glance.node, port, frame, at)
            return Look(*what, kind=type(value).__name__, summary=summary(value), device=where, shows=shows)
        except Exception:
            if (glance.node, port) not in self._broken:
                self._broken.add((glance.node, port))
                log.exception("what %s.%s gave cannot be shown", glance.node, port)
            return None

    def _shows(self, glance: Glance, port: str, value: Any) -> Shown:
        if not isinstance(value, Number | Boolean):
            return shown(value, glance)
        with self._news:
            past = tuple(self._numbers.get((glance.node, port), ()))
        unit = value.unit if isinstance(value, Number) else ""
        return Series(tuple(at for at, _ in past), tuple(number for _, number in past), unit)


def when_due(now: float, shown: float, taken: float, gap: float) -> float:
    """When to look at what comes `now`, where the last look was made at `shown` and looks were last taken at `taken`,
    `gap` after the time before (all in seconds): shortly before the next taking that has no look of its own yet."""
    if shown <= taken - gap:
        return now  # nothing streams: the first of many, or a single one
    gap = max(gap, 1e-3)
    served = max(0, math.ceil((shown - taken) / gap))
    return max(now, shown + _PERIOD, min(taken + (served + _EARLY) * gap, shown + _LONGEST))


def _found(glance: Glance, given: _Given) -> tuple[str, _Value] | None:
    """The port and the value that a glance is for; None if there is none yet."""
    there = [(port.name, value) for port, value in zip(given.ports, given.values, strict=False) if value is not None]
    if glance.output:
        return next((found for found in there if found[0] == glance.output), None)
    return next((found for found in there if can_be_pictured(found[1].value)), next(iter(there), None))


def _is_of(look: Look, glance: Glance | None) -> bool:
    """Whether a look shows what a glance asks for, be it as closely or not."""
    return glance is not None and glance.node == look.node and glance.output in ("", look.output)


def _is_there(value: Any) -> bool:
    return value is not None and not isinstance(value, MISSING)
