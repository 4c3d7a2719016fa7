"""A call of a node's code that may never come back, on a thread that can be left behind.

    errand = Errand("opening pose", open_it)
    while not errand.is_back(0.05):                 # then `fault` says what it raised, if anything
        if enough and errand.leave(close_it): ...   # nobody waits for it any more

Calls of a node once a frame have workers of their own; this is for opening and closing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Errand:
    """One call, begun."""

    def __init__(self, name: str, call: Callable[[], object]) -> None:
        self.fault: BaseException | None = None
        """What it raised, once it is back."""
        self._call = call
        self._back = threading.Event()
        self._lock = threading.Lock()
        self._then: Callable[[], object] | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def is_back(self, within: float) -> bool:
        """Wait so many seconds for it at most; whether it has ended."""
        if not self._back.wait(within):
            return False
        self._thread.join()
        return True

    def leave(self, then: Callable[[], object]) -> bool:
        """Go on without it: if it ends well after all, `then` follows on its thread. False if it has ended."""
        with self._lock:
            if self._back.is_set():
                return False
            self._then = then
            return True

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as fault:  # whatever a node raises; this thread is for it alone
            self.fault = fault
        with self._lock:
            then = self._then
            self._back.set()
        if then is not None and self.fault is None:
            try:
                then()
            except BaseException:
                log.exception("%s came back late, and what was to follow failed", self._thread.name)
