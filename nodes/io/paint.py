"""Pictures that a person paints."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nodeflow.node import Drawing, Layer, NodeError, Params, color, drawing, node, number, slider, toggle
from nodeflow.values import Color, Image, Mask


class Painted(NamedTuple):
    image: Image
    mask: Mask


@node("io.paint", category="Input", title="Paint", pure=True, words="draw sketch canvas brush mask by hand")
class Paint:
    """A picture that you paint in the viewer: a plan for a model, a sketch, a mask.

    Select it, and draw where it is shown. With a picture wired in, you paint on that, and it decides the size. The mask
    holds what is painted.
    """

    class Live(Params):
        width: int = number(512, 16, 4096, unit="px", doc="Of the paper; a wired picture decides in its place")
        height: int = number(512, 16, 4096, unit="px", doc="Of the paper; a wired picture decides in its place")
        background: str = color("#ffffff", doc="The paper, where nothing is painted and no picture is wired")
        smooth: bool = toggle(False, doc="Soft edges, for sketches. Plans need each pixel to have a colour as it is")
        opacity: float = slider(1.0, 0, 1, doc="How much the paint hides in image; the mask is whole in any case")
        drawing: Any = drawing(doc="What was painted: draw in the viewer")

    def open(self) -> None:
        self._layer: Layer | None = None

    def run(self, image: Image | None = None, *, live: Live) -> Painted:
        width, height = image.frame.size if image is not None else (live.width, live.height)
        layer = self._layer
        if layer is None or (layer.width, layer.height, layer.smooth) != (width, height, live.smooth):
            layer = self._layer = Layer(width, height, live.smooth)
        try:
            layer.show(Drawing.read(live.drawing))
        except ValueError as error:
            raise NodeError(f"The drawing cannot be painted: {error}.", "Make it smaller, or begin anew.") from error
        if image is None:
            ink = Color.parse(live.background)
            paper = np.full((height, width, 3), (ink.red, ink.green, ink.blue), np.uint8)
            made = Image(layer.over(paper, live.opacity))
        else:
            made = image.replaced(layer.over(image.array, live.opacity))
        return Painted(made, Mask(layer.coverage.astype(np.float32) / np.float32(255), made.frame))
