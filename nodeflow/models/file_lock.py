"""Locks between threads and processes: each is a file that its holder keeps locked.

    handle = take(path)         # None while another handle has it, of this process or of any other
    ...
    give_back(handle)           # on POSIX the file goes with it

The system frees a lock when its holder ends, however it ends. Lock files are deleted by their holders only, and a file
is a lock only as long as its path leads to it: who waited on one that was deleted meanwhile opens the next. Windows
deletes no file that is open, so there they stay until `clear` finds them free.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def take(path: Path) -> IO[bytes] | None:
    """The lock of that path, whose file is made if need be; None if another handle has it. Raises OSError."""
    return _taken(path, "ab")


def give_back(handle: IO[bytes]) -> None:
    """Free a lock, for whoever wants it next."""
    path = Path(handle.name)
    with handle:
        if sys.platform != "win32" and _is_at(handle, path):
            with suppress(OSError):
                path.unlink()
        _unlock(handle)


def clear(path: Path) -> bool:
    """Delete the file of a lock that nobody has. Whether it is gone."""
    try:
        handle = _taken(path, "rb+")  # which makes none
        if handle is None:
            return False
        give_back(handle)
        if sys.platform == "win32":
            path.unlink()
    except FileNotFoundError:
        return True
    except OSError:  # of another user, say: better kept than pulled away
        return False
    return True


def _taken(path: Path, mode: Literal["ab", "rb+"]) -> IO[bytes] | None:
    while True:
        handle = path.open(mode)
        if not _try_lock(handle):
            handle.close()
            return None
        if _is_at(handle, path):
            return handle
        handle.close()  # its last holder has deleted it since it was opened


def _is_at(handle: IO[bytes], path: Path) -> bool:
    """Whether a path leads to the file that is open."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False
