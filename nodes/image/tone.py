"""How light, strong and colourful a picture is, made where it lives: on the host, or on the device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from nodeflow.node import Slider, node
from nodeflow.values import Image, device_pixels

if TYPE_CHECKING:
    import torch


@node(
    "image.tone",
    category="Image",
    title="Brightness and colour",
    parallel=True,
    words="adjust exposure contrast saturation gamma levels curves color grade grading grayscale greyscale "
    "black and white desaturate darken lighten",
)
def tone(
    image: Image,
    brightness: Annotated[float, Slider(-1, 1, doc="What is added; 1 makes black white")] = 0.0,
    contrast: Annotated[float, Slider(0, 3, doc="About the middle grey; 0 leaves only that")] = 1.0,
    saturation: Annotated[float, Slider(0, 3, doc="0 makes the picture grey")] = 1.0,
    gamma: Annotated[float, Slider(0.2, 5, doc="Above 1 the dark parts get lighter")] = 1.0,
) -> Image:
    """Make a picture lighter or darker, stronger or flatter, more colourful or grey."""
    if (brightness, contrast, saturation, gamma) == (0.0, 1.0, 1.0, 1.0):
        return image
    levels = np.linspace(0, 1, 256) ** (1 / gamma)
    table = np.clip(((levels - 0.5) * contrast + 0.5 + brightness) * 255, 0, 255).round().astype(np.uint8)
    if image.device:
        return Image.from_tensor(_on_device(image.tensor(image.device), table, saturation), image.frame)
    import cv2

    toned = cv2.LUT(image.array, table)
    if saturation != 1:
        toned = cv2.transform(toned, _mixing(saturation))
    return image.replaced(np.asarray(toned, np.uint8))


def _mixing(saturation: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """The 3x3 matrix from colours to colours that stand so far from their grey."""
    grey = np.tile(np.array(device_pixels.LUMA, np.float32), (3, 1))
    return np.asarray(saturation * np.eye(3, dtype=np.float32) + (1 - saturation) * grey, np.float32)


def _on_device(
    pixels: torch.Tensor, table: np.ndarray[tuple[int], np.dtype[np.uint8]], saturation: float
) -> torch.Tensor:
    import torch

    toned = torch.from_numpy(table).to(pixels.device)[pixels.int()]
    if saturation == 1:
        return toned
    red, green, blue = toned.float()
    rows = _mixing(saturation).tolist()
    return device_pixels.to_bytes(torch.stack([red * r + green * g + blue * b for r, g, b in rows]))
