"""A network's look at one square of a picture, from pixels to outputs, on the host or on a device.

    look = look_for(network, Sight(size=256, sampling="extended", scale=1 / 255))
    outputs, affine = look(image, square)       # arrays, and the affine from the square to the picture

Who wants little of large outputs says so with a `Reading`, which is then done where the network runs.

A network on the CPU gets its square cut by OpenCV from `image.array`. One on a GPU gets it cut by torch from
`image.tensor(device)`: the picture is uploaded at most once, and only the outputs come to the host. Both see the same
square to a level of 255. A look keeps buffers: for one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import cv2
import numpy as np

from nodeflow.models.round_trip import WHOLE, Reading
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Overlap, Square, StretchedReader, TurnedReader, UprightReader, scaled
from nodeflow.values import Affine, Image, device_pixels
from nodeflow.values.device import download

if TYPE_CHECKING:
    import torch


Levels = float | tuple[float, ...]
"""One number for all channels, or one for each."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a network wants to be shown: 1 x size x size x channels, each level times `scale` plus `shift`, as `dtype`.

    "upright" squares are averaged (see `UprightReader`), "turned" and "extended" ones are sampled bilinearly, black
    outside of the picture or with its edge going on (see `TurnedReader`). "stretched" shows the whole picture, whatever
    the square: there the input may be `height` high. `scale` and `shift` may differ by channel, in the order of
    `channels`. "nchw" puts the channels first.
    """

    size: int
    sampling: Literal["upright", "turned", "extended", "stretched"]
    scale: Levels = 1.0
    shift: Levels = 0.0
    dtype: Literal["float32", "int32"] = "float32"
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    layout: Literal["nhwc", "nchw"] = "nhwc"
    height: int | None = None

    @property
    def rows(self) -> int:
        """How high the input is."""
        return self.height or self.size

    @classmethod
    def normalised(
        cls, size: int, mean: tuple[float, ...], std: tuple[float, ...], layout: Literal["nhwc", "nchw"] = "nchw"
    ) -> Sight:
        """An upright square, RGB, less `mean`, divided by `std`; both in levels of 255."""
        shift = tuple(-m / s for m, s in zip(mean, std, strict=True))
        return cls(size, "upright", tuple(1 / s for s in std), shift, layout=layout)


class Look(Protocol):
    """Shows a network a square of an image. `Square` and affine count as the sight's reader does."""

    def __call__(self, image: Image, square: Square) -> tuple[Sequence[Any], Affine]:
        """What is read of the network's outputs as arrays, which are valid until the next look, and the affine from its
        square to the picture. Raises BadModel."""
        ...


class Looks(Protocol):
    """How a network comes to look: `look_for`, or one of the two by name."""

    def __call__(
        self, network: OnnxModel, sight: Sight, outputs: Sequence[str] | None = None, reading: Reading = WHOLE
    ) -> Look:
        """`outputs` names those that are read, None is all."""
        ...


def look_for(network: OnnxModel, sight: Sight, outputs: Sequence[str] | None = None, reading: Reading = WHOLE) -> Look:
    """The look that suits where the network runs."""
    return (HostLook if network.device == "cpu" else DeviceLook)(network, sight, outputs, reading)


class HostLook:
    """Cuts with OpenCV, in the host's memory."""

    def __init__(
        self, network: OnnxModel, sight: Sight, outputs: Sequence[str] | None = None, reading: Reading = WHOLE
    ) -> None:
        self._reader = _reader(sight)
        self._scale, self._shift = np.asarray(sight.scale, np.float32), np.asarray(sight.shift, np.float32)
        self._plain = (sight.scale, sight.shift) == (1.0, 0.0)
        self._channels = sight.channels
        deep = 1 if sight.channels == "grey" else 3
        first = sight.layout == "nchw"
        rows, columns = sight.rows, sight.size
        self._input = np.zeros((1, deep, rows, columns) if first else (1, rows, columns, deep), sight.dtype)
        self._levels = self._input[0].transpose(1, 2, 0) if first else self._input[0]
        """The input as rows of pixels: what is written here stands in the input."""
        self._run = network.bound({next(iter(network.inputs)): self._input}, outputs)
        self._reading = reading

    def __call__(self, image: Image, square: Square) -> tuple[Sequence[Any], Affine]:
        pixels, affine = self._reader.read(image.array, square)
        if self._channels == "bgr":
            pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
        elif self._channels == "grey":
            pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)[..., None]
        if self._plain:
            np.copyto(self._levels, pixels)
        else:
            scaled(pixels, self._scale, self._shift, self._levels)
        return self._reading.on_host(self._run()), affine


