"""Pictures as networks take and give them: float levels of 0 to 1, channels last or first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Image

Floats = NDArray[np.float32]


def levels(image: Image) -> Floats:
    """float32 1xHxWx3, 0..1."""
    scaled: Floats = np.multiply(image.array, np.float32(1 / 255), dtype=np.float32)
    return scaled[None]


def pixels(made: Floats) -> NDArray[np.uint8]:
    """A network's levels of 0 to 1, HxWx3, as bytes; what lies outside of 0 to 1 is cut off."""
    rounded: NDArray[np.uint8] = np.clip(made * np.float32(255) + np.float32(0.5), 0, 255).astype(np.uint8)
    return rounded
