"""What a picture shows: one score for each of a model's names.

classify = open_task("classes", "efficientnet-lite0")
classify(image).top(3)
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Classes, Image

__all__ = ["ClassModel"]


class ClassModel(Opened, Protocol):
    """Takes a picture for one of the things it knows. It sees each picture afresh."""

    def __call__(self, image: Image) -> Classes:
        """How likely the picture shows each of the names; the scores add up to 1. Raises BadModel."""
        ...
