"""Which pixels of a picture belong to something.

person = open_task("person-mask", "selfie")
mask = person(image)            # Mask in a frame of its own, smaller than the picture's
"""

from __future__ import annotations

from typing import Protocol

from nodeflow.values import Image, Mask

__all__ = ["MaskModel"]


class MaskModel(Protocol):
    """Tells how much each part of a picture belongs. It sees each picture afresh; for one thread at a time."""

    @property
    def provider(self) -> str:
        """Where it runs, as shown to people: "CPU", "CUDA" ..."""
        ...

    @property
    def device(self) -> str:
        """The device whose memory it computes in: "cpu" or "cuda:0"."""
        ...

    def __call__(self, image: Image) -> Mask:
        """Weights of 0 to 1 as the network gives them: in its own size, placed on the picture. Raises BadModel."""
        ...

    def close(self) -> None:
        """Let the sessions go. The model must not be called afterwards."""
        ...
