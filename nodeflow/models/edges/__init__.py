"""Where one thing ends and another begins.

edges = open_task("edges", "hed")
mask = edges(image, longest=480)        # how likely each pixel is an edge
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Image, Mask

__all__ = ["EdgeModel"]


class EdgeModel(Opened, Protocol):
    """Tells how likely each pixel of a picture is an edge. It sees each picture afresh."""

    def __call__(self, image: Image, *, longest: int) -> Mask:
        """Likelihoods of 0 to 1, of the picture as the network saw it: at a size of its own, or with at most `longest`
        pixels along the longer side. Raises BadModel."""
        ...
