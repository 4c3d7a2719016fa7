"""Everyday steps on one picture, made where it lives: on the host, or on the device.

Sizes and mirrors keep the frame of reference, so overlays still find their place.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Image, device_pixels


@node("image.resize", category="Image", parallel=True, words="scale size shrink enlarge smaller larger")
def resize(
    image: Image,
    width: Annotated[int, Slider(0, 7680, unit="px", doc="0 follows from the height")] = 1280,
    height: Annotated[int, Slider(0, 4320, unit="px", doc="0 follows from the width")] = 0,
) -> Image:
    """Scale a picture. With one of width and height at 0 its shape is kept; with both it stays as it is."""
    if not width and not height:
        return image
    wide = width or max(1, round(image.width * height / image.height))
    high = height or max(1, round(image.height * width / image.width))
    return image if (wide, high) == image.frame.size else image.resized(wide, high)


@node("image.flip", category="Image", parallel=True, words="mirror selfie")
def flip(
    image: Image,
    direction: Annotated[
        Literal["mirror", "upside down", "both"], Widget(doc="mirror: left and right change places")
    ] = "mirror",
) -> Image:
    """Mirror a picture, as one is used to from one's own camera."""
    across, down = direction != "upside down", direction != "mirror"
    to_here = (
        *((-1.0, 0.0, float(image.width)) if across else (1.0, 0.0, 0.0)),
        *((0.0, -1.0, float(image.height)) if down else (0.0, 1.0, 0.0)),
    )
    frame = image.frame.warped(to_here, image.width, image.height)
    if image.device:
        return Image.from_tensor(image.tensor(image.device).flip([1] * down + [2] * across), frame)
    import cv2

    pixels = cv2.flip(image.array, -1 if across and down else int(across))
    return Image(np.asarray(pixels, np.uint8), frame)


@node("image.blur", category="Image", parallel=True, words="smooth gaussian soften filter")
def blur(image: Image, radius: Annotated[float, Slider(0, 50, unit="px", doc="How far colours run")] = 4.0) -> Image:
    """Soften a picture."""
    if radius <= 0:
        return image
    if image.device:
        return Image.from_tensor(device_pixels.blurred(image.tensor(image.device), radius), image.frame)
    import cv2

    return image.replaced(np.asarray(cv2.GaussianBlur(image.array, (0, 0), radius), np.uint8))
