"""Two pictures made into one, where the first lives: on the host, or on a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Image, device_pixels

if TYPE_CHECKING:
    import torch

Pixels = NDArray[np.uint8]


@node(
    "image.blend",
    category="Image",
    parallel=True,
    words="mix merge composite overlay combine fade opacity add multiply screen",
)
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
    fitted = over if over.frame.size == image.frame.size else over.resized(image.width, image.height)
    if image.device:
        below, above = (each.tensor(image.device).float() for each in (image, fitted))
        return Image.from_tensor(device_pixels.to_bytes(_blended(below, above, mode, opacity)), image.frame)
    return image.replaced(_blended_on_host(image.array, fitted.array, mode, opacity))


def _blended_on_host(
    below: NDArray[np.uint8], above: NDArray[np.uint8], mode: str, opacity: float
) -> NDArray[np.uint8]:
    import cv2

    if mode == "add":
        return np.asarray(cv2.scaleAdd(above, opacity, below), np.uint8)
    if mode == "multiply":
        mixed = cv2.multiply(below, above, scale=1 / 255)
    elif mode == "screen":
        mixed = cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(below), cv2.bitwise_not(above), scale=1 / 255))
    elif mode == "difference":
        mixed = cv2.absdiff(below, above)
    else:
        mixed = above
    return np.asarray(cv2.addWeighted(mixed, opacity, below, 1 - opacity, 0), np.uint8)


def _blended(below: torch.Tensor, above: torch.Tensor, mode: str, opacity: float) -> torch.Tensor:
    """The same on float levels 0..255, not rounded."""
    if mode == "add":
        return below + above * opacity
    if mode == "multiply":
        mixed = below * above / 255
    elif mode == "screen":
        mixed = 255 - (255 - below) * (255 - above) / 255
    elif mode == "difference":
        mixed = (below - above).abs()
    else:
        mixed = above
    return mixed * opacity + below * (1 - opacity)
