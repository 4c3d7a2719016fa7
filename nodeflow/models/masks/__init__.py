"""Which pixels of a picture belong to something.

person = open_task("person-mask", "selfie")
mask = person(image)            # Mask in a frame of its own, smaller than the picture's
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Image, Mask

__all__ = ["MaskModel"]


class MaskModel(Opened, Protocol):
    """Tells how much each part of a picture belongs. It sees each picture afresh."""

    def __call__(self, image: Image) -> Mask:
        """Weights of 0 to 1 as the network gives them: in its own size, placed on the picture. Raises BadModel."""
        ...
