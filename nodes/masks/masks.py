"""Masks: who is in front, and what to do with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, ModelRef, NodeError, Params, Slider, Widget, model, node
from nodeflow.values import Color, Image, Mask
from nodes.same_source import require_same_source

if TYPE_CHECKING:
    from nodeflow.models.masks import MaskModel

Floats = NDArray[np.float32]


@node("masks.person", category="Find/Masks", title="Person mask")
class PersonMask:
    """Tell people from the background, pixel by pixel. The first use of a model fetches it."""

    class Setup(Params):
        model: ModelRef = model(task="person-mask", default="selfie", doc="For people near the camera")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: MaskModel = open_for(ctx, "person-mask", setup.model)

    def run(self, image: Image) -> Mask:
        return self._model(image)

    def close(self) -> None:
        self._model.close()


@node(
    "masks.background",
    category="Image",
    title="Background",
    parallel=True,
    words="remove replace green screen virtual background blur bokeh composite key matte",
)
def background(
    image: Image,
    mask: Mask,
    picture: Image | None = None,
    behind: Annotated[
        Literal["auto", "blur", "color", "picture"],
        Widget(doc="What takes the place of what the mask leaves out; auto: the picture, or blur where none is wired"),
    ] = "auto",
    radius: Annotated[float, Slider(1, 60, unit="px", doc="Of the blur")] = 12.0,
    color: Annotated[str, Widget("color", doc="Where behind is color")] = "#1e7a3c",
    edge: Annotated[float, Slider(0, 1, doc="How soft the edge is; 0 cuts sharply at one half")] = 0.4,
    invert: Annotated[bool, Widget(doc="Change what the mask holds instead", essential=False)] = False,
) -> Image:
    """Put something else behind whatever a mask holds: a blurred background, a colour or another picture."""
    weight = placed(mask, image)
    weight = sharpened(1 - weight if invert else weight, edge)
    return image.replaced(mixed(image.array, _behind(image, picture, behind, radius, color), weight))


@node("draw.mask", category="Draw", title="Draw mask", parallel=True, words="overlay segmentation tint colour")
def draw_mask(
    image: Image,
    mask: Mask,
    color: Annotated[str, Widget("color", doc="Of what the mask holds")] = "#54beff",
    opacity: Annotated[float, Slider(0, 1, doc="How much of the colour")] = 0.5,
) -> Image:
    """Colour what a mask holds."""
    ink = np.empty_like(image.array)
    ink[:] = _rgb(color)
    return image.replaced(mixed(ink, image.array, placed(mask, image) * np.float32(opacity)))


def placed(mask: Mask, image: Image) -> Floats:
    """The weights of `mask` for each pixel of `image`, float32 HxW; 0 where the mask does not reach.

    Raises NodeError where they stem from pictures of different sizes.
    """
    import cv2

    require_same_source(mask.frame, image, "The mask was")
    if mask.frame == image.frame:
        return mask.weight
    a, b, c, d, e, f = image.frame.to(mask.frame)
    # OpenCV counts from pixel centres, frames from the picture's edge.
    matrix = np.array(((a, b, (a + b) / 2 + c - 0.5), (d, e, (d + e) / 2 + f - 0.5)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    inside = abs(a) * image.width <= mask.frame.width + 1e-3 and abs(e) * image.height <= mask.frame.height + 1e-3
    border = cv2.BORDER_REPLICATE if inside else cv2.BORDER_CONSTANT
    return np.asarray(cv2.warpAffine(mask.weight, matrix, image.frame.size, flags=flags, borderMode=border), np.float32)


def sharpened(weight: Floats, edge: float) -> Floats:
    """Weights whose way from 0 to 1 takes `edge` of the range, about one half."""
    if edge >= 1:
        return weight
    steep = np.clip((weight - 0.5) / max(edge, 1e-3) + 0.5, 0, 1)
    return np.asarray(steep * steep * (3 - 2 * steep), np.float32)


def mixed(front: NDArray[np.uint8], back: NDArray[np.uint8], weight: Floats) -> NDArray[np.uint8]:
    """`front` where the weight is 1, `back` where it is 0, uint8 HxWx3."""
    import cv2

    return np.asarray(cv2.blendLinear(front, back, weight, np.float32(1) - weight), np.uint8)


def _behind(image: Image, picture: Image | None, behind: str, radius: float, color: str) -> NDArray[np.uint8]:
    import cv2

    if behind == "picture" or (behind == "auto" and picture is not None):
        if picture is None:
            raise NodeError("There is no picture to put behind.", "Wire one into picture, or choose blur or color.")
        return covering(picture, image.width, image.height)
    if behind == "color":
        plain = np.empty_like(image.array)
        plain[:] = _rgb(color)
        return plain
    # A wide blur is made on a smaller picture: it looks the same and takes a fraction of the time.
    step = max(1, int(radius / 4))
    small = cv2.resize(image.array, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), radius / step)
    return np.asarray(cv2.resize(soft, image.frame.size, interpolation=cv2.INTER_LINEAR), np.uint8)


def covering(picture: Image, width: int, height: int) -> NDArray[np.uint8]:
    """The middle of a picture, scaled so that it fills `width` x `height` without being stretched."""
    scale = max(width / picture.width, height / picture.height)
    wide, high = max(width, round(picture.width * scale)), max(height, round(picture.height * scale))
    grown = picture.resized(wide, high).array
    left, top = (wide - width) // 2, (high - height) // 2
    return grown[top : top + height, left : left + width]


def _rgb(color: str) -> tuple[int, int, int]:
    ink = Color.parse(color)
    return ink.red, ink.green, ink.blue
