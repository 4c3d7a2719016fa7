"""A view that glides to another one, so that the eye can follow. Pure.

Zoom changes by equal factors in equal times, and the middle moves so that a pure zoom stays about one point. It is
quick, and whatever the hand does to the view ends it (see `Interaction.advance`).
"""

from __future__ import annotations

from nodeflow.editor.canvas.geometry import Point, Viewport

SECONDS = 0.18


class Glide:
    """From one view to another, on a canvas of `size` pixels. Time begins with the first call of `at`."""

    def __init__(self, start: Viewport, end: Viewport, size: Point) -> None:
        self.now = start
        """The view as it was last given."""
        self._start, self.end = start, end
        self._middle = size[0] / 2, size[1] / 2
        self._began: float | None = None

    def at(self, time: float) -> Viewport:
        """The view at a time, in seconds of a clock that only goes forwards."""
        if self._began is None:
            self._began = time
        share = min((time - self._began) / SECONDS, 1.0)
        self.now = self.end if share == 1.0 else self._between(1.0 - (1.0 - share) ** 3)
        return self.now

    @property
    def done(self) -> bool:
        return self.now == self.end

    def _between(self, share: float) -> Viewport:
        first, last = self._start.zoom, self.end.zoom
        zoom = first * (last / first) ** share
        moved = share if abs(last / first - 1.0) < 1e-3 else (1 / zoom - 1 / first) / (1 / last - 1 / first)
        (x, y), (to_x, to_y) = self._start.to_world(self._middle), self.end.to_world(self._middle)
        x, y = x + (to_x - x) * moved, y + (to_y - y) * moved
        return Viewport(zoom, (self._middle[0] - x * zoom, self._middle[1] - y * zoom))
