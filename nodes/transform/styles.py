"""Styles, and larger pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, Params, model, node, number, slider
from nodeflow.values import Image

if TYPE_CHECKING:
    from nodeflow.models.transform import PictureStyleModel, StyleModel, UpscaleModel


@node("transform.style", category="Transform", title="Style", time_limit=120)
class Style:
    """Paint a picture in one of the styles that the model knows, or between two of them.

    Styles have numbers, no names. Blend leads from the first style to the second.
    """

    class Setup(Params):
        model: ModelRef = model(task="style", default="multistyle26", doc="How many styles it has is on its card")

    class Live(Params):
        style: int = number(19, 0, 25, doc="The first style")
        second: int = number(7, 0, 25, doc="The second style")
        blend: float = slider(0.0, 0, 1, doc="0 is the first style, 1 the second")
        longest: int = number(512, 64, 2048, unit="px", doc="Larger pictures are shrunk first: time grows with size")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: StyleModel = open_for(ctx, "style", setup.model)

    def run(self, image: Image, live: Live) -> Image:
        last = self._model.styles - 1
        blend = {min(live.second, last): live.blend}
        first = min(live.style, last)
        blend[first] = blend.get(first, 0.0) + 1 - live.blend
        return self._model(image, blend, longest=live.longest)

    def close(self) -> None:
        self._model.close()


@node("transform.style_from", category="Transform", title="Style of a picture", time_limit=120)
class StyleFrom:
    """Paint a picture in the style of another one, of a painting say."""

    class Setup(Params):
        model: ModelRef = model(task="style-from-picture", default="arbitrary-style", doc="It has a size of its own")

    class Live(Params):
        strength: float = slider(1.0, 0, 1, doc="0 keeps the picture's own style")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: PictureStyleModel = open_for(ctx, "style-from-picture", setup.model)

    def run(self, image: Image, style: Image, live: Live) -> Image:
        return self._model(image, style, strength=live.strength)

    def close(self) -> None:
        self._model.close()


@node("transform.upscale", category="Transform", title="Upscale", time_limit=600)
class Upscale:
    """Make a picture larger, with more detail than resizing gives.

    The detail is invented: likely, not true.
    """

    class Setup(Params):
        model: ModelRef = model(task="upscale", default="esrgan-slim-x2", doc="x2 or x4 as large")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: UpscaleModel = open_for(ctx, "upscale", setup.model)

    def run(self, image: Image) -> Image:
        return self._model(image)

    def close(self) -> None:
        self._model.close()
