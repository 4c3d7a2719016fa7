"""The map in the corner: the whole graph small, and in it what the canvas shows. Pure.

map = minimap(scene.bounds, viewport, size)      # None where all of it is in sight, or the canvas is small
viewport = map.centred(viewport, pointer)        # a press or drag in it
"""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.editor.canvas.geometry import Point, Rect, Viewport

_WIDTH, _HEIGHT = 200.0, 140.0
_MARGIN = 12.0
_AIR = 6.0
_MOST_SHARE = 0.22
"""Of the canvas's width and of its height: on a small canvas the map is small, so that it covers few nodes."""
_CANVAS_LEAST: Point = (420.0, 320.0)


@dataclass(frozen=True, slots=True)
class Minimap:
    """`frame` is where it is, in the canvas's screen pixels; `zoom` and `pan` bring the world there."""

    frame: Rect
    zoom: float
    pan: Point
    size: Point

    def to_screen(self, world: Point) -> Point:
        return world[0] * self.zoom + self.pan[0], world[1] * self.zoom + self.pan[1]

    def to_world(self, screen: Point) -> Point:
        return (screen[0] - self.pan[0]) / self.zoom, (screen[1] - self.pan[1]) / self.zoom

    def view(self, viewport: Viewport) -> Rect:
        """The part of the frame that stands for what the canvas shows: at least a few pixels, never outside."""
        shown = viewport.shown(self.size)
        left, top = self.to_screen((shown.left, shown.top))
        right, bottom = self.to_screen((shown.right, shown.bottom))
        frame = self.frame
        left, top = min(max(left, frame.left), frame.right - 4.0), min(max(top, frame.top), frame.bottom - 4.0)
        return Rect(left, top, max(min(right, frame.right), left + 4.0), max(min(bottom, frame.bottom), top + 4.0))

    def centred(self, viewport: Viewport, screen: Point) -> Viewport:
        """The viewport with what lies under a point of the map in its middle, at the zoom that it has."""
        x, y = viewport.to_screen(self.to_world(screen))
        return viewport.panned(self.size[0] / 2 - x, self.size[1] / 2 - y)


def minimap(bounds: Rect | None, viewport: Viewport, size: Point) -> Minimap | None:
    """The map for a canvas of `size` pixels on which `bounds` holds everything; None where there is no need of one."""
    if bounds is None or size[0] < _CANVAS_LEAST[0] or size[1] < _CANVAS_LEAST[1]:
        return None
    shown = viewport.shown(size)
    if shown.contains((bounds.left, bounds.top)) and shown.contains((bounds.right, bounds.bottom)):
        return None
    width, height = max(bounds.width, 1.0), max(bounds.height, 1.0)
    room = min(_WIDTH, size[0] * _MOST_SHARE), min(_HEIGHT, size[1] * _MOST_SHARE)
    zoom = min((room[0] - 2 * _AIR) / width, (room[1] - 2 * _AIR) / height)
    # No emptier than it must be: a long graph has a low map, a tall one a narrow map.
    wide, high = max(width * zoom + 2 * _AIR, 60.0), max(height * zoom + 2 * _AIR, 40.0)
    frame = Rect.of(size[0] - _MARGIN - wide, size[1] - _MARGIN - high, wide, high)
    x, y = bounds.center
    to_x, to_y = frame.center
    return Minimap(frame, zoom, (to_x - x * zoom, to_y - y * zoom), size)
