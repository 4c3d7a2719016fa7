"""Pictures made better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, Params, model, node, slider
from nodeflow.values import Image

if TYPE_CHECKING:
    from nodeflow.models.transform import RetouchModel


@node("transform.deblur", category="Transform", title="Deblur", time_limit=300)
class Deblur:
    """Sharpen a picture that was shaken or moved while it was taken. The detail is likely, not true."""

    class Setup(Params):
        model: ModelRef = model(task="deblur", default="nafnet-deblur", doc="What kind of blur it knows is on its card")

    class Live(Params):
        strength: float = slider(1.0, 0, 1, doc="0 keeps the picture as it is")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: RetouchModel = open_for(ctx, "deblur", setup.model)

    def run(self, image: Image, live: Live) -> Image:
        return _by(self._model, image, live.strength)

    def close(self) -> None:
        self._model.close()


@node("transform.light", category="Transform", title="Light up", time_limit=120)
class LightUp:
    """Make what is too dark to see visible, and leave what is light enough. Noise in the dark shows, too."""

    class Setup(Params):
        model: ModelRef = model(task="low-light", default="sci-difficult", doc="How dark a picture it is for")

    class Live(Params):
        strength: float = slider(1.0, 0, 1, doc="0 keeps the picture as it is")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: RetouchModel = open_for(ctx, "low-light", setup.model)

    def run(self, image: Image, live: Live) -> Image:
        return _by(self._model, image, live.strength)

    def close(self) -> None:
        self._model.close()


def _by(model: RetouchModel, image: Image, strength: float) -> Image:
    """What the model makes of the picture, mixed with the picture itself."""
    import cv2
    import numpy as np

    if not strength:
        return image
    made = model(image).array
    if strength < 1:
        made = np.asarray(cv2.addWeighted(made, strength, image.array, 1 - strength, 0), np.uint8)
    return image.replaced(made)
