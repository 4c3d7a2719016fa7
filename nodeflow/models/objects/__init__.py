"""Things in pictures, as boxes with names.

objects = open_task("objects", "nanodet")
found = objects(image, score=0.4)           # Detections in the image's own frame of reference
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Detections, Image

__all__ = ["ObjectModel"]


class ObjectModel(Opened, Protocol):
    """Finds things of the kinds it knows. It sees each picture afresh."""

    def __call__(self, image: Image, *, score: float) -> Detections:
        """Things that the model is at least `score` (0..1) sure of, surest first. Raises BadModel."""
        ...
