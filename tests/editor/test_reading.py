"""What is read by a thread beside the window."""

from __future__ import annotations

import threading

from nodeflow.editor.reading import Reading


def test_what_is_wanted_while_it_is_read_is_read_once_more() -> None:
    begun, go_on, ended = threading.Semaphore(0), threading.Semaphore(0), threading.Semaphore(0)

    def read() -> None:
        begun.release()
        go_on.acquire()
        ended.release()

    reading = Reading("reading", read)
    reading.begin()
    begun.acquire()
    for _ in range(3):
        reading.want()
        reading.begin()
    go_on.release()
    begun.acquire()  # once for all of them
    go_on.release()
    for _ in range(2):
        ended.acquire()
    assert not begun.acquire(blocking=False)


def test_what_fails_is_not_begun_again_before_it_is_wanted() -> None:
    calls = threading.Semaphore(0)
    ended = threading.Event()

    def read() -> None:
        calls.release()
        if not ended.is_set():
            raise OSError("there is no such folder")

    reading = Reading("that fails", read)
    reading.want()
    calls.acquire()
    for thread in threading.enumerate():
        if thread.name == "that fails":
            thread.join()
    reading.begin()
    assert not calls.acquire(blocking=False)
    ended.set()
    reading.want()
    calls.acquire()


def test_what_is_wanted_while_it_fails_has_been_read_if_it_goes_well_then() -> None:
    begun, go_on = threading.Semaphore(0), threading.Semaphore(0)
    ways = iter((True, False, False))

    def read() -> None:
        begun.release()
        go_on.acquire()
        if next(ways):
            raise OSError("there is no such folder")

    reading = Reading("that fails once", read)
    reading.begin()
    begun.acquire()
    reading.want()
    for _ in range(2):
        go_on.release()
    begun.acquire()
    for thread in threading.enumerate():
        if thread.name == "that fails once":
            thread.join()
    reading.begin()
    assert begun.acquire(timeout=60.0), "it was taken for failed"
    go_on.release()
