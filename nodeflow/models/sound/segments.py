"""From likelihoods to stretches of speech: where one begins, and where it has ended.

    find = Segments(window=0.032, least=0.25, silence=0.1, most=30.0)
    for likely in pieces: done += find.push(likely, score=0.5)
    done += find.end(seconds)

A stretch begins with a window that is at least `score` sure, and ends where the windows stayed a little below it
(`_EASE`) for `silence` seconds: so a breath or a soft syllable tears nothing apart. After Silero's own rule. Times are
seconds from the first window; room around a stretch is the business of whoever cuts it out. One thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_EASE = 0.15


class Segment(NamedTuple):
    start: float
    end: float


class Segments:
    """Stretches that are shorter than `least` are none; one of `most` seconds ends there, and another may begin."""

    def __init__(self, window: float, least: float, silence: float, most: float) -> None:
        self._window, self._least, self._silence, self._most = window, least, silence, most
        self._count = 0
        self.since: float | None = None
        """When the stretch that goes on began; None in silence."""
        self._quiet: float | None = None

    def push(self, likely: Iterable[float], score: float) -> list[Segment]:
        """The stretches that have ended with these windows."""
        done: list[Segment] = []
        for each in likely:
            now = self._count * self._window
            self._count += 1
            if each >= score:
                self._quiet = None
                self.since = now if self.since is None else self.since
            elif self.since is not None and each < max(score - _EASE, 0.01):
                self._quiet = now if self._quiet is None else self._quiet
                if now - self._quiet >= self._silence - 1e-9:
                    done += self._ended(self._quiet)
            if self.since is not None and now + self._window - self.since >= self._most:
                done += self._ended(now + self._window)
        return done

    def end(self, seconds: float) -> list[Segment]:
        """The stretch that still went on when the sound ended, after so many seconds."""
        return [] if self.since is None else self._ended(seconds)

    def _ended(self, at: float) -> list[Segment]:
        start, self.since, self._quiet = self.since, None, None
        return [Segment(start, at)] if start is not None and at - start > self._least else []