def _reader(sight: Sight) -> UprightReader | TurnedReader | StretchedReader:
    if sight.sampling == "upright":
        return UprightReader(sight.size)
    if sight.sampling == "stretched":
        return StretchedReader(sight.size, sight.rows)
    return TurnedReader(sight.size, extend=sight.sampling == "extended")


class DeviceLook:
    """Cuts with torch on the network's device; the host waits once, for the outputs.

    Turned squares differ by six numbers, from frame to frame: they are cut as part of a round trip.
    """

    def __init__(
        self, network: OnnxModel, sight: Sight, outputs: Sequence[str] | None = None, reading: Reading = WHOLE
    ) -> None:
        self._sight = sight
        self._network, self._outputs, self._reading = network, outputs, reading
        self._name = next(iter(network.inputs))
        self._trip = network.round_trip(reading, outputs)
        self._turned = _Turned(sight)

    def __call__(self, image: Image, square: Square) -> tuple[Sequence[Any], Affine]:
        sight, picture = self._sight, image.tensor(self._network.device)
        if sight.sampling in ("turned", "extended"):
            affine = square.to_picture(sight.size)
            return self._trip(self._turned, picture, affine), affine
        levels, affine = (_upright if sight.sampling == "upright" else _stretched)(picture, square, sight)
        made = self._network.run_tensors({self._name: _shown(levels, sight)}, self._outputs)
        return self._reading.on_host(download(*made)), affine


@dataclass(frozen=True, slots=True)
class _Turned:
    """The input of a sight that shows turned squares, from a picture and the affine that leads there."""

    sight: Sight

    def __call__(self, picture: torch.Tensor, affine: Sequence[torch.Tensor | float]) -> torch.Tensor:
        side, extend = self.sight.size, self.sight.sampling == "extended"
        return _shown(device_pixels.sampled(picture, affine, side, side, extend=extend), self.sight)


def _shown(levels: torch.Tensor, sight: Sight) -> torch.Tensor:
    """A network's input from levels 3xHxW, 0..255, of what it is to see."""
    import torch

    # Whole levels, as the host's are: between them lies enough to move a joint by 2 pixels of a large picture.
    levels = levels.round()
    if sight.channels == "bgr":
        levels = levels.flip(0)
    elif sight.channels == "grey":
        levels = device_pixels.grey(levels)
    levels = device_pixels.scaled(levels, sight.scale, sight.shift)
    shown = (levels if sight.layout == "nchw" else levels.permute(1, 2, 0))[None]
    return shown.to(getattr(torch, sight.dtype))


def _stretched(picture: torch.Tensor, square: Square, sight: Sight) -> tuple[torch.Tensor, Affine]:  # noqa: ARG001
    wide, high = picture.shape[2], picture.shape[1]
    affine = (wide / sight.size, 0.0, 0.0, 0.0, high / sight.rows, 0.0)
    return device_pixels.resampled(picture, sight.size, sight.rows), affine


def _upright(picture: torch.Tensor, square: Square, sight: Sight) -> tuple[torch.Tensor, Affine]:
    import torch

    overlap = Overlap.of(square, picture.shape[2], picture.shape[1], sight.size)
    levels = torch.zeros((3, sight.size, sight.size), dtype=torch.float32, device=picture.device)
    into = levels[:, overlap.rows, overlap.columns]
    if into.numel():
        into.copy_(device_pixels.resampled(picture[:, overlap.y, overlap.x], into.shape[2], into.shape[1]))
    return levels, overlap.affine
