"""Things in pictures, as boxes with names.

objects = open_task("objects", "nanodet")
found = objects(image, score=0.4)           # Detections in the image's own frame of reference
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.values import Detections, Image

__all__ = ["ObjectModel"]


class ObjectModel(Protocol):
    """Finds things of the kinds it knows. It sees each picture afresh; for one thread at a time."""

    @property
    def provider(self) -> str:
        """Where it runs, as shown to people: "CPU", "CUDA" ..."""
        ...

    @property
    def device(self) -> str:
        """The device whose memory it computes in: "cpu" or "cuda:0"."""
        ...

    def __call__(self, image: Image, *, score: float) -> Detections:
        """Things that the model is at least `score` (0..1) sure of, surest first. Raises BadModel."""
        ...

    def close(self) -> None:
        """Let the sessions go. The model must not be called afterwards."""
        ...
