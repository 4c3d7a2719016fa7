"""Cutting and turning a picture, made where it lives: on the host, or on the device.

Both keep the frame of reference, so what is found behind them can be drawn on the whole picture.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import NodeError, Slider, Widget, node
from nodeflow.values import Image
from nodeflow.values.frame import Affine

Share = Annotated[float, Slider(0, 100, unit="%", doc="Of the picture, to cut off at this side")]


@node("image.crop", category="Image", parallel=True, words="cut trim region of interest roi zoom")
def crop(image: Image, left: Share = 0.0, top: Share = 0.0, right: Share = 0.0, bottom: Share = 0.0) -> Image:
    """Cut off the sides of a picture."""
    x0, x1 = _kept(image.width, left, right)
    y0, y1 = _kept(image.height, top, bottom)
    if (x1 - x0, y1 - y0) == image.frame.size:
        return image
    frame = image.frame.cropped(x0, y0, x1 - x0, y1 - y0)
    if image.device:
        return Image.from_tensor(image.tensor(image.device)[:, y0:y1, x0:x1].contiguous(), frame)
    return Image(image.array[y0:y1, x0:x1].copy(), frame)


@node("image.rotate", category="Image", parallel=True, words="turn portrait landscape upright sideways orientation")
def rotate(
    image: Image,
    turn: Annotated[Literal["right", "left", "half"], Widget(doc="By a quarter to one side, or by a half")] = "right",
) -> Image:
    """Turn a picture that lies on its side, or stands on its head."""
    wide, high = float(image.width), float(image.height)
    to_here: dict[str, Affine] = {
        "right": (0.0, 1.0, 0.0, -1.0, 0.0, high),
        "left": (0.0, -1.0, wide, 1.0, 0.0, 0.0),
        "half": (-1.0, 0.0, wide, 0.0, -1.0, high),
    }
    size = (image.width, image.height) if turn == "half" else (image.height, image.width)
    frame = image.frame.warped(to_here[turn], *size)
    quarters = {"right": -1, "left": 1, "half": 2}[turn]
    if image.device:
        return Image.from_tensor(image.tensor(image.device).rot90(quarters, (1, 2)).contiguous(), frame)
    return Image(np.ascontiguousarray(np.rot90(image.array, quarters)), frame)


def _kept(length: int, before: float, behind: float) -> tuple[int, int]:
    """From which pixel to which one a side is kept."""
    first, last = round(length * before / 100), length - round(length * behind / 100)
    if first >= last:
        raise NodeError("Nothing of the picture is left.", "Cut off less: two opposite sides stay below 100 %.")
    return first, last
