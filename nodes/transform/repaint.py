"""Pictures painted anew: holes filled, colours for grey ones, pictures of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, ModelRef, Params, model, node, number, slider
from nodeflow.values import Image, Mask
from nodes.masks.masks import placed

if TYPE_CHECKING:
    from nodeflow.models.transform import ColorModel, InpaintModel, TranslateModel


@node("transform.inpaint", category="Transform", title="Fill in", time_limit=300)
class Inpaint:
    """Take something out of a picture, and paint what fits where it was.

    The mask says what to take out. What is painted is likely, not true.
    """

    class Setup(Params):
        model: ModelRef = model(task="inpaint", default="lama", doc="Slow on a CPU: for single pictures")

    class Live(Params):
        grow: int = number(
            8, 0, 200, unit="px", doc="How far beyond the mask: what it cuts too close would shine through"
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: InpaintModel = open_for(ctx, "inpaint", setup.model)

    def run(self, image: Image, mask: Mask, live: Live) -> Image:
        return self._model(image, grown(placed(mask, image), live.grow))

    def close(self) -> None:
        self._model.close()


def grown(weight: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """1 where the weight is at least a half and up to `reach` pixels around, 0 elsewhere, with a soft edge inside of
    what was grown."""
    import cv2

    held = (weight >= 0.5).astype(np.float32)
    if not reach or not held.any():
        return held
    near = cv2.distanceTransform((held == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    soft = np.clip((np.float32(reach) + np.float32(1) - near) / max(1.0, min(4.0, reach / 2)), 0, 1)
    return np.asarray(np.maximum(held, soft), np.float32)


@node("transform.colorize", category="Transform", title="Colorize", time_limit=300)
class Colorize:
    """Give a grey picture colours. They are likely, not true."""

    class Setup(Params):
        model: ModelRef = model(task="colour", default="ddcolor-tiny", doc="It knows what things mostly look like")

    class Live(Params):
        strength: float = slider(1.0, 0, 2, doc="0 is grey, 1 as the model says, 2 gaudy")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: ColorModel = open_for(ctx, "colour", setup.model)

    def run(self, image: Image, live: Live) -> Image:
        return self._model(image, strength=live.strength)

    def close(self) -> None:
        self._model.close()


@node("transform.translate", category="Transform", title="Picture to picture", time_limit=120)
class Translate:
    """Make a picture of one kind of a picture of another: a photograph of a drawing, say.

    The default makes old prints of photographs. What goes in must look like what the model was trained on: photographs
    for that one, black outlines on white for pix2pix-edges2shoes.
    """

    class Setup(Params):
        model: ModelRef = model(
            task="picture-to-picture", default="cyclegan-vintage", doc="What it makes of what is on its card"
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: TranslateModel = open_for(ctx, "picture-to-picture", setup.model)

    def run(self, image: Image) -> Image:
        return self._model(image)

    def close(self) -> None:
        self._model.close()
