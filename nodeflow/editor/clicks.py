"""Which press is the second of a double click. Pure.

    clicks = Clicks()
    clicks.press((x, y), now, frame)      # True for the second of two quick presses at one spot

The toolkit goes by the clock alone. While the window draws slowly, as beside a run that takes every processor, the two
presses of a quick hand reach it late and far apart: so presses with hardly a frame between them count, however long
those took.
"""

from __future__ import annotations

import math
from typing import Final

from nodeflow.editor.canvas.geometry import Point

_SOON: Final = 0.3
"""Seconds from one press to the other at most, or ..."""
_FRAMES: Final = 3
"""... frames: down, up and down again come in one each."""
_NEAR: Final = 6.0
"""How far apart they may be, in pixels."""


class Clicks:
    """See the module's head. One for each place that is clicked, told of its presses only."""

    def __init__(self) -> None:
        self._last: tuple[Point, float, int] | None = None

    def press(self, at: Point, now: float, frame: int) -> bool:
        """A button went down at `now` seconds, in the frame of that number."""
        last, self._last = self._last, (at, now, frame)
        if last is None:
            return False
        spot, then, before = last
        second = math.dist(at, spot) <= _NEAR and (now - then <= _SOON or frame - before <= _FRAMES)
        if second:
            self._last = None  # a third press is the first of another
        return second
