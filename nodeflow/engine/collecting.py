"""Python's search for cycles of garbage, kept out of the way of frames.

What a frame leaves behind goes by its counts of references alone. The search that Python makes besides stops all
threads: after every 700 new objects, of which a frame of a large graph makes thousands; and now and then it goes
through all there is, which with torch in memory takes 70 to 150 ms. So while a graph opens and runs,

- what was there when it began, and what its nodes brought in, is left out of the search, and comes back once no graph
  runs any more;
- Python's own searches are rare; in their place `search` looks through what is new, when it is due.

So cycles that nodes leave, with large arrays in them perhaps, still go within a second or so; what a run leaves goes
once nothing has run for a while and nobody is at the window. All this is the whole process's, as `gc` is: it holds as
long as any run does.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_RARE = 50_000
"""How many more objects were made than freed when Python searches by itself."""
_EVERY = 1.0
_ALL_EVERY = 60.0
_REST = 1.0
"""Seconds after a run until all is searched: not while a person starts the next, or a program ends."""

_LATEST = 60.0
"""The same while somebody is at the window all along."""

_lock = threading.Lock()
_running: set[object] = set()
_usual = gc.get_threshold()
_put_off = 0.0


def put_off(until: float) -> None:
    """Have the search after a run wait until then (by `time.perf_counter`): somebody would see that all stands still
    for a moment."""
    global _put_off
    _put_off = until


class Collecting:
    """One run's part in it."""

    def __init__(self) -> None:
        self._searched = self._searched_all = 0.0
        self._ended: float | None = None

    def begin(self) -> None:
        """The run is about to open its nodes, or has opened them, and its frames set out: what is there now is left out
        of the search."""
        global _usual
        with _lock:
            if not _running:
                _usual = gc.get_threshold()
                gc.set_threshold(_RARE, *_usual[1:])
            gc.freeze()
            _running.add(self)

    def end(self, now: float) -> None:
        """The run is over (`now`, in seconds), if it had begun."""
        with _lock:
            if self not in _running:
                return
            _running.remove(self)
            self._ended = now
            if not _running:
                gc.set_threshold(*_usual)
                gc.unfreeze()

    @property
    def is_due(self) -> bool:
        """Whether `search` has something to do soon, though nothing runs."""
        return self._ended is not None and not _running

    def search(self, now: float) -> None:
        """Look for cycles if it is time (`now`, in seconds): among what is new while graphs run, among all after."""
        if self._ended is not None and not _running:
            rested = now - self._ended
            if rested >= _LATEST or (rested >= _REST and now >= _put_off):
                self._ended = None
                gc.collect()
        elif now - self._searched >= _EVERY and gc.get_count()[0] >= _usual[0]:
            self._searched = now
            if now - self._searched_all < _ALL_EVERY:
                gc.collect(1)
            else:
                self._searched_all = now
                gc.collect()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without a search while much is made that stays, and no cycles of it; unless a graph runs, none is due
    afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        with _lock:
            if not _running:
                gc.freeze()  # all that is new is old now, without being looked at
                gc.unfreeze()
        if was_on:
            gc.enable()
