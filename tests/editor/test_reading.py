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
