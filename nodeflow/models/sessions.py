"""Models in memory: who shares them, what they cost, and when they go.

    lease = sessions.take(key, "nanodet", size, lambda: Session(path))     # one session for all who use the same key
    session = lease.session()                                              # loaded again, should it have gone
    for model in loaded(): print(model.name, model.device, model.users, model.idle_seconds)

A session that nobody uses any more stays for `KEPT` seconds: a graph that is stopped and started again finds it there.
One that is in use, but was not called for `IDLE` seconds, as in a graph that is paused, goes too, and comes back with
its next call. Where memory is short, those that nobody uses go before another is loaded.

A lease ends when its holder lets go of it, and may be used from any thread. Sessions are made under one lock, since
onnxruntime cannot make two at once.
"""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from nodeflow.models.footprint import grown, taken

KEPT = 60.0
"""Seconds that a session stays when nobody uses it."""
IDLE = 600.0
"""Seconds without a call after which a session goes although it is in use."""
ROOM = 0.1
"""The share of the host's memory that is left free where sessions can be spared."""

creating = threading.RLock()
"""Held while any session is made."""


def finish(device: str) -> None:
    """Wait until a device has made what it was asked to: calls that read the weights may be queued there."""
    from nodeflow.values import device as devices  # numpy: not for a list of models

    devices.finish(device)


class Session(Protocol):
    """What can be shared: it says where it runs."""

    @property
    def provider(self) -> str: ...
    @property
    def device(self) -> str: ...


