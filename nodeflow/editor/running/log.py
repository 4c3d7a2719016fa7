"""What was said while the editor runs: by the program, its nodes and its runs. Pure.

    log = Log()
    with listening(log):                                  # from now on, what goes through `logging` too
        log.say("error", "pose", "there is no model of that name", more=traceback)
    log.version, log.lines()

Any thread may say something: that costs a lock and a place in a ring of fixed length. What is said again at once only
raises the count of its line, so that a node that fails on every frame does not push all else out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Literal

Level = Literal["debug", "info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("debug", "info", "warning", "error")

_MOST: Final = 2_000
_LONGEST: Final = 2_000
_LONGEST_MORE: Final = 8_000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said: when (seconds since 1970), how grave, by whom, what, and `more` for who wants all of it.

    `number` is its own in this log. `count` is how often it was said without anything between, `time` when last."""

    number: int
    time: float
    level: Level
    source: str
    text: str
    more: str = ""
    count: int = 1

    @property
    def clock(self) -> str:
        """The local time of day."""
        return time.strftime("%H:%M:%S", time.localtime(self.time))

    @property
    def whole(self) -> str:
        """All of it, as it stands in a file."""
        times = f" ({self.count} times)" if self.count > 1 else ""
        head = f"{self.clock} {self.level.upper():7} {self.source}: {self.text}{times}"
        return f"{head}\n{self.more}" if self.more else head


class Log:
    """The last lines. Any thread."""

    def __init__(self, most: int = _MOST, clock: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=most)
        self._clock = clock
        self.version = 0
        """Grows with everything that is said: whoever shows the log looks at this first."""

    def say(self, level: Level, source: str, text: str, more: str = "") -> None:
        """Keep a line. What is too long is cut; of `more`, the end is kept, where a traceback says what went wrong."""
        text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"
        more = more if len(more) <= _LONGEST_MORE else f"\u2026{more[1 - _LONGEST_MORE :]}"
        now = self._clock()
        with self._lock:
            self.version += 1
            last = self._lines[-1] if self._lines else None
            if last is not None and (last.level, last.source, last.text) == (level, source, text):
                self._lines[-1] = replace(last, time=now, more=more, count=last.count + 1)
            else:
                self._lines.append(Line(self.version, now, level, source, text, more))

    def lines(self) -> tuple[Line, ...]:
        """All that is kept, oldest first."""
        with self._lock:
            return tuple(self._lines)

    def clear(self) -> None:
        with self._lock:
            self._lines.clear()
            self.version += 1


class _Ear(logging.Handler):
    """Puts what goes through `logging` into a log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.INFO)
        self._log = log
        self._traces = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            more = self._traces.formatException(record.exc_info) if record.exc_info else record.stack_info or ""
            self._log.say(_level(record.levelno), record.name, record.getMessage(), more)
        except Exception:
            self.handleError(record)


@contextmanager
def listening(log: Log) -> Iterator[None]:
    """Have `log` keep what programs and node packs say through `logging`, from INFO on; warnings still reach stderr."""
    root, ear = logging.getLogger(), _Ear(log)
    alone, level = not root.handlers, root.level
    added = [ear, *([logging.lastResort] if alone and logging.lastResort else [])]
    for handler in added:
        root.addHandler(handler)
    root.setLevel(min(level or logging.INFO, logging.INFO))
    try:
        yield
    finally:
        for handler in added:
            root.removeHandler(handler)
        root.setLevel(level)


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"
