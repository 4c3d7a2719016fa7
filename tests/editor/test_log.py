"""The log: what it keeps, and how it is read."""

from __future__ import annotations

import itertools
import logging
import threading

import pytest

from nodeflow.editor.running.log import Log, listening
from nodeflow.editor.running.log_view import LogView


@pytest.fixture
def log() -> Log:
    return Log(most=50, clock=itertools.count().__next__)


def test_many_threads_lose_nothing_and_the_ring_is_bounded() -> None:
    log, count = Log(most=10_000), 500

    def chatter(name: str) -> None:
        for number in range(count):
            log.say("info", name, str(number))

    threads = [threading.Thread(target=chatter, args=(f"thread {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.version == 6 * count
    for n in range(6):
        assert [line.text for line in log.lines() if line.source == f"thread {n}"] == [str(k) for k in range(count)]
    small = Log(most=10)
    for number in range(100):
        small.say("info", "x", f"{number}" * 5_000, "t" * 100_000)
    assert len(small.lines()) == 10
    assert sum(len(line.text) + len(line.more) for line in small.lines()) < 110_000


def test_what_is_said_again_and_again_is_one_line(log: Log) -> None:
    for _ in range(40):
        log.say("error", "pose", "no model")
    log.say("info", "pose", "works again")
    log.say("error", "pose", "no model")
    assert [(line.text, line.count) for line in log.lines()] == [("no model", 40), ("works again", 1), ("no model", 1)]
    assert "(40 times)" in log.lines()[0].whole


def test_logging_is_heard_while_somebody_listens(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    root, mine = logging.getLogger(), logging.getLogger("a.pack")
    before = root.level, list(root.handlers)
    with listening(log):
        mine.debug("too little")
        mine.info("loaded %d files", 3)
        try:
            raise OSError("the disk is full")
        except OSError:
            mine.exception("could not save")
    mine.error("nobody listens any more")
    assert (root.level, list(root.handlers)) == before
    said = log.lines()
    assert [(line.level, line.source, line.text) for line in said[:2]] == [
        ("info", "a.pack", "loaded 3 files"),
        ("error", "a.pack", "could not save"),
    ]
    assert "OSError: the disk is full" in said[1].more


def _view(log: Log) -> LogView:
    log.say("info", "pose", "opened")
    log.say("warning", "camera", "is slow")
    log.say("error", "pose", "failed", "Traceback\n  somewhere\nValueError")
    view = LogView(log)
    assert view.update()
    return view


def test_levels_and_words_leave_out_the_rest(log: Log) -> None:
    view = _view(log)
    assert not view.update()
    assert [row.line.text for row in view.rows] == ["opened", "is slow", "failed"]
    view.least = "warning"
    assert view.update()
    assert [row.line.text for row in view.rows] == ["is slow", "failed"]
    view.query = "POSE valueerror"
    view.update()
    assert [row.line.text for row in view.rows] == ["failed"]
    log.clear()
    view.update()
    assert view.rows == []
    assert view.text() == ""


def test_lines_are_marked_extended_and_copied_also_when_others_come(log: Log) -> None:
    view = _view(log)
    view.press(1)
    assert view.marked() == range(1, 2)
    view.step(1, extend=True)
    assert view.marked() == range(1, 3)
    log.say("info", "late", "one more")
    view.update()
    assert [line.split(" ", 1)[1][:7].strip() for line in view.text().splitlines()[:2]] == ["WARNING", "ERROR"]
    assert "one more" not in view.text()
    assert view.forget()
    assert not view.forget()
    assert "one more" in view.text()  # without a mark, all that is listed
    view.select_all()
    assert len(view.marked()) == 4


def test_a_line_unfolds_and_keeps_its_mark_while_it_is_said_again(log: Log) -> None:
    view = _view(log)
    view.press(2)
    view.unfold()
    view.update()
    assert [row.rest for row in view.rows[2:]] == [None, "Traceback", "  somewhere", "ValueError"]
    assert view.marked() == range(2, 6)
    log.say("error", "pose", "failed", "Traceback\nanother")
    view.update()
    assert [row.rest for row in view.rows[2:]] == [None, "Traceback", "another"]
    assert view.rows[2].line.count == 2
    view.unfold()
    view.update()
    assert len(view.rows) == 3
    assert view.step(-5) == 0
