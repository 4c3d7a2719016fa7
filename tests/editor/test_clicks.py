"""Double clicks, by the clock and by frames."""

from __future__ import annotations

import pytest

from nodeflow.editor.clicks import Clicks


@pytest.mark.parametrize(
    ("then", "frames", "moved", "double"),
    [
        (0.2, 12, 3.0, True),
        (0.2, 12, 9.0, False),
        (0.5, 30, 0.0, False),
        (0.75, 3, 0.0, True),  # four frames a second
        (0.75, 3, 9.0, False),
        (1.5, 6, 0.0, False),
    ],
)
def test_the_second_of_two_presses_is_one_by_the_clock_or_by_frames(
    then: float, frames: int, moved: float, double: bool
) -> None:
    clicks = Clicks()
    assert not clicks.press((10.0, 10.0), 5.0, 100)
    assert clicks.press((10.0 + moved, 10.0), 5.0 + then, 100 + frames) is double


def test_the_third_press_begins_another() -> None:
    clicks = Clicks()
    assert [clicks.press((0.0, 0.0), 0.1 * place, 6 * place) for place in range(4)] == [False, True, False, True]
