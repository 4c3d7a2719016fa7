"""Which pixels of a picture belong to something.

person = open_task("person-mask", "selfie")
mask = person(image)                                # Mask in a frame of its own, smaller than the picture's

parts = open_task("segments", "deeplab-v3")
found = parts(image, longest=520)                   # one class for each pixel, by number

pointed = open_task("prompted-mask", "efficientsam")
mask = pointed(image, Prompt(inside=((320, 200),)))  # whatever stands at that point
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Frame, Image, Mask

__all__ = ["MaskModel", "Prompt", "PromptedMaskModel", "SegmentModel", "Segments"]


class MaskModel(Opened, Protocol):
    """Tells how much each part of a picture belongs. It sees each picture afresh."""

    def __call__(self, image: Image) -> Mask:
        """Weights of 0 to 1 as the network gives them: in its own size, placed on the picture. Raises BadModel."""
        ...


class Segments(NamedTuple):
    """What each pixel is: a place in `names`, int32 rows x columns, in `frame`. The first name is that of the rest."""

    classes: NDArray[np.int32]
    names: tuple[str, ...]
    frame: Frame


class SegmentModel(Opened, Protocol):
    """Tells what each pixel is, of the things that it knows."""

    def __call__(self, image: Image, *, longest: int) -> Segments:
        """The likeliest class of each pixel, of the picture as the network saw it: at a size of its own, or with at
        most `longest` pixels along the longer side. Raises BadModel."""
        ...


Point = tuple[float, float]


class Prompt(NamedTuple):
    """What is meant, in pixels of the picture: points inside and outside of it, and a box around it (left, top, right,
    bottom)."""

    inside: tuple[Point, ...] = ()
    outside: tuple[Point, ...] = ()
    box: tuple[float, float, float, float] | None = None


class PromptedMaskModel(Opened, Protocol):
    """Finds the outline of whatever it is pointed at."""

    def __call__(self, image: Image, prompt: Prompt) -> Mask:
        """Weights of 0 to 1 as the network gives them, placed on the picture. Raises BadModel; ValueError for a prompt
        without a point inside or a box, or with more points than the model takes."""
        ...
