"""Many pictures as one."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from nodeflow.node import Nothing, Slider, node
from nodeflow.values import Image


@node(
    "image.grid", category="Image", title="Contact sheet", parallel=True, words="mosaic tile collage montage join list"
)
def grid(
    images: list[Image | Nothing],
    columns: Annotated[int, Slider(0, 16, doc="0 makes it about square")] = 0,
    side: Annotated[int, Slider(16, 1024, unit="px", doc="Width and height of each place")] = 256,
) -> Image | Nothing:
    """Lay a list of pictures out as one, each fitted into its place. Missing ones leave their place black."""
    if not images:
        return Nothing("there are no pictures")
    across = columns or math.ceil(math.sqrt(len(images)))
    down = math.ceil(len(images) / across)
    sheet = np.zeros((down * side, across * side, 3), np.uint8)
    for place, image in enumerate(images):
        if isinstance(image, Nothing):
            continue
        scale = side / max(image.width, image.height)
        fitted = image.resized(max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        top = place // across * side + (side - fitted.height) // 2
        left = place % across * side + (side - fitted.width) // 2
        sheet[top : top + fitted.height, left : left + fitted.width] = fitted.array
    return Image(sheet)
