"""Pictures made better."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from nodeflow.node import Context, ModelRef, Params, model, node, slider
from nodeflow.values import Image, Number
from nodes.image.noise import noise_in

if TYPE_CHECKING:
    from nodeflow.models.transform import DenoiseModel, RetouchModel


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


class Clean(NamedTuple):
    image: Image
    noise: Number


@node("transform.denoise", category="Transform", title="Denoise", time_limit=300)
class Denoise:
    """Take grain out of a picture, as of a camera in the dark.

    Noise says how strong it was taken to be, in levels of 255.
    """

    class Setup(Params):
        model: ModelRef = model(task="denoise", default="ffdnet", doc="What kind of noise it knows is on its card")

    class Live(Params):
        noise: float = slider(0.0, 0, 75, doc="How strong it is, in levels of 255; 0 measures it")
        strength: float = slider(1.0, 0, 1, doc="0 keeps the picture as it is")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: DenoiseModel = open_for(ctx, "denoise", setup.model)

    def run(self, image: Image, live: Live) -> Clean:
        noise = live.noise or noise_in(image.array)
        return Clean(_by(partial(self._model, noise=noise), image, live.strength), Number(noise))

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


def _by(model: Callable[[Image], Image], image: Image, strength: float) -> Image:
    """What the model makes of the picture, mixed with the picture itself."""
    import cv2
    import numpy as np

    if not strength:
        return image
    made = model(image).array
    if strength < 1:
        made = np.asarray(cv2.addWeighted(made, strength, image.array, 1 - strength, 0), np.uint8)
    return image.replaced(made)
