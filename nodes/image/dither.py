"""A picture in a few shades, as dots.

Each dot's error decides about its neighbours, so the dots can only be worked out one after the other: a loop that
numpy cannot shorten.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Slider, node
from nodeflow.values import Image


@node("image.dither", category="Image", process=True, words="one bit black and white retro halftone")
def dither(
    image: Image,
    dots: Annotated[int, Slider(8, 640, doc="How many dots stand side by side")] = 160,
    shades: Annotated[int, Slider(2, 16, doc="2 is black and white")] = 2,
) -> Image:
    """Show a picture as dots of a few shades of grey, like an old newspaper or a first computer."""
    import cv2

    wide = min(dots, image.width)
    high = max(1, round(image.height * wide / image.width))
    grey = cv2.cvtColor(image.resized(wide, high).array, cv2.COLOR_RGB2GRAY)
    printed = diffuse(np.asarray(grey, np.uint8), shades)
    shown = cv2.resize(printed, image.frame.size, interpolation=cv2.INTER_NEAREST)
    return image.replaced(np.repeat(np.asarray(shown, np.uint8)[:, :, None], 3, axis=2))


def diffuse(grey: NDArray[np.uint8], shades: int) -> NDArray[np.uint8]:
    """Grey uint8 HxW in `shades` evenly spaced levels, by error diffusion.

    Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", 1976: what a dot is too bright or too dark by
    goes to the right (7/16) and to the three below (3, 5 and 1/16). At the edges a part of it is lost.
    """
    step = 255 / (shades - 1)
    width = grey.shape[1]
    rows: list[list[int]] = []
    below = [0.0] * (width + 2)
    for line in grey.tolist():
        errors, below = below, [0.0] * (width + 2)
        row = []
        for x, level in enumerate(line, start=1):
            wanted = level + errors[x]
            given = min(max(round(wanted / step), 0), shades - 1) * step
            error = (wanted - given) / 16
            errors[x + 1] += error * 7
            below[x - 1] += error * 3
            below[x] += error * 5
            below[x + 1] += error
            row.append(round(given))
        rows.append(row)
    return np.array(rows, np.uint8)
