"""Which files a run wrote, looked up by a thread once it has ended: disks may be slow.

    written.look(run, graph, catalog, folder)     # once per frame, for each run
    for paths in written.news(): ...              # once for each run that ended, if it wrote anything

A file counts if a node that ran names it as what it writes, and it is newer than the start of the run. A run in which
nothing streams goes on, for somebody may change it: of that they are told once everything is computed, each file once.
GUI thread only.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from nodeflow.engine.messages import RunState, Snapshot
from nodeflow.graph import Catalog, Graph, lowered
from nodeflow.paths import placed

_UNDER_WAY: Final = ("opening", "running", "paused")
_COARSE: Final = 2.0
"""Seconds by which a disk's own times may be off."""
_FIELD: Final = re.compile(r"\{[^{}]*\}")
_MOST: Final = 10_000
"""Files of one folder that are looked at."""


class Watched(Protocol):
    """A `Run`."""

    @property
    def whole(self) -> Snapshot: ...


@dataclass
class _Seen:
    """What is known of a run: how it stood last, when it began, and what was told of it."""

    state: RunState = "idle"
    began: float = 0.0
    computed: int = 0
    """The last revision of which everything was computed."""
    told: set[Path] = field(default_factory=set)


class Written:
    """See the module's head. `paths` are those that were written last, and `begin` is for tests."""

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        begin: Callable[[Callable[[], None]], None] = lambda work: threading.Thread(target=work, daemon=True).start(),
    ) -> None:
        self.paths: tuple[Path, ...] = ()
        self._clock, self._begin = clock, begin
        self._runs: WeakKeyDictionary[Watched, _Seen] = WeakKeyDictionary()
        self._found: queue.SimpleQueue[tuple[Path, ...]] = queue.SimpleQueue()

    def look(self, run: Watched, graph: Graph, catalog: Catalog, folder: Path | None) -> None:
        """See whether a run has ended, or has computed all there is. Relative paths start from `folder`, or where the
        program runs."""
        whole, seen = run.whole, self._runs.setdefault(run, _Seen())
        before, seen.state = seen.state, whole.state
        if whole.state in _UNDER_WAY and before not in _UNDER_WAY:
            self._runs[run] = seen = _Seen(whole.state, self._clock())
        ended = before in _UNDER_WAY and whole.state in ("finished", "stopped", "failed")
        computed = whole.state == "running" and whole.finished == whole.total and whole.revision != seen.computed
        if computed:
            seen.computed = whole.revision
        named = targets(graph, catalog, folder or Path.cwd(), whole) if ended or computed else []
        if named:
            self._begin(lambda: self._find(named, seen))

    def news(self) -> Iterator[tuple[Path, ...]]:
        """What was found since the last call."""
        while not self._found.empty():
            self.paths = self._found.get()
            yield self.paths

    def _find(self, named: list[Path], seen: _Seen) -> None:
        there = dict.fromkeys(path for name in named for path in newer(name, seen.began - _COARSE))
        found = tuple(path for path in there if path not in seen.told)
        seen.told.update(found)
        if found:
            self._found.put(found)


def targets(graph: Graph, catalog: Catalog, folder: Path, seen: Snapshot) -> list[Path]:
    """What the nodes that ran say that they write."""
    named = []
    for name, node in lowered(graph, catalog).nodes.items():
        schema, status = catalog.get(node.type), seen.nodes.get(name)
        for param in schema.params if schema and status and status.runs else ():
            value = node.params.get(param.name, param.default)
            if param.type == "save" and isinstance(value, str) and value.strip():
                named.append(placed(folder, value))
    return named


def newer(name: Path, since: float) -> list[Path]:
    """The file that `name` is, or those that it stands for with the fields in it ("frame_{index}.png"), by name."""
    try:
        fits = _FIELD.sub("*", name.name)
        if fits == name.name:
            return [name] if name.stat().st_mtime >= since else []
        there = [path for path, _ in zip(name.parent.iterdir(), range(_MOST), strict=False)]
        return sorted(path for path in there if fnmatch(path.name, fits) and path.stat().st_mtime >= since)
    except (OSError, ValueError):
        return []
