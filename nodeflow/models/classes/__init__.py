"""What a picture shows: one score for each of a model's names.

classify = open_task("classes", "efficientnet-lite0")
classify(image).top(3)
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.values import Classes, Image

__all__ = ["ClassModel"]


class ClassModel(Protocol):
    """Takes a picture for one of the things it knows. It sees each picture afresh; for one thread at a time."""

    @property
    def provider(self) -> str:
        """Where it runs, as shown to people: "CPU", "CUDA" ..."""
        ...

    @property
    def device(self) -> str:
        """The device whose memory it computes in: "cpu" or "cuda:0"."""
        ...

    def __call__(self, image: Image) -> Classes:
        """How likely the picture shows each of the names; the scores add up to 1. Raises BadModel."""
        ...

    def close(self) -> None:
        """Let the sessions go. The model must not be called afterwards."""
        ...
