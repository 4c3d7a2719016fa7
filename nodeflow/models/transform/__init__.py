"""Pictures made of pictures: in a style, larger, sharper, cleaner or lighter, with a hole filled or with colours.

    style = open_task("style", "multistyle26")
    painted = style(image, {3: 0.5, 12: 0.5}, longest=512)

    any_style = open_task("style-from-picture", "arbitrary-style")
    painted = any_style(image, painting, strength=0.8)

    larger = open_task("upscale", "esrgan-slim-x2")(image)
    sharper = open_task("deblur", "nafnet-deblur")(image)
    clean = open_task("denoise", "ffdnet")(noisy, noise=25.0)
    light = open_task("low-light", "sci-difficult")(dark)
    whole = open_task("inpaint", "lama")(image, hole)
    colored = open_task("colour", "ddcolor-tiny")(grey, strength=1.0)
    photo = open_task("picture-to-picture", "pix2pix-edges2shoes")(drawing)

What is made lies in the frame of reference of the picture it was made of, so overlays still find their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Image

__all__ = [
    "ColorModel",
    "DenoiseModel",
    "InpaintModel",
    "PictureStyleModel",
    "RetouchModel",
    "StyleModel",
    "TranslateModel",
    "UpscaleModel",
]


class StyleModel(Opened, Protocol):
    """Paints a picture in one of the styles it knows, or in a blend of them."""

    @property
    def styles(self) -> int:
        """How many styles there are."""
        ...

    def __call__(self, image: Image, blend: Mapping[int, float], *, longest: int) -> Image:
        """The picture, shrunk to `longest` pixels if it is larger, in a blend of styles (index -> weight, made to add
        up to 1). Raises BadModel; ValueError for a style that is not there or weights that are not positive."""
        ...


class PictureStyleModel(Opened, Protocol):
    """Paints a picture in the style of another one."""

    def __call__(self, image: Image, style: Image, *, strength: float) -> Image:
        """The picture in the style of `style`; `strength` 0..1 leads there from its own style. Raises BadModel."""
        ...


class UpscaleModel(Opened, Protocol):
    """Makes pictures larger."""

    @property
    def factor(self) -> int:
        """How many times larger."""
        ...

    def __call__(self, image: Image) -> Image:
        """The picture, `factor` times as wide and as high. Raises BadModel."""
        ...


class RetouchModel(Opened, Protocol):
    """Makes a picture better without changing its size: sharper, or lighter."""

    def __call__(self, image: Image) -> Image:
        """The picture, better, in its own size. Raises BadModel."""
        ...


class DenoiseModel(Opened, Protocol):
    """Takes noise out of pictures."""

    def __call__(self, image: Image, *, noise: float) -> Image:
        """The picture without noise whose deviation is `noise` levels of 255, in its own size. Raises BadModel."""
        ...


class InpaintModel(Opened, Protocol):
    """Paints what fits where a picture has a hole."""

    def __call__(self, image: Image, hole: NDArray[np.float32]) -> Image:
        """The picture with something else where `hole`, float32 rows x columns of 0 to 1, is more than 0; as much of it
        as `hole` says. Without a hole it is the same picture. Raises BadModel."""
        ...


class ColorModel(Opened, Protocol):
    """Gives a grey picture colours."""

    def __call__(self, image: Image, *, strength: float) -> Image:
        """The picture with likely colours instead of its own, `strength` times as strong. Raises BadModel."""
        ...


class TranslateModel(Opened, Protocol):
    """Makes a picture of one kind of a picture of another kind: a photograph of a drawing, say."""

    def __call__(self, image: Image) -> Image:
        """The picture of the other kind, in the network's own size. Raises BadModel."""
        ...
