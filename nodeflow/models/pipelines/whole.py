"""Settings of pipelines that see a picture as a whole and give something for each of its pixels (see `pipelines`).

Importing this module imports pydantic: import it inside functions.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.pipelines.settings import Length, Settings
from nodeflow.models.sources import Strict, Text

Level = float | tuple[float, float, float]


class Whole(Strict):
    """How a network is shown a whole picture: 1 x 3 x rows x columns (`layout` may turn that round), each level times
    `scale` plus `shift`.

    A network that fixes its own size is shown pictures at that size, one that does not at `size` (width, height), or
    else at the size asked for with sides that are whole numbers of `step`. `scale` and `shift` may differ by channel,
    in the order of `channels`.
    """

    size: tuple[Length, Length] | None = None
    step: Annotated[int, Field(ge=1, le=128)] = 1
    scale: Level = 1 / 255
    shift: Level = 0.0
    channels: Literal["rgb", "bgr"] = "rgb"
    layout: Literal["nchw", "nhwc"] = "nchw"


class Edges(Settings):
    """How likely each pixel is an edge: the output of this name, or the network's last one."""

    roles: ClassVar = ("edges",)
    tasks: ClassVar = ("edges",)
    code: ClassVar = "nodeflow.models.edges.network:open_edges"

    kind: Literal["edges"]
    shown: Whole = Whole()
    output: Text | None = None
    give: Literal["likelihoods", "logits"] = "likelihoods"


class Depth(Settings):
    """How near each pixel is, in numbers that mean something only beside one another."""

    roles: ClassVar = ("depth",)
    tasks: ClassVar = ("depth",)
    code: ClassVar = "nodeflow.models.depth.network:open_depth"

    kind: Literal["depth"]
    shown: Whole = Whole()
    near: Literal["large", "small"] = "large"


class Segments(Settings):
    """One score for each class and pixel: the output of this name, or the network's first one. The first class is what
    belongs to none."""

    roles: ClassVar = ("segments",)
    tasks: ClassVar = ("segments",)
    code: ClassVar = "nodeflow.models.masks.segments:open_segments"

    kind: Literal["segments"]
    shown: Whole = Whole()
    output: Text | None = None
    names: Annotated[tuple[Text, ...], Field(min_length=2, max_length=1000)]


class EfficientSam(Settings):
    """A mask of what is pointed at, by points and a box: at most so many points in all, of which a box takes two."""

    roles: ClassVar = ("masks",)
    tasks: ClassVar = ("prompted-mask",)
    code: ClassVar = "nodeflow.models.masks.prompted:open_prompted"

    kind: Literal["efficient-sam"]
    shown: Whole = Whole(size=(1024, 1024))
    points: Annotated[int, Field(ge=2, le=64)] = 6


class Retouch(Settings):
    """A picture made better, of the same size, levels 0 to 1: in tiles of so many pixels that overlap by so many.

    A network that fixes its own size is given tiles of that size.
    """

    roles: ClassVar = ("retouch",)
    tasks: ClassVar = ("deblur", "low-light")
    code: ClassVar = "nodeflow.models.transform.retouch:open_retouch"

    kind: Literal["retouch"]
    tile: Annotated[int, Field(ge=64, le=4096)] = 512
    overlap: Annotated[int, Field(ge=1, le=64)] = 16
    step: Annotated[int, Field(ge=1, le=64)] = 1


class Denoise(Settings):
    """A picture with less noise, of the same size, levels 0 to 1, by a network that is told how strong the noise is, up
    to `most` levels of 255: in tiles of so many pixels that overlap by so many."""

    roles: ClassVar = ("denoiser",)
    tasks: ClassVar = ("denoise",)
    code: ClassVar = "nodeflow.models.transform.denoise:open_denoise"

    kind: Literal["denoise"]
    tile: Annotated[int, Field(ge=128, le=4096)] = 512
    overlap: Annotated[int, Field(ge=1, le=48)] = 32
    step: Annotated[int, Field(ge=1, le=64)] = 1
    most: Annotated[float, Field(gt=0, le=255)] = 75


class Inpaint(Settings):
    """What a mask holds, painted anew to fit what lies around it. The network takes "image", levels 0 to 1, and "mask",
    1 where there is a hole; it gives levels of 0 to `white`."""

    roles: ClassVar = ("painter",)
    tasks: ClassVar = ("inpaint",)
    code: ClassVar = "nodeflow.models.transform.inpaint:open_inpaint"

    kind: Literal["inpaint"]
    size: tuple[Length, Length] = (512, 512)
    white: Annotated[float, Field(gt=0, le=255)] = 255.0


class Colors(Settings):
    """Colours for a grey picture: it is shown the lightness as grey, and gives a and b of CIE Lab."""

    roles: ClassVar = ("painter",)
    tasks: ClassVar = ("colour",)
    code: ClassVar = "nodeflow.models.transform.colors:open_colors"

    kind: Literal["colors"]
    size: tuple[Length, Length] = (512, 512)


class PictureToPicture(Settings):
    """A picture of one kind becomes one of another, levels `darkest` to 1. A network that takes any size is shown
    pictures whose longer side has `longest` pixels at most."""

    roles: ClassVar = ("painter",)
    tasks: ClassVar = ("picture-to-picture",)
    code: ClassVar = "nodeflow.models.transform.translate:open_translate"

    kind: Literal["picture-to-picture"]
    shown: Whole = Whole()
    darkest: Literal[-1, 0] = 0
    longest: Annotated[int, Field(ge=64, le=4096)] = 4096
