"""What the viewer has to see of the run so that it can show what it shows: its glances, and what came of them. Pure.

    sight = Sight(viewing, looks)
    sight.glances(main, other, room, pointed)        # what to watch
    sight.main, sight.base, sight.other              # the looks that came

The main picture is asked for as closely as the lens wants it: all of it, shrunk, or the part that can be seen, pixel by
pixel. A small picture of all of it stands in where the part has not come yet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.running.lens import Lens, Size, same_point, scaled
from nodeflow.editor.running.viewing import Viewing
from nodeflow.engine.look import Glance, Look, Part, Picture
from nodeflow.graph import Endpoint

SIDES: Final = (160, 240, 320, 480, 640, 960, 1280, 1920, 2560, 3840)
_BASE_SIDE: Final = 256
PIN_SIDE: Final = 128
_MOST_PIXELS: Final = 1_500_000
"""The size of a texture that single pixels are enlarged into."""


def name(role: str, spot: Endpoint) -> str:
    """What a glance of the viewer is called."""
    return f"viewer {role} {spot}"


@dataclass(frozen=True, slots=True)
class Sight:
    """`main` and `other` are the spots that are shown; `looks` those of the last snapshot."""

    viewing: Viewing
    looks: Mapping[str, Look]
    main: Endpoint | None
    other: Endpoint | None

    def look(self, role: str, spot: Endpoint | None) -> Look | None:
        """What was seen of a spot in a role."""
        return self.looks.get(name(role, spot)) if spot is not None else None

    def picture(self, role: str, spot: Endpoint | None) -> Picture | None:
        look = self.look(role, spot)
        return look.shows if look is not None and isinstance(look.shows, Picture) else None

    def glances(self, room: Rect, pointed: tuple[int, int] | None) -> dict[str, Glance]:
        """Everything the viewer wants to see in a room of so many real pixels; `pointed` is a pixel of the main
        picture."""
        wanted = {name("pin", pin): Glance(pin.node, pin.port, side=PIN_SIDE) for pin in self.viewing.pins}
        if self.main is None:
            return wanted
        picture = self.picture("main", self.main)
        size = (picture.width, picture.height) if picture is not None and picture.items is None else None
        part = self.viewing.lens.part(room, size) if size is not None else None
        counts = self.viewing.counts
        side = _side(part, size, self.viewing.lens, room)
        wanted[name("main", self.main)] = Glance(self.main.node, self.main.port, side, part, pointed, counts)
        if part is not None:
            wanted[name("base", self.main)] = Glance(self.main.node, self.main.port, _BASE_SIDE)
        if self.other is not None:
            wanted[name("other", self.other)] = self._beside(self.other, part, size, side, pointed)
        return wanted

    def _beside(
        self, spot: Endpoint, part: Part | None, size: Size | None, side: int, pointed: tuple[int, int] | None
    ) -> Glance:
        """The same part of the other picture."""
        picture = self.picture("other", spot)
        if picture is None or size is None or picture.items is not None:
            return Glance(spot.node, spot.port, side)
        other = picture.width, picture.height
        share = max(other) / max(size)
        point = same_point(pointed, size, other) if pointed is not None else None
        return Glance(spot.node, spot.port, max(side, math.ceil(side * share)), scaled(part, size, other), point)


def _side(part: Part | None, size: Size | None, lens: Lens, room: Rect) -> int:
    """How many pixels are enough. All of a picture is asked for in steps, so that it is not asked for anew with every
    pixel of the room's size."""
    if size is None:
        return _step(max(room.width, room.height))
    shrink = min(1.0, lens.scale(room, size))
    if part is None:
        return _step(max(size) * shrink)
    return max(1, math.ceil(max(part[2], part[3]) * shrink))


def _step(side: float) -> int:
    return next((step for step in SIDES if step >= side), SIDES[-1])


def enlargement(picture: Picture, scale: float) -> int:
    """How many times each pixel is to be repeated in a texture, at so many real pixels to one of the picture's:
    enlarged by the screen alone, pixels would run into one another."""
    height, width = picture.pixels.shape[:2]
    if not picture.exact or scale < 2.0:
        return 1
    return max(1, min(math.ceil(scale), math.isqrt(_MOST_PIXELS // (width * height))))
