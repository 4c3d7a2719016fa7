"""Pictures in words.

describe = open_task("caption", "vit-gpt2")
caption = describe(image, most=24)      # Caption("a man riding a wave on top of a surfboard", 0.71)
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Image

__all__ = ["Caption", "CaptionModel"]


class Caption(NamedTuple):
    """What a picture shows, and how sure the model was of its words, 0..1: the mean of each piece's likelihood."""

    text: str
    score: float


class CaptionModel(Opened, Protocol):
    """Says what a picture shows. It sees each picture afresh."""

    def __call__(self, image: Image, *, most: int) -> Caption:
        """A sentence of at most `most` pieces of words. Raises BadModel."""
        ...