Made = TypeVar("Made", bound=Session)
Level = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is in memory.

    `bytes` are those of its files. `memory` is what the process, or the GPU, had more of when it was loaded, and again
    when it had been called for the first time: a measure, to which others who took memory at that moment add, and of
    which what was free in the process is missing; None where the system does not tell. `load_seconds` is how long it
    took to load, `first_seconds` how long its first call took (warming up), None before that. `users` are those who
    have it open; `idle_seconds` is the time since its last call, or since it was loaded.
    """

    name: str
    device: str
    provider: str
    bytes: int
    load_seconds: float
    first_seconds: float | None
    calls: int
    users: int
    idle_seconds: float
    memory: int | None = None

    @property
    def cost(self) -> int:
        """Bytes of memory as measured; those of its files where nothing was."""
        return self.memory or self.bytes


class _Entry(Generic[Made]):
    """One session and its figures. What callers write is written by plain assignment."""

    def __init__(
        self, name: str, size: int, make: Callable[[], Made], where: str, now: Callable[[], float], level: Level
    ) -> None:
        self.name, self.size, self._make, self._where, self._now, self._level = name, size, make, where, now, level
        self.users: set[int] = set()
        self.calls = 0
        self.first: float | None = None
        self.session: Made | None = None
        """None while it is out of memory."""
        self.load()

    def load(self) -> Made:
        began, before = self._now(), {device: self._level(device) for device in {"cpu", self._where}}
        made = self.session = self._make()
        self.provider, self.device = made.provider, made.device
        self.last = self._now()
        self.took = self.last - began
        self.memory = grown(before.get(made.device), self._level(made.device))
        self.before_first: int | None = None
        self.warm = False
        return made

    def begins(self) -> None:
        """A call begins: of the first, what it takes is measured."""
        if not self.warm:
            self.before_first = self._level(self.device)

    def used(self, began: float) -> None:
        """A call that began then has ended."""
        self.last = self._now()
        self.calls += 1
        if self.first is None:
            self.first = self.last - began
        if not self.warm:
            self.warm = True
            more = grown(self.before_first, self._level(self.device))
            self.memory = None if self.memory is None or more is None else self.memory + more


class Lease(Generic[Made]):
    """The right to use a session, for as long as this object lives."""

    __slots__ = ("__weakref__", "_entry", "_now")

    def __init__(self, entry: _Entry[Made], now: Callable[[], float]) -> None:
        self._entry, self._now = entry, now
        entry.users.add(id(self))
        weakref.finalize(self, _end, entry, id(self), now).atexit = False

    def session(self) -> Made:
        """The session. Raises what loading it raises."""
        session = self._entry.session
        if session is None:
            with creating:
                session = self._entry.session or self._entry.load()
        return session

    def call(self) -> float:
        """The moment that a call begins; tell `done` of it."""
        self._entry.begins()
        return self._now()

    def done(self, began: float) -> None:
        """The call that began then has ended well."""
        self._entry.used(began)


def _end(entry: _Entry[Made], user: int, now: Callable[[], float]) -> None:
    # Python's collector may call this at any place of any thread: no lock, nothing that takes time.
    entry.users.discard(user)
    entry.last = now()


class Sessions:
    """All sessions of a process. `now`, `free` (the share of the host's memory that is free) and `level` (the bytes
    that are taken of a device's memory) are for tests."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        free: Callable[[], float] | None = None,
        level: Level = taken,
    ) -> None:
        self._now, self._free, self._level = now, free or free_memory, level
        self._entries: dict[Hashable, _Entry[Session]] = {}
        self._sweeper: threading.Thread | None = None
        self.sweeps = now is time.monotonic

    def take(self, key: Hashable, name: str, size: int, make: Callable[[], Made], where: str = "cpu") -> Lease[Made]:
        """A lease of the session of that key, made if it is not there, `where` it is to run if that can be. Raises what
        `make` raises."""
        with creating:
            entry = self._entries.get(key)
            if entry is None:
                if self._free() < ROOM:
                    self.let_go()
                entry = self._entries[key] = _Entry(name, size, make, where, self._now, self._level)
            if self.sweeps and (self._sweeper is None or not self._sweeper.is_alive()):
                self._sweeper = threading.Thread(target=self._sweep_on, name="unloading models", daemon=True)
                self._sweeper.start()
            return Lease(entry, self._now)  # type: ignore[arg-type]

    def loaded(self) -> tuple[Loaded, ...]:
        """What is in memory now, by name. Waits for no session that is being made."""
        now = self._now()
        entries = [entry for entry in tuple(self._entries.values()) if entry.session is not None]
        made = (
            Loaded(
                entry.name,
                entry.device,
                entry.provider,
                entry.size,
                entry.took,
                entry.first,
                entry.calls,
                len(entry.users),
                max(0.0, now - entry.last),
                entry.memory,
            )
            for entry in entries
        )
        return tuple(sorted(made, key=lambda each: (each.name, each.device)))

    def users(self, card: str) -> int:
        """By how many the model of a card is in use, in memory or not. Of its parts, which are called by its id and
        their role, that of which it is most."""
        entries = tuple(self._entries.values())
        return max((len(entry.users) for entry in entries if entry.name.partition(":")[0] == card), default=0)

    def let_go(self, device: str | None = None, idle: float = 0.0, name: str | None = None) -> int:
        """Drop the sessions (of one device, or of one name) that nobody uses and that were not called for `idle`
        seconds. Returns how many."""
        with creating:
            now = self._now()
            spare = [
                key
                for key, entry in self._entries.items()
                if not entry.users
                and device in (None, entry.device)
                and name in (None, entry.name)
                and now - entry.last >= idle
            ]
            for device_ in {self._entries[key].device for key in spare}:
                finish(device_)
            for key in spare:
                del self._entries[key]
            return len(spare)

    def sweep(self) -> None:
        """Drop what has not been needed for long."""
        with creating:
            self.let_go(idle=KEPT)
            now = self._now()
            for entry in self._entries.values():
                if now - entry.last >= IDLE:
                    finish(entry.device)
                    entry.session = None

    def _sweep_on(self) -> None:
        while True:
            time.sleep(KEPT / 4)
            with creating:
                self.sweep()
                if not self._entries:
                    self._sweeper = None
                    return


def free_memory() -> float:
    """The share of the host's memory that is free, 0..1; 1 where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        return sizes["MemAvailable"] / sizes["MemTotal"]
    except (OSError, ValueError, KeyError, IndexError):
        return 1.0


sessions = Sessions()
"""Those of this process."""

atexit.register(sessions.let_go)


def loaded() -> tuple[Loaded, ...]:
    """The models that are in memory now, by name. Quick, from any thread."""
    return sessions.loaded()
