"""What programs that run now have open of a cache, so that cleaning in one does not pull it from under another.

    hold(folder, key)                   # this process uses it, until it ends, however it ends
    is_held(folder, key)                # whether any process does
    is_held_elsewhere(folder, key)      # whether another does

A session may be unloaded and loaded again at any time (see `sessions`), so what a process has once fetched it may open
as long as it lives. Each such thing has a mark, a file that its process keeps locked; a mark that can be locked is one
of a process that is gone. Who calls any of them holds the cache's lock of what is asked for: a mark cannot come between
a look and what is done after it.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import IO, Final

from nodeflow.models.file_lock import clear, give_back, take

_ME: Final = secrets.token_hex(4)
"""Tells the marks of this process from others': a number of a process may be given again, or twice by two machines."""

_mine: dict[Path, IO[bytes]] = {}

_AGAIN: Final = 0.001
"""Seconds until a new mark is tried again that somebody cleaning up looks at."""


def hold(folder: Path, key: str) -> None:
    """Mark that this process uses what has that key. Raises OSError where nothing can be written."""
    mark = folder / f"{key}-{_ME}"
    if mark in _mine and mark.exists():
        return
    release(folder, key)
    folder.mkdir(parents=True, exist_ok=True)
    _alive(folder, key)  # so that of processes that broke off no more marks are left than there are keys
    while (handle := take(mark)) is None:
        time.sleep(_AGAIN)
    _mine[mark] = handle


def release(folder: Path, key: str) -> None:
    """This process no longer uses it."""
    if handle := _mine.pop(mark := folder / f"{key}-{_ME}", None):
        give_back(handle)
        clear(mark)


def is_held(folder: Path, key: str) -> bool:
    """Whether a process, this one or another, uses what has that key. Marks of processes that are gone are deleted."""
    return bool(_alive(folder, key))


def is_held_elsewhere(folder: Path, key: str) -> bool:
    """The same of other processes than this one."""
    return any(mark.name != f"{key}-{_ME}" for mark in _alive(folder, key))


def _alive(folder: Path, key: str) -> list[Path]:
    """The marks of that key whose processes live; the others are deleted."""
    return [mark for mark in folder.glob(f"{key}-*") if not clear(mark)]
