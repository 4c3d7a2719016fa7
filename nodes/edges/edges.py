"""The outlines of what a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.node import Context, ModelRef, Params, model, node, number, slider
from nodeflow.values import Image, Mask

if TYPE_CHECKING:
    from nodeflow.models.edges import EdgeModel


@node("edges.find", category="Find/Edges and depth", title="Edges", time_limit=120)
class Edges:
    """Draw the outlines of things, as people would, not every change of brightness.

    The first use of a model fetches it.
    """

    class Setup(Params):
        model: ModelRef = model(task="edges", default="hed", doc="HED takes any size, others have one of their own")

    class Live(Params):
        longest: int = number(320, 64, 2048, unit="px", doc="Larger pictures are shrunk first: time grows with size")
        least: float = slider(0.0, 0, 1, doc="Leave out edges the model is less sure of")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: EdgeModel = open_for(ctx, "edges", setup.model)

    def run(self, image: Image, live: Live) -> Mask:
        edges = self._model(image, longest=live.longest)
        if not live.least:
            return edges
        return Mask(np.where(edges.weight >= live.least, edges.weight, np.float32(0)), edges.frame)

    def close(self) -> None:
        self._model.close()
