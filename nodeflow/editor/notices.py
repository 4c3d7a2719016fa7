"""What the editor says in passing: short messages that come, can be read, and go. Pure; GUI thread only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["info", "done", "warning", "error"]

_READING_SPEED = 16.0
"""Characters a second that everyone can read."""


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """`at` is where it belongs on the canvas, in screen pixels, or None for the corner."""

    text: str
    level: Level
    until: float
    at: tuple[float, float] | None = None


class Notices:
    """The notices that are to be seen now, oldest first. `heard` is told of each that is new, to be kept longer."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, heard: Callable[[Level, str], None] = lambda *_said: None
    ) -> None:
        self._clock, self._heard = clock, heard
        self._notices: list[Notice] = []

    def say(self, text: str, level: Level = "info", at: tuple[float, float] | None = None) -> None:
        """Show `text` for as long as it takes to read. Said again, it only stays longer."""
        until = self._clock() + 2.0 + len(text) / _READING_SPEED * (2.0 if level == "error" else 1.0)
        before = len(self._notices)
        self._notices = [notice for notice in self._notices if (notice.text, notice.at is None) != (text, at is None)]
        if len(self._notices) == before:
            self._heard(level, text)
        self._notices = [*self._notices, Notice(text, level, until, at)][-4:]

    def current(self) -> list[Notice]:
        now = self._clock()
        if any(notice.until <= now for notice in self._notices):
            self._notices = [notice for notice in self._notices if notice.until > now]
        return self._notices

    def dismiss_here(self) -> None:
        """Take away what was said about a place: the person has gone on."""
        self._notices = [notice for notice in self._notices if notice.at is None]
