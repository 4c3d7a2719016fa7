"""Text in pictures.

    read = open_task("text-in-pictures", "ppocr-v4")
    lines = read(image, score=0.5)          # list of Line, in reading order

Where a line stands is given by the four corners of its box, which may be turned.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Image

__all__ = ["Line", "ReadModel"]


class Line(NamedTuple):
    """One line: its text, how sure the model is of it (0..1), and its corners, float32 4x2 in pixels of the picture,
    clockwise from the upper left of the text."""

    text: str
    score: float
    corners: NDArray[np.float32]


class ReadModel(Opened, Protocol):
    """Finds and reads text. It sees each picture afresh."""

    def __call__(self, image: Image, *, score: float) -> list[Line]:
        """Lines of which the model is at least `score` sure, from top to bottom. Raises BadModel."""
        ...
