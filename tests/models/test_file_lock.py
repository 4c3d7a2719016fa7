"""A lock has one holder at a time, and leaves no file behind, whenever that file is deleted."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from nodeflow.models import file_lock
from nodeflow.models.file_lock import clear, give_back, take

posix = pytest.mark.skipif(sys.platform == "win32", reason="there lock files stay until they are cleared")


@posix
def test_of_many_who_take_and_delete_it_one_has_it_at_a_time(tmp_path: Path) -> None:
    path, rounds, done = tmp_path / "lock", 100, []
    inside = threading.Semaphore(1)

    def work() -> None:
        for _ in range(rounds):
            while (handle := take(path)) is None:
                pass
            assert inside.acquire(blocking=False)
            inside.release()
            give_back(handle)
        done.append(True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(threads)
    assert not path.exists()


@posix
def test_who_waited_on_a_file_that_is_deleted_meanwhile_gets_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    first, real = take(path), file_lock._try_lock
    assert first is not None

    def freed_in_between(handle: IO[bytes]) -> bool:
        """Its holder gives the lock back after the other has opened it, and before that has locked it."""
        monkeypatch.setattr(file_lock, "_try_lock", real)
        give_back(first)
        return real(handle)

    monkeypatch.setattr(file_lock, "_try_lock", freed_in_between)
    second = take(path)
    assert second is not None
    assert take(path) is None, "what the second has is the lock of that path"
    give_back(second)


@posix
def test_a_lock_that_somebody_else_deleted_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = take(path)
    path.unlink()
    second = take(path)
    assert first is not None
    assert second is not None
    give_back(first)
    assert take(path) is None
    give_back(second)


def test_clearing_deletes_what_nobody_holds_and_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert clear(path)
    assert not path.exists()
    handle = take(path)
    assert handle is not None
    assert not clear(path)
    assert path.exists()
    handle.close()  # as at the end of a process that broke off
    assert clear(path)
    assert not path.exists()
