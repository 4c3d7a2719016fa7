"""Pictures side by side."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Image


@node(
    "image.concat",
    category="Image",
    title="Side by side",
    parallel=True,
    words="compare join stack hstack combine tile split view",
)
def concat(
    first: Image,
    second: Image,
    layout: Annotated[Literal["side by side", "stacked"], Widget(doc="Which way the pictures stand")] = "side by side",
    gap: Annotated[
        int,
        Slider(
            0,
            100,
            unit="px",
            doc="Black between them",
        ),
    ] = 0,
) -> Image:
    """Put two pictures next to each other. The second is scaled to the height (or width) of the first."""
    if layout == "side by side":
        width = max(1, round(second.width * first.height / second.height))
        size, shape = (width, first.height), (first.height, first.width + gap + width)
    else:
        height = max(1, round(second.height * first.width / second.width))
        size, shape = (first.width, height), (first.height + gap + height, first.width)
    fitted = second if second.frame.size == size else second.resized(*size)
    canvas = np.zeros((*shape, 3), np.uint8)
    canvas[: first.height, : first.width] = first.array
    canvas[-size[1] :, -size[0] :] = fitted.array
    return Image(canvas)
