"""How a picture is looked at: what of it can be seen in a room on screen, and how large. Pure.

    lens = Lens().zoomed(2.0, pointer, room, size)       # twice as large, about the pointer
    lens.place(room, size)                               # where the whole picture would be
    lens.part(room, size)                                # the pixels that can be seen, and some around them

A room is a rectangle in real pixels, a size is a picture's in its own. A lens that `fits` shows all of the picture,
whatever its size; one that does not has a zoom (real pixels to one of the picture's) and a centre, as a share of width
and height, so that it stays where it is when another picture of the same thing comes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.engine.look import Part

Size = tuple[int, int]

LARGEST = 96.0
SMALLEST = 1 / 32
_MARGIN = 0.25
"""How much more than what can be seen is asked for, as a share of it: then a short pan shows no edge."""


@dataclass(frozen=True, slots=True)
class Lens:
    """See the module's head."""

    fits: bool = True
    zoom: float = 1.0
    center: Point = (0.5, 0.5)

    def scale(self, room: Rect, size: Size) -> float:
        """Real pixels to one of the picture's."""
        if not self.fits:
            return self.zoom
        return max(min(room.width / size[0], room.height / size[1]), 1e-6)

    def place(self, room: Rect, size: Size) -> Rect:
        """Where the whole picture lies, also where that is beyond the room."""
        scale = self.scale(room, size)
        x, y = (0.5, 0.5) if self.fits else self.center
        middle_x, middle_y = room.center
        return Rect.of(middle_x - x * size[0] * scale, middle_y - y * size[1] * scale, size[0] * scale, size[1] * scale)

    def to_picture(self, at: Point, room: Rect, size: Size) -> Point:
        """The point of the picture that is at a point on screen, in the picture's pixels."""
        place = self.place(room, size)
        return (at[0] - place.left) / place.width * size[0], (at[1] - place.top) / place.height * size[1]

    def part(self, room: Rect, size: Size) -> Part | None:
        """What can be seen of the picture and some around it, in steps that keep it the same while little changes; None
        if that is all of it."""
        if self.fits:
            return None
        seen = self.seen(room, size)
        if seen is None:
            return None
        left, width = _steps(seen[0], seen[2], size[0])
        top, height = _steps(seen[1], seen[3], size[1])
        return None if (width, height) == size else (left, top, width, height)

    def seen(self, room: Rect, size: Size) -> Part | None:
        """The pixels that can be seen, be it only in part; None if that is none."""
        place = self.place(room, size)
        left = max(0, math.floor((room.left - place.left) / place.width * size[0]))
        top = max(0, math.floor((room.top - place.top) / place.height * size[1]))
        right = min(size[0], math.ceil((room.right - place.left) / place.width * size[0]))
        bottom = min(size[1], math.ceil((room.bottom - place.top) / place.height * size[1]))
        return (left, top, right - left, bottom - top) if left < right and top < bottom else None

    # ---- other lenses --------------------------------------------------------------------------------------------

    def zoomed(self, factor: float, about: Point, room: Rect, size: Size) -> Lens:
        """`factor` times as large; what lies under `about` stays there. Never lost from sight."""
        scale = self.scale(room, size)
        smallest = min(SMALLEST, Lens().scale(room, size))
        zoom = min(max(scale * factor, smallest), LARGEST)
        x, y = self.to_picture(about, room, size)
        middle = room.center
        center = (x + (middle[0] - about[0]) / zoom) / size[0], (y + (middle[1] - about[1]) / zoom) / size[1]
        return Lens(False, zoom, _inside(center))

    def at(self, zoom: float, about: Point, room: Rect, size: Size) -> Lens:
        """With another zoom; what lies under `about` stays there."""
        return self.zoomed(zoom / self.scale(room, size), about, room, size)

    def panned(self, dx: float, dy: float, room: Rect, size: Size) -> Lens:
        """The picture moved by so many real pixels."""
        scale = self.scale(room, size)
        x, y = (0.5, 0.5) if self.fits else self.center
        return Lens(False, scale, _inside((x - dx / scale / size[0], y - dy / scale / size[1])))

    def fitted(self) -> Lens:
        return replace(self, fits=True)


def _inside(center: Point) -> Point:
    """A part of the picture always stays in the middle of the room."""
    return min(max(center[0], 0.0), 1.0), min(max(center[1], 0.0), 1.0)


def _steps(start: int, length: int, most: int) -> tuple[int, int]:
    """A stretch that holds another with a margin, its ends on multiples of a power of two."""
    step = 1 << max(0, (max(1, int(length * _MARGIN)) - 1).bit_length())
    first = max(0, (start - step // 2) // step * step)
    end = min(most, -(-(start + length + step // 2) // step) * step)
    return first, end - first


def cut(place: Rect, room: Rect) -> tuple[Rect, Rect] | None:
    """What of a picture at `place` lies within `room`: where that is, and which share of the picture; or None."""
    inside = Rect(
        max(place.left, room.left),
        max(place.top, room.top),
        min(place.right, room.right),
        min(place.bottom, room.bottom),
    )
    if inside.width <= 0 or inside.height <= 0 or place.width <= 0 or place.height <= 0:
        return None
    share = Rect(
        (inside.left - place.left) / place.width,
        (inside.top - place.top) / place.height,
        (inside.right - place.left) / place.width,
        (inside.bottom - place.top) / place.height,
    )
    return inside, share


def of_part(whole: Rect, part: Part, size: Size) -> Rect:
    """Where a part of a picture lies, if the whole lies at `whole`."""
    across, down = whole.width / size[0], whole.height / size[1]
    return Rect.of(whole.left + part[0] * across, whole.top + part[1] * down, part[2] * across, part[3] * down)


def same_point(point: tuple[int, int], size: Size, other: Size) -> tuple[int, int]:
    """The pixel of a picture of another size that lies where a pixel of this one does."""
    return int(point[0] * other[0] / size[0]), int(point[1] * other[1] / size[1])


def scaled(part: Part | None, size: Size, other: Size) -> Part | None:
    """The same part of a picture of another size, grown to whole pixels."""
    if part is None or size == other:
        return part
    across, down = other[0] / size[0], other[1] / size[1]
    left, top = math.floor(part[0] * across), math.floor(part[1] * down)
    right, bottom = math.ceil((part[0] + part[2]) * across), math.ceil((part[1] + part[3]) * down)
    return left, top, max(1, min(right, other[0]) - left), max(1, min(bottom, other[1]) - top)
