"""Hands in pictures: 21 points of each.

    hands = open_task("hands", "hands-full")
    found = hands(image, most=2)            # Hands: points, and which hand each is

It follows hands from frame to frame: give each stream its own, from one thread at a time.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Image, Poses

__all__ = ["Hands", "HandsModel"]


class Hands(NamedTuple):
    """The points of hands, and how surely each is a right hand (the person's own): float32 N, 0..1."""

    poses: Poses
    right: NDArray[np.float32]


class HandsModel(Opened, Protocol):
    """Finds hands, and follows them."""

    def __call__(self, image: Image, *, most: int) -> Hands:
        """Up to `most` hands, with the numbers that they keep from frame to frame. Raises BadModel."""
        ...

    def reset(self) -> None:
        """Forget the hands: the next picture is not a sequel of the last."""
        ...
