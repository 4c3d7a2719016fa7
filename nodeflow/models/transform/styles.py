"""Style transfer: one network with many styles, and one that takes any picture for a style.

The first has a set of normalisation weights for each style and blends them (Dumoulin et al., "A Learned Representation
for Artistic Style", 2017). The second reads a picture's style as 100 numbers, with which the painting network
normalises; mixing the numbers of two pictures mixes their styles (Ghiasi et al., "Exploring the structure of a
real-time, arbitrary neural artistic stylization network", 2017). Use one instance per thread.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats, levels, pixels
from nodeflow.models.whole import at_most, fixed_size
from nodeflow.values import Image

_STEP = 4
"""The network halves the picture twice."""


def open_many(parts: Parts) -> ManyStyles:
    return ManyStyles(parts.networks["style"])


def open_any(parts: Parts) -> AnyStyle:
    return AnyStyle(parts.networks["reader"], parts.networks["painter"])


class ManyStyles:
    """A `StyleModel`. Its network takes "image", 1x3xHxW, 0..1, and one weight for each style."""

    def __init__(self, network: OnnxModel) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        shapes = list(network.inputs.values())
        if len(shapes) != 2 or len(shapes[1]) != 1 or not isinstance(shapes[1][0], int):
            raise BadModel(f"the network takes {shapes}, not a picture and a weight for each style; correct the card")
        self._image, self._weights = network.inputs
        self.styles = shapes[1][0]

    def __call__(self, image: Image, blend: Mapping[int, float], *, longest: int) -> Image:
        """The picture in a blend of styles. Raises BadModel, ValueError."""
        shown = at_most(image, longest, _STEP)
        feeds = {
            self._image: np.ascontiguousarray(levels(shown).transpose(0, 3, 1, 2)),
            self._weights: self._blended(blend),
        }
        (made,) = self._network.run(feeds)
        return Image(pixels(made[0].transpose(1, 2, 0)), shown.frame)

    def _blended(self, blend: Mapping[int, float]) -> Floats:
        weights = np.zeros(self.styles, np.float32)
        for style, weight in blend.items():
            if not 0 <= style < self.styles:
                raise ValueError(f"there is no style {style}: there are 0 to {self.styles - 1}")
            if not weight >= 0:
                raise ValueError(f"style {style} has the weight {weight}, which is not 0 or more")
            weights[style] += weight
        if not weights.sum() > 0:
            raise ValueError("no style has any weight")
        shares: Floats = weights / weights.sum()
        return shares

    def close(self) -> None:
        """Let the session go."""
        del self._network


class AnyStyle:
    """A `PictureStyleModel`. The style of a picture that comes again is not read again."""

    def __init__(self, reader: OnnxModel, painter: OnnxModel) -> None:
        self.provider = painter.provider
        self.device = painter.device
        self._reader, self._painter = reader, painter
        if (len(reader.inputs), len(painter.inputs)) != (1, 2):
            raise BadModel("the reader must take a picture, the painter a picture and its style; correct the card")
        (self._style_in,) = reader.inputs
        self._content_in, self._numbers_in = painter.inputs
        self._style_size = _size(reader, self._style_in)
        self._content_size = _size(painter, self._content_in)
        self._last: tuple[Image, Floats] | None = None

    def __call__(self, image: Image, style: Image, *, strength: float) -> Image:
        """The picture in the style of `style`, at the network's own size. Raises BadModel."""
        if self._last is None or self._last[0] is not style:
            self._last = style, self._read(style)
        numbers = self._last[1]
        if strength < 1:
            numbers = numbers * np.float32(strength) + self._read(image) * np.float32(1 - strength)
        shown = image.resized(*self._content_size)
        (made,) = self._painter.run({self._content_in: levels(shown), self._numbers_in: numbers})
        return Image(pixels(made[0]), shown.frame)

    def _read(self, image: Image) -> Floats:
        """The style of a picture, float32 1x1x1x100."""
        (numbers,) = self._reader.run({self._style_in: levels(image.resized(*self._style_size))})
        return np.asarray(numbers, np.float32)

    def close(self) -> None:
        """Let the sessions go."""
        del self._reader, self._painter
        self._last = None


def _size(network: OnnxModel, name: str) -> tuple[int, int]:
    """Width and height of an input 1xHxWx3. Raises BadModel where the file leaves them open."""
    size = fixed_size(network, name, "nhwc")
    if size is None:
        raise BadModel(f"{network.path.name} takes {network.inputs[name]}, not a picture of one size; correct the card")
    return size
