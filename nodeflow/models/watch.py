"""Who watches a fetch: told how far it is, asked whether it is still wanted.

    watch = Watch(progress=print, cancelled=event.is_set)
    watch.say("mediapipe 0.10.21", 0.4)     # raises Cancelled once cancelled() is true

Long work calls `say` or `wait` often; both are where a cancel takes effect. A watch holds no state and may be used
from any thread; `progress` is called on the thread that fetches.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from nodeflow.models.errors import Cancelled

Progress = Callable[[str, float | None], None]
"""Called with what is being done and how much of it is done, 0..1, or None where that is not known."""

_TICK = 0.05


def _ignore(text: str, fraction: float | None) -> None:
    """The progress of a fetch that nobody looks at."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """A progress callback and a cancel question, carried through one fetch. `sleep` and `now` are for tests."""

    progress: Progress = _ignore
    cancelled: Callable[[], bool] = _never
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic

    @classmethod
    def of(cls, progress: Progress | None, cancelled: Callable[[], bool] | None) -> Watch:
        return cls(progress or _ignore, cancelled or _never)

    def check(self) -> None:
        """Raises Cancelled if the fetch is no longer wanted."""
        if self.cancelled():
            raise Cancelled

    def say(self, text: str, fraction: float | None = None) -> None:
        """Report, then check."""
        self.progress(text, None if fraction is None else min(max(fraction, 0.0), 1.0))
        self.check()

    def wait(self, seconds: float = _TICK) -> None:
        """Sleep that a cancel cuts short."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            self.check()
            self.sleep(min(left, _TICK))
        self.check()
