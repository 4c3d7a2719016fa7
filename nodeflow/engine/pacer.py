"""An alarm clock for frames that are to leave later: one thread that sleeps until the earliest departure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

_BREATH: Final = 5e-4
"""Seconds for which it lets go of the lock after an alarm. Who is asked then may ask for the next one at once, again
and again until something else has happened: for that, others need the lock."""


class Pacer:
    """Calls `on_time`, under the lock, at the earliest moment it was asked for. Costs nothing while not asked."""

    def __init__(self, lock: threading.Lock, on_time: Callable[[], None]) -> None:
        self._alarm = threading.Condition(lock)
        self._on_time = on_time
        self._at: float | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="session pacer", daemon=True)
        self._thread.start()

    def wake_at(self, when: float) -> None:
        """`when` in seconds of time.perf_counter. Called under the lock."""
        if self._at is None or when < self._at:
            self._at = when
            self._alarm.notify()

    def close(self) -> None:
        with self._alarm:
            self._closing = True
            self._alarm.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._alarm:
            while not self._closing:
                now = time.perf_counter()
                if self._at is None or self._at > now:
                    self._alarm.wait(None if self._at is None else self._at - now)
                else:
                    self._at = None
                    self._on_time()
                    self._alarm.wait(_BREATH)
