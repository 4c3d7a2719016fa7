"""Masks as pictures, and pictures as masks."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import CONVERSIONS, Image, Mask
from nodes.masks.masks import sharpened


@node(
    "masks.picture",
    category="Find/Masks",
    title="Mask as picture",
    parallel=True,
    words="matte alpha greyscale convert",
)
def picture(
    mask: Mask,
    invert: Annotated[bool, Widget(doc="Black on white")] = False,
) -> Image:
    """Show the weights of a mask as grey, white where it holds most, to save or to blend."""
    shown = Mask(1 - mask.weight, mask.frame) if invert else mask
    image: Image = CONVERSIONS["Mask", "Image"].apply(shown)
    return image


@node(
    "masks.of_picture",
    category="Find/Masks",
    title="Picture as mask",
    parallel=True,
    words="matte alpha threshold brightness greyscale convert binarize",
)
def of_picture(
    image: Image,
    middle: Annotated[float, Slider(0, 1, doc="The brightness that counts one half")] = 0.5,
    edge: Annotated[float, Slider(0, 1, doc="How soft the edge is; 0 cuts sharply, 1 keeps all greys")] = 1.0,
    invert: Annotated[bool, Widget(doc="Hold what is dark")] = False,
) -> Mask:
    """Make a mask of a picture's brightness: one that was painted, say."""
    weight = CONVERSIONS["Image", "Mask"].apply(image).weight
    weight = np.clip(weight + np.float32(0.5 - middle), 0, 1)
    return Mask(sharpened(1 - weight if invert else weight, edge), image.frame)
