"""Two pictures made into one."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Image


@node("image.blend", category="Image", parallel=True)
def blend(
    image: Image,
    over: Image,
    mode: Annotated[
        Literal["mix", "add", "multiply", "screen", "difference"],
        Widget(
            doc="mix: cross-fade; add: brighter; multiply: darker; screen: brighter, soft; difference: what differs"
        ),
    ] = "mix",
    opacity: Annotated[float, Slider(0, 1, doc="How much of the second picture")] = 0.5,
) -> Image:
    """Lay one picture over another. The second is brought to the size of the first."""
    import cv2

    below = image.array
    above = over.array if over.frame.size == image.frame.size else over.resized(image.width, image.height).array
    if mode == "add":
        return image.replaced(np.asarray(cv2.scaleAdd(above, opacity, below), np.uint8))
    if mode == "multiply":
        mixed = cv2.multiply(below, above, scale=1 / 255)
    elif mode == "screen":
        mixed = cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(below), cv2.bitwise_not(above), scale=1 / 255))
    elif mode == "difference":
        mixed = cv2.absdiff(below, above)
    else:
        mixed = above
    return image.replaced(np.asarray(cv2.addWeighted(mixed, opacity, below, 1 - opacity, 0), np.uint8))
