"""Pictures made of others, or of numbers."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.pipelines.settings import Settings
from nodeflow.models.sources import Text


class ManyStyles(Settings):
    """One network with a weight for each of its styles."""

    roles: ClassVar = ("style",)
    tasks: ClassVar = ("style",)
    code: ClassVar = "nodeflow.models.transform.styles:open_many"

    kind: Literal["many-styles"]


class AnyStyle(Settings):
    """One network reads the style of a picture, another paints with it."""

    roles: ClassVar = ("reader", "painter")
    tasks: ClassVar = ("style-from-picture",)
    code: ClassVar = "nodeflow.models.transform.styles:open_any"

    kind: Literal["any-style"]


class Upscale(Settings):
    """A picture some times larger, in tiles of so many pixels that overlap by so many."""

    roles: ClassVar = ("upscale",)
    tasks: ClassVar = ("upscale",)
    code: ClassVar = "nodeflow.models.transform.upscale:open_upscale"

    kind: Literal["upscale"]
    factor: Annotated[int, Field(ge=2, le=8)]
    tile: Annotated[int, Field(ge=64, le=2048)] = 256
    overlap: Annotated[int, Field(ge=1, le=24)] = 12


class Gan(Settings):
    """Numbers of a family, so many of them, become a picture."""

    roles: ClassVar = ("generator",)
    tasks: ClassVar = ("picture-generator",)
    code: ClassVar = "nodeflow.models.generate.gan:open_generator"

    kind: Literal["gan"]
    family: Text
    length: Annotated[int, Field(ge=1, le=65536)]


class KindGan(Settings):
    """A latent of so many numbers, how much of each of ImageNet's 1000 kinds, and a truncation become a picture.

    `family` names the vectors that hold all three.
    """

    roles: ClassVar = ("generator",)
    tasks: ClassVar = ("kind-generator",)
    code: ClassVar = "nodeflow.models.generate.kind_gan:open_generator"

    kind: Literal["kind-gan"]
    family: Text
    latent: Annotated[int, Field(ge=1, le=4096)] = 128
