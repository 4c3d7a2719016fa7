"""Where a picture lies in what a network is shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.models.bare.options import Fit
from nodeflow.values import Affine, Frame


@dataclass(frozen=True, slots=True)
class View:
    """A network is shown `width` x `height` pixels; in its part `left`..`right`, `top`..`bottom` it sees the part
    `x`..`x + wide`, `y`..`y + high` of a picture. All are whole pixels; outside of its part there is nothing."""

    frame: Frame
    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    x: int
    y: int
    wide: int
    high: int

    @classmethod
    def of(cls, frame: Frame, width: int, height: int, fit: Fit) -> View:
        """How a picture lies in so many pixels: stretched, with room beside it (letterbox), or cropped about its
        middle."""
        wide, high = frame.size
        if fit == "letterbox":
            scale = min(width / wide, height / high)
            across, down = max(1, round(wide * scale)), max(1, round(high * scale))
            left, top = (width - across) // 2, (height - down) // 2
            return cls(frame, width, height, left, top, left + across, top + down, 0, 0, wide, high)
        if fit == "crop":
            scale = max(width / wide, height / high)
            across, down = min(wide, max(1, round(width / scale))), min(high, max(1, round(height / scale)))
            x, y = (wide - across) // 2, (high - down) // 2
            return cls(frame, width, height, 0, 0, width, height, x, y, across, down)
        return cls(frame, width, height, 0, 0, width, height, 0, 0, wide, high)

    @property
    def to_picture(self) -> Affine:
        """From the network's pixels to the picture's, both edge-based."""
        kx, ky = self.wide / (self.right - self.left), self.high / (self.bottom - self.top)
        return (kx, 0.0, self.x - self.left * kx, 0.0, ky, self.y - self.top * ky)

    def scaled(self, width: int, height: int) -> View:
        """The same in a map of another size: what shows the picture is rounded to whole pixels of the map."""
        kx, ky = width / self.width, height / self.height
        left, top = round(self.left * kx), round(self.top * ky)
        right, bottom = max(left + 1, round(self.right * kx)), max(top + 1, round(self.bottom * ky))
        place = min(left, width - 1), min(top, height - 1), min(right, width), min(bottom, height)
        return View(self.frame, width, height, *place, self.x, self.y, self.wide, self.high)

    @property
    def seen(self) -> Frame:
        """The frame of the part that shows the picture, cut out of the whole."""
        kx, ky = self.wide / (self.right - self.left), self.high / (self.bottom - self.top)
        wide, high = self.right - self.left, self.bottom - self.top
        return self.frame.warped((kx, 0.0, float(self.x), 0.0, ky, float(self.y)), wide, high)
