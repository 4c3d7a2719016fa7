"""The run of the document, as the editor handles it: one session, made when it is first wanted.

    run = Run(make_session)
    run.start(graph, folder); run.edit(graph); run.watch({"canvas pose": Glance("pose", side=240)})
    run.snapshot                        # refreshed by `refresh`, once per UI frame; run.whole has it by flat ids

A session that is given up is closed on a thread of its own, because a node may take its time to close and the window
must not wait. GUI thread only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, Protocol

from nodeflow.editor.running.inside import Inside
from nodeflow.engine.look import Glance
from nodeflow.engine.messages import Command, Edit, Pause, Retry, Seek, Snapshot, Start, Step, Stop, Watch
from nodeflow.graph import Graph

_UNDER_WAY = ("opening", "running", "paused")
_LONG, _SHARE, _LATEST = 0.004, 0.2, 0.2
"""What a snapshot may take of a frame, in seconds; its part of all time where it takes more; and for how many seconds
none is taken then at most."""
_TOLD_EVERY = 0.2
"""Seconds: digits that change faster cannot be read."""


class Engine(Protocol):
    """What the editor needs of `nodeflow.engine.Session`."""

    def send(self, command: Command) -> None: ...
    def snapshot(self) -> Snapshot: ...
    def trace(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


MakeEngine = Callable[[Graph, Path | None], Engine]


class Run:
    """At most one session, and the last snapshot of it."""

    def __init__(self, make: MakeEngine) -> None:
        self._make = make
        self._engine: Engine | None = None
        self._settings: Hashable = None
        self._glances: dict[str, Glance] = {}
        self._inside: Inside | None = None
        self.whole = Snapshot()
        """The snapshot by flat ids."""
        self._stopping = False
        self._closing: list[threading.Thread] = []
        self._due = self._told_due = 0.0
        self.snapshot = Snapshot()
        self.told = Snapshot()
        """The one whose numbers are told, wherever that is: they are the same in all places."""

    @property
    def active(self) -> bool:
        """Whether anything is going on that will change the snapshot."""
        return self.snapshot.state in ("opening", "running")

    @property
    def started(self) -> bool:
        """Whether there is something to stop."""
        return self.snapshot.state in _UNDER_WAY

    @property
    def stopping(self) -> bool:
        """Whether it is to stop, and calls that are under way have yet to end."""
        return self._stopping and self.started

    def fit(self, settings: Hashable) -> None:
        """Give the session up if it was made with other settings, unless it is under way."""
        if settings != self._settings and not self.started:
            if self._engine:
                glances = self._glances
                self.drop()
                self._glances = glances
            self._settings = settings

    @property
    def closing(self) -> bool:
        """Whether nodes of a session that was given up are still closing."""
        return any(thread.is_alive() for thread in self._closing)

    def start(self, graph: Graph, folder: Path | None) -> None:
        self._stopping = False
        self._open(graph, folder).send(Start())

    def step(self, graph: Graph, folder: Path | None) -> None:
        self._stopping = False
        self._open(graph, folder).send(Step())

    def pause(self) -> None:
        if self._engine:
            self._engine.send(Pause())

    def stop(self) -> None:
        """Let what is under way come to its end, and nothing more begin; `stopping` until then."""
        if self._engine:
            self._stopping = True
            self._engine.send(Stop())

    def retry(self, node: str) -> None:
        """Try a node again that failed."""
        for each in self._inside.nodes_of(node, self.whole) if self._inside else [node]:
            self.retry_flat(each)

    def retry_flat(self, flat: str) -> None:
        """The same for a node by its flat id."""
        self._send(Retry(flat))

    def look_from(self, inside: Inside) -> None:
        """Call nodes from now on what they are called there."""
        before, self._inside = self._inside, None if inside.plain else inside
        if before is not self._inside:
            self.snapshot = inside.seen(self.whole) if self._inside else self.whole
            if self._glances:
                self._tell()

    def seek(self, seconds: float) -> None:
        """Go on from this time of the sources."""
        if self._engine:
            self._engine.send(Seek(seconds))

    def edit(self, graph: Graph) -> None:
        if self._engine:
            self._engine.send(Edit(graph))

    def watch(self, glances: Mapping[str, Glance]) -> None:
        """Which values to look at, and how closely; cheap to call with the same again."""
        if glances != self._glances:
            self._glances = dict(glances)
            self._tell()

    def refresh(self) -> Snapshot:
        """Look how the run stands, once per UI frame. Where that takes long, because thousands of nodes run, not in
        every frame: else it would be all that the window does."""
        now = time.perf_counter()
        if self._engine and now >= self._due:
            began = time.thread_time()
            self.whole = self._engine.snapshot()
            self._stopping = self._stopping and self.whole.state in _UNDER_WAY
            self.snapshot = self._inside.seen(self.whole) if self._inside else self.whole
            if now >= self._told_due or self.snapshot.state != self.told.state:
                self.told, self._told_due = self.snapshot, now + _TOLD_EVERY
            took = time.thread_time() - began
            self._due = now + min(took / _SHARE, _LATEST) if took > _LONG else now
        return self.snapshot

    def trace(self) -> dict[str, Any]:
        """What ran when, as a Chrome trace; empty if nothing ever ran."""
        return self._engine.trace() if self._engine else {}

    def drop(self) -> None:
        """Give the session up, as when another document is opened."""
        if self._engine:
            thread = threading.Thread(target=self._engine.close, name="closing session", daemon=True)
            thread.start()
            self._closing = [*(other for other in self._closing if other.is_alive()), thread]
        self._engine, self._glances, self._stopping, self._due, self._told_due = None, {}, False, 0.0, 0.0
        self.snapshot = self.whole = self.told = Snapshot()

    def close(self, patience: float) -> bool:
        """Give the session up and wait until all are closed, `patience` seconds at most; False if one hangs."""
        self.drop()
        for thread in self._closing:
            thread.join(patience)
        return not self.closing

    def _open(self, graph: Graph, folder: Path | None) -> Engine:
        if self._engine is None:
            self._engine = self._make(graph, folder)
            if self._glances:
                self._tell()
        return self._engine

    def _tell(self) -> None:
        """Let the session know what is looked at."""
        self._send(Watch(self._inside.glances(self._glances) if self._inside else self._glances))

    def _send(self, command: Command) -> None:
        if self._engine:
            self._engine.send(command)
