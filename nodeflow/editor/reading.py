"""What a thread reads beside the window: card files, folders, the cache.

    reading = Reading("reading samples", self._read)
    reading.begin()         # read it, unless that is under way
    reading.want()          # something is another now: read it anew, after what is being read

One thread at a time. What is wanted while something is read is read after that, so nothing is missed between the two.
What fails is said in the log, and not begun again before somebody wants it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Reading:
    """See the module's head. `read` is called on the thread; everything else may be, from any."""

    def __init__(self, name: str, read: Callable[[], None]) -> None:
        self._name, self._read = name, read
        self._lock = threading.Lock()
        self._busy = self._wanted = self._failed = False

    def begin(self) -> None:
        if not (self._busy or self._failed):
            self.want()

    def want(self) -> None:
        with self._lock:
            self._wanted, self._failed = True, False
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while self._goes_on():
            try:
                self._read()
                self._failed = False  # what was wanted while it failed has been read after all
            except Exception:
                log.exception("%s failed", self._name)
                self._failed = True

    def _goes_on(self) -> bool:
        with self._lock:
            self._busy, self._wanted = self._wanted, False
            return self._busy
