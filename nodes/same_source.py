"""Whether what was found and the picture it is to be drawn on, or cut out of, belong together."""

from __future__ import annotations

from nodeflow.node import NodeError
from nodeflow.values import Frame, Image


def require_same_source(found: Frame, image: Image, what: str) -> None:
    """Raises NodeError unless both stem from pictures of one size. `what` was found: "The poses were"."""
    if not found.same_source(image.frame):
        ours = image.frame
        raise NodeError(
            f"{what} found in a picture of {found.source_width}x{found.source_height}, "
            f"but this one comes from {ours.source_width}x{ours.source_height}.",
            "Wire both from the same source.",
        )
