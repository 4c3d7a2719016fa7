"""Messages that come and go."""

from __future__ import annotations

from nodeflow.editor.notices import Notices


def test_a_notice_stays_as_long_as_it_takes_to_read() -> None:
    now = [0.0]
    notices = Notices(lambda: now[0])
    notices.say("Saved graph")
    notices.say("A long story. " * 20, "error")
    now[0] = 4.0
    assert [notice.level for notice in notices.current()] == ["error"]
    now[0] = 60.0
    assert notices.current() == []


def test_the_same_said_again_is_one_notice_and_old_ones_make_room() -> None:
    notices = Notices(lambda: 0.0)
    for _ in range(3):
        notices.say("No")
    assert len(notices.current()) == 1
    for number in range(9):
        notices.say(f"Message {number}")
    assert [notice.text for notice in notices.current()] == [f"Message {number}" for number in (5, 6, 7, 8)]


def test_what_was_said_about_a_place_goes_with_the_next_press() -> None:
    notices = Notices(lambda: 0.0)
    notices.say("Poses cannot go into Image.", "warning", (10.0, 20.0))
    notices.say("Saved graph", "done")
    notices.dismiss_here()
    assert [notice.text for notice in notices.current()] == ["Saved graph"]
