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
        import cv2
        import numpy as np

        if not live.strength:
            return image
        made = self._model(image).array
        mixed = cv2.addWeighted(made, live.strength, image.array, 1 - live.strength, 0)
        return image.replaced(np.asarray(mixed, np.uint8))

    def close(self) -> None:
        self._model.close()
