"""How near the things in a picture are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, ModelRef, Params, choice, model, node, number
from nodeflow.values import Image, Mask, Tensor

if TYPE_CHECKING:
    from nodeflow.models.depth import DepthModel


class Depth(NamedTuple):
    picture: Image
    near: Mask
    values: Tensor


@node("depth.find", category="Find/Edges and depth", title="Depth", time_limit=120)
class FindDepth:
    """Tell near from far, pixel by pixel, in a single picture. The first use of a model fetches it.

    Picture shows it, near is 1 for the nearest and 0 for the furthest pixel, values are the model's own numbers. They
    have no unit, and change from picture to picture.
    """

    class Setup(Params):
        model: ModelRef = model(task="depth", default="depth-anything-v2-small", doc="It guesses, as one eye does")

    class Live(Params):
        longest: int = number(518, 64, 2048, unit="px", doc="Larger pictures are shrunk first: time grows with size")
        palette: Literal["heat", "grey"] = choice("heat", doc="Of the picture: yellow is near, or white is")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: DepthModel = open_for(ctx, "depth", setup.model)

    def run(self, image: Image, live: Live) -> Depth:
        found = self._model(image, longest=live.longest)
        near = spread(found.values)
        picture = Image(shown(near, live.palette == "grey"), found.frame)
        return Depth(picture, Mask(near, found.frame), Tensor(found.values, ("rows", "columns")))

    def close(self) -> None:
        self._model.close()


def spread(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The numbers from 0, the least, to 1, the largest. A plane is 0; what is no number, too."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    least, most = float(values.min()), float(values.max())
    if most <= least:
        return np.zeros_like(values)
    return np.asarray(np.clip((values - np.float32(least)) / np.float32(most - least), 0, 1), np.float32)


def shown(near: NDArray[np.float32], grey: bool) -> NDArray[np.uint8]:
    """Weights of 0 to 1 as RGB, uint8 HxWx3: grey, or from dark blue to yellow."""
    import cv2

    levels = (near * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    bgr = cv2.cvtColor(levels, cv2.COLOR_GRAY2BGR) if grey else cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)
    return np.ascontiguousarray(np.asarray(bgr, np.uint8)[..., ::-1])
