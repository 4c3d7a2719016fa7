"""What programs that run now have open of a cache, so that cleaning in one does not pull it from under another.

    hold(folder, key)           # this process uses it, until it ends, however it ends
    is_held(folder, key)        # whether any process does

A session may be unloaded and loaded again at any time (see `sessions`), so what a process has once fetched it may open
as long as it lives. Each such thing has a mark, a file that its process keeps locked; a mark that can be locked is one
of a process that is gone. Who calls either holds the cache's lock of what is asked for: a mark cannot come between a
look and what is done after it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import IO, Final

from nodeflow.models.file_lock import try_lock

_ME: Final = secrets.token_hex(4)
"""Tells the marks of this process from others': a number of a process may be given again, or twice by two machines."""

_mine: dict[Path, IO[bytes]] = {}


def hold(folder: Path, key: str) -> None:
    """Mark that this process uses what has that key. Raises OSError where nothing can be written."""
    mark = folder / f"{key}-{_ME}"
    if mark in _mine and mark.exists():
        return
    release(folder, key)
    folder.mkdir(parents=True, exist_ok=True)
    handle = mark.open("ab")
    try_lock(handle)
    _mine[mark] = handle


def release(folder: Path, key: str) -> None:
    """This process no longer uses it."""
    if handle := _mine.pop(folder / f"{key}-{_ME}", None):
        handle.close()


def is_held(folder: Path, key: str) -> bool:
    """Whether a process, this one or another, uses what has that key. Marks of processes that are gone are deleted."""
    return any(_is_alive(mark) for mark in folder.glob(f"{key}-*"))


def _is_alive(mark: Path) -> bool:
    try:
        with mark.open("rb+") as handle:
            if not try_lock(handle):
                return True
    except FileNotFoundError:
        return False
    except OSError:  # of another user, say: better kept than pulled away
        return True
    mark.unlink(missing_ok=True)
    return False
