"""Long work on what is shown, done by a thread beside the window, with a note of how far it is and a way to give it up.

    aside.begin("Arranging 2,000 nodes", 2000, work, then)    # a person asked for it
    aside.apply()                                             # once per frame: calls `then` with what the work made
    aside.drop()                                              # Escape

What takes no longer than a press may is done at once. Whoever begins it sees to it that what the work was made from is
still there when `then` is called. GUI thread only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from nodeflow.editor.canvas.steps import Step

Made = TypeVar("Made")

PATIENCE = 0.05
"""Seconds that a person's press may take."""


class _Dropped(Exception):
    """Raised in the work at its next step."""


class _Work:
    """One piece of work, from its beginning on."""

    def __init__(self, title: str, size: int, work: Callable[[Step], Any], then: Callable[[Any], None]) -> None:
        self._title, self._size, self._work, self._then = title, max(size, 1), work, then
        self._done = 0
        self._dropped = False
        self._fault: Exception | None = None
        self._made: Any = None
        self._thread = threading.Thread(target=self._run, name="working aside", daemon=True)
        self._thread.start()

    @property
    def words(self) -> str:
        return f"{self._title} \u2026 {min(self._done / self._size, 1.0):.0%} \u00b7 Esc gives it up"

    def done(self, patience: float = 0.0) -> bool:
        self._thread.join(patience)
        return not self._thread.is_alive()

    def take(self) -> None:
        """Once it is done. Raises what the work raised."""
        if self._fault is not None:
            raise self._fault
        self._then(self._made)

    def drop(self) -> None:
        self._dropped = True

    def _step(self, steps: int) -> None:
        self._done += steps
        if self._dropped:
            raise _Dropped

    def _run(self) -> None:
        try:
            self._made = self._work(self._step)
        except _Dropped:
            pass
        except Exception as fault:
            self._fault = fault


class Aside:
    """One piece of work at a time: another one takes its place."""

    def __init__(self) -> None:
        self._now: _Work | None = None

    @property
    def words(self) -> str:
        """What is done and how far it is, for people; "" if nothing is."""
        return self._now.words if self._now else ""

    def begin(self, title: str, size: int, work: Callable[[Step], Made], then: Callable[[Made], None]) -> None:
        """Have `work` done, which tells after each part how many of `size` steps that was, and `then` called."""
        self.drop()
        self._now = _Work(title, size, work, then)
        self._now.done(PATIENCE)
        self.apply()

    def apply(self) -> None:
        """Take what is done. Once per frame."""
        now = self._now
        if now is not None and now.done():
            self._now = None
            now.take()

    def drop(self) -> bool:
        """Give up what is being done; False if nothing is."""
        now, self._now = self._now, None
        if now is not None:
            now.drop()
        return now is not None
