"""One frame back, also over the seam of a clip that begins again and again."""

from __future__ import annotations

import pytest

from nodeflow.editor.panels.transport import arrived, one_back, within
from nodeflow.engine.messages import Snapshot

FRAME = 1 / 25


def _at(time_s: float, total: int | None = None, start_s: float = 0.0) -> Snapshot:
    return Snapshot(time_s=time_s, start_s=start_s, length_s=4.0, frame_s=FRAME, total=total, can_seek=True)


def test_back_is_just_before_the_frame_before() -> None:
    assert one_back(_at(2.0)) == pytest.approx(2.0 - 1.25 * FRAME)
    assert one_back(_at(2.0, total=100)) == pytest.approx(2.0 - 1.25 * FRAME)


def test_a_clip_stays_at_its_first_frame_and_a_loop_goes_to_its_last() -> None:
    assert one_back(_at(1.0, total=100, start_s=1.0)) == 1.0
    assert one_back(_at(1.0, start_s=1.0)) == pytest.approx(5.0 - 1.25 * FRAME)
    assert one_back(_at(1.0 + FRAME, start_s=1.0)) == 1.0, "to the first frame, from the second"


def test_at_the_end_of_the_bar_is_the_last_frame() -> None:
    clip = _at(2.0, total=100, start_s=1.0)
    assert within(clip, 2.0) == 3.0
    last = 1.0 + 4.0 - FRAME
    assert last - FRAME < within(clip, 4.0) < last
    assert within(Snapshot(length_s=4.0, start_s=1.0), 4.0) == 5.0, "of which nobody knows how long a frame is"
    assert within(Snapshot(length_s=0.5, frame_s=0.5), 0.5) == 0.0, "the first is the last"


def test_the_bar_stays_where_it_was_dragged_until_a_frame_from_there_comes() -> None:
    assert not arrived(1.0, before=1.0, asked=3.0), "paused, and the frame is on its way"
    assert not arrived(1.0 + 2 * FRAME, before=1.0, asked=3.0), "frames that were under way come first"
    assert arrived(3.0 + FRAME, before=1.0, asked=3.0)
    assert arrived(1.0, before=3.0, asked=1.0 + FRAME / 2), "back; a seek ends on a frame"
    assert arrived(2.0, before=2.0, asked=2.0), "it is there"
