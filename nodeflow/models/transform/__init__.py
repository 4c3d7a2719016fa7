"""Pictures made of pictures: styles, larger sizes, sharper ones.

    style = open_task("style", "multistyle26")
    painted = style(image, {3: 0.5, 12: 0.5}, longest=512)

    any_style = open_task("style-from-picture", "arbitrary-style")
    painted = any_style(image, painting, strength=0.8)

    larger = open_task("upscale", "esrgan-slim-x2")(image)
    sharper = open_task("deblur", "nafnet-deblur")(image)

What is made lies in the frame of reference of the picture it was made of, so overlays still find their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Image

__all__ = ["PictureStyleModel", "RetouchModel", "StyleModel", "UpscaleModel"]


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
    """Makes a picture better without changing its size: sharper, say."""

    def __call__(self, image: Image) -> Image:
        """The picture, better, in its own size. Raises BadModel."""
        ...
