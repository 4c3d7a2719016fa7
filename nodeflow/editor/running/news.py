"""What happens in runs, as lines of the log: started, opened, failed, works again, dropped, ended. Pure.

A few times a second the last two snapshots of each run are compared; what has not changed costs a look at its state.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from nodeflow.editor.canvas.live import BROKEN
from nodeflow.editor.running.log import Level, Log
from nodeflow.editor.running.standing import why_words
from nodeflow.engine.messages import NodeState, NodeStatus, RunState, Snapshot

_EVERY: Final = 0.2
_DROPS_EVERY: Final = 5.0
_MOST_OPENED: Final = 20
"""More nodes that open at once are told in one line."""
_MANY: Final = 500
"""In a run of more nodes than these they are told by their ids: to count the titles would hold up the window."""
_WORKS: Final[tuple[NodeState, ...]] = ("ready", "running", "cached")
_NO_STATUS: Final = NodeStatus()
_SAYS: Final[dict[RunState, tuple[Level, str]]] = {
    "opening": ("info", "opening the nodes"),
    "running": ("info", "running"),
    "paused": ("info", "paused"),
    "finished": ("info", "finished"),
    "stopped": ("info", "stopped"),
    "failed": ("error", "failed"),
}


TitleOf = Callable[[str], str]
"""What a node is called on the canvas, by its flat id."""


class Watched(Protocol):
    """A `Run`."""

    @property
    def whole(self) -> Snapshot: ...


class _Before:
    """What was last known of a run."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.opened: set[str] = set()
        self.broken: set[str] = set()
        """Nodes that broke and have not worked since; on the way back they may be seen idle, or opening."""
        self.dropped = 0
        self.told_drops = 0.0


class _Names:
    """What the nodes of a run are called in the log: by their titles, and where several have the same by their ids,
    too."""

    def __init__(self, snapshot: Snapshot, title_of: TitleOf) -> None:
        self._nodes, self._title_of = snapshot.nodes, title_of
        self._counts: Counter[str] | None = None

    def of(self, node: str) -> str:
        if len(self._nodes) > _MANY:
            return node
        if self._counts is None:
            self._counts = Counter(map(self._title_of, self._nodes))
        title = self._title_of(node)
        return title if self._counts[title] < 2 else f"{title} ({node})"


class News:
    """Told of all runs once per frame. GUI thread only."""

    def __init__(self, log: Log, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._clock = log, clock
        self._before: WeakKeyDictionary[Watched, _Before] = WeakKeyDictionary()
        self._next = 0.0

    def look(self, runs: Iterable[tuple[str, Watched, TitleOf]]) -> None:
        """`runs` with the names of their documents before them, and what tells a node's title behind."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _EVERY
        for name, run, title_of in runs:
            before = self._before.setdefault(run, _Before())
            snapshot = run.whole
            if snapshot is not before.snapshot:
                self._compare(name, before, snapshot, _Names(snapshot, title_of))
                self._tell_drops(name, before, snapshot, now)
                before.snapshot = snapshot

    def _compare(self, name: str, before: _Before, now: Snapshot, names: _Names) -> None:
        if now.state != before.snapshot.state and now.state in _SAYS:
            level, words = _SAYS[now.state]
            count = f" after {now.finished} frames" if now.state in ("finished", "stopped", "paused") else ""
            why = f": {why_words(now, names.of)}" if now.message and now.state == "failed" else ""
            self._log.say(level, name, f"{words}{count}{why}")
            if now.state in ("finished", "stopped", "failed"):
                before.opened.clear()  # its nodes are closed
                before.broken.clear()
        if now.state in ("running", "paused") and now.message and now.message != before.snapshot.message:
            self._log.say("warning", name, f"nothing runs: {why_words(now, names.of)}")
        known = before.snapshot.nodes
        opened = {}
        for node, status in now.nodes.items():
            was = known.get(node, _NO_STATUS)
            if status.state != was.state or status.message != was.message:
                self._tell(node, was, status, before.broken, names)
                if status.state in _WORKS and node not in before.opened:
                    opened[node] = status
                elif status.state == "opening":
                    before.opened.discard(node)
        before.opened |= opened.keys()
        if len(opened) > _MOST_OPENED:
            self._log.say("info", name, f"{len(opened)} nodes opened")
            return
        for node, status in opened.items():
            said = {word.casefold(): word for word in (status.device, status.provider) if word}  # CPU is on cpu
            where = " on ".join(reversed(said.values()))
            self._log.say("info", names.of(node), f"opened, runs on {where}" if status.provider else "opened")

    def _tell(self, node: str, was: NodeStatus, now: NodeStatus, broken: set[str], names: _Names) -> None:
        if now.state in BROKEN:
            broken.add(node)
            if was.state not in BROKEN or now.message != was.message:
                given = "".join(f"\ninput {each}" for each in now.inputs)
                self._log.say(
                    "error", names.of(node), f"{now.message} {now.hint}".strip(), f"{now.trace}{given}".strip()
                )
        elif now.state in _WORKS and node in broken:
            broken.remove(node)
            self._log.say("info", names.of(node), "works again")
        elif now.state in _WORKS and now.message and now.message != was.message:
            self._log.say("warning", names.of(node), f"{now.message} {now.hint}".strip())  # an edit that did not open

    def _tell_drops(self, name: str, before: _Before, now: Snapshot, time_s: float) -> None:
        if now.dropped < before.dropped:  # another run
            before.dropped = 0
        if now.dropped > before.dropped and time_s - before.told_drops >= _DROPS_EVERY:
            count = now.dropped - before.dropped
            self._log.say("info", name, f"{count} frames dropped, because newer ones came ({now.dropped} in all)")
            before.dropped, before.told_drops = now.dropped, time_s
