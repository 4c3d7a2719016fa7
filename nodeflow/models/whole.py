"""Showing a network a whole picture, and reading what it says of each pixel.

    whole = WholeReader(network, settings.shown)
    shown = whole.sized(image, longest=512)             # the picture at a size that the network takes
    (made,) = network.run({whole.name: whole.levels(shown)})
    weight = plane(made, shown)                         # rows x columns

One reader belongs to one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.runtime import OnnxModel
from nodeflow.values import Image

if TYPE_CHECKING:
    from nodeflow.models.pipelines.whole import Whole

Floats = NDArray[np.float32]
Layout = Literal["nchw", "nhwc"]
"""Whether a picture's channels come before or after its rows and columns."""


class WholeReader:
    """Makes inputs of pictures. `name` is that of the input, the network's first unless another is given."""

    def __init__(self, network: OnnxModel, settings: Whole, name: str | None = None) -> None:
        self.name = name or next(iter(network.inputs))
        self._last = settings.layout == "nhwc"
        self._size = fixed_size(network, self.name, settings.layout) or settings.size
        self._step = settings.step
        self._bgr = settings.channels == "bgr"
        self._scale, self._shift = (
            np.broadcast_to(np.asarray(each, np.float32), 3).reshape(3, 1, 1)
            for each in (settings.scale, settings.shift)
        )

    def sized(self, image: Image, longest: int) -> Image:
        """The picture at the network's size; where that is open, shrunk until its longer side has `longest` pixels."""
        if self._size is None:
            return at_most(image, longest, self._step)
        return image if image.frame.size == self._size else image.resized(*self._size)

    def levels(self, shown: Image) -> Floats:
        """float32 1 x 3 x rows x columns, or with the channels last where the network takes them so."""
        pixels = shown.array[..., ::-1] if self._bgr else shown.array
        made = np.empty((1, 3, shown.height, shown.width), np.float32)
        np.multiply(pixels.transpose(2, 0, 1), self._scale, out=made[0])
        made += self._shift
        return np.ascontiguousarray(made.transpose(0, 2, 3, 1)) if self._last else made

    def planes(self, made: Any) -> Floats:
        """What the network gives for each pixel, planes x rows x columns, whichever way round it has them. Raises
        BadModel."""
        if self._last and np.ndim(made) == 4:
            made = np.moveaxis(made, -1, 1)
        return planes(made)


def at_most(image: Image, longest: int, step: int = 1) -> Image:
    """`image`, shrunk until its longer side has `longest` pixels, its sides whole numbers of `step`."""
    scale = min(1.0, longest / max(image.frame.size))
    width, height = (max(step, round(side * scale / step) * step) for side in image.frame.size)
    return image if (width, height) == image.frame.size else image.resized(width, height)


def fixed_size(network: OnnxModel, name: str, layout: Layout = "nchw") -> tuple[int, int] | None:
    """Width and height of an input that holds a picture, where the file fixes both."""
    shape = network.inputs[name]
    if len(shape) != 4:
        return None
    height, width = shape[2:] if layout == "nchw" else shape[1:3]
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None


def plane(made: Any, shown: Image) -> Floats:
    """The one number for each pixel of `shown`, rows x columns. Raises BadModel if there are more or fewer."""
    numbers = np.asarray(made, np.float32)
    if numbers.size != shown.width * shown.height:
        raise BadModel(f"the network gives {numbers.shape} for {shown.width}x{shown.height} pixels; correct the card")
    return numbers.reshape(shown.height, shown.width)


def planes(made: Any) -> Floats:
    """What a network gives for each pixel, as planes x rows x columns, of 1 x rows x columns or 1 x planes x rows x
    columns. Raises BadModel for anything else."""
    numbers = np.asarray(made, np.float32)
    if numbers.ndim not in (3, 4) or numbers.shape[0] != 1 or 0 in numbers.shape:
        raise BadModel(f"the network gives {numbers.shape}, which is no map of one picture; correct the card")
    return numbers.reshape(-1, *numbers.shape[-2:])
