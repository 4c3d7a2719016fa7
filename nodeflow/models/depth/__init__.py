"""How near the things in a picture are.

depth = open_task("depth", "depth-anything-v2-small")
near = depth(image, longest=518)        # larger numbers are nearer; they have no unit
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Frame, Image

__all__ = ["DepthModel", "Nearness"]


class Nearness(NamedTuple):
    """How near each pixel is, float32 rows x columns, in `frame`. Twice the number is not half the way: the numbers
    tell what is nearer than what, in this picture."""

    values: NDArray[np.float32]
    frame: Frame


class DepthModel(Opened, Protocol):
    """Tells near from far. It sees each picture afresh."""

    def __call__(self, image: Image, *, longest: int) -> Nearness:
        """How near each pixel is, of the picture as the network saw it: at a size of its own, or with at most `longest`
        pixels along the longer side. Raises BadModel."""
        ...
