"""How a bare network sees pictures: what its signature and a person say, made ready, and then picture by picture.

    eye = eye_for(info, options)             # raises BadModel where the two do not go together
    array, view = eye.see(image)             # an array of the network's shape and dtype; `view` leads back
    tensor, view = eye.see_on(image, "cuda:0")

Averaged where the picture shrinks, bilinear where it grows. An eye keeps its buffer: for one thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.bare.options import Options
from nodeflow.models.bare.view import View
from nodeflow.models.errors import BadModel
from nodeflow.models.signature import Dimension, TensorInfo
from nodeflow.values import Image

if TYPE_CHECKING:
    import torch

_RANGES = {"0..1": (1 / 255, 0.0), "-1..1": (2 / 255, -1.0), "0..255": (1.0, 0.0)}
"""How a level becomes a number: times the first, plus the second."""
_DTYPES = ("float32", "float16", "float64", "uint8", "int8", "int32", "int64")
LARGEST = 8192
"""Pixels of a side."""


class _Form(NamedTuple):
    """Where a picture's axes are in an input: its rows and columns (None where open), channels, and their order."""

    height: int | None
    width: int | None
    deep: int
    layout: Literal["nchw", "nhwc"]


def _form(info: TensorInfo) -> _Form | None:
    """How an input would take a picture, by its shape alone; None if it cannot be one."""
    if info.shape is None and info.dtype in _DTYPES:
        return _Form(None, None, 3, "nchw")  # may be anything: a person has to say so
    if info.shape is None or info.dtype not in _DTYPES or len(info.shape) not in (3, 4):
        return None
    batch, axes = (info.shape[0], info.shape[1:]) if len(info.shape) == 4 else (1, info.shape)
    if isinstance(batch, int) and batch != 1:
        return None
    forms: tuple[tuple[Dimension, Dimension, Dimension, Literal["nchw", "nhwc"]], ...] = (
        (axes[0], axes[1], axes[2], "nchw"),
        (axes[2], axes[0], axes[1], "nhwc"),
    )
    for wanted in (3, 1):
        for deep, height, width, layout in forms:
            if deep == wanted and _side(height, info) and _side(width, info):
                return _Form(_length(height), _length(width), wanted, layout)
    if len(info.shape) == 4 and all(not isinstance(each, int) for each in axes):
        return _Form(None, None, 3, "nchw")
    return None


def _side(length: Dimension, info: TensorInfo) -> bool:
    """Whether this may be a picture's height or width. Of three axes, open ones say too little."""
    return length >= 8 if isinstance(length, int) else len(info.shape or ()) == 4


def _length(length: Dimension) -> int | None:
    return length if isinstance(length, int) else None


def takes_picture(info: TensorInfo) -> bool:
    """Whether an input looks like one for pictures: one picture at a time, of one or three channels."""
    return info.shape is not None and _form(info) is not None


@dataclass(frozen=True, slots=True)
class Eye:
    """A network's eye. Sides that are 0 are those of each picture."""

    width: int
    height: int
    layout: Literal["nchw", "nhwc"]
    channels: str
    scale: tuple[float, ...]
    shift: tuple[float, ...]
    dtype: str
    rank: int
    options: Options

    @property
    def deep(self) -> int:
        return 1 if self.channels == "grey" else 3

    def __str__(self) -> str:
        """What it sees, for people: "224x224 rgb, nchw float32"."""
        size = f"{self.width or 'any'}x{self.height or 'any'}"
        return f"{size} {self.channels}, {self.layout} {self.dtype}"

    def view(self, image: Image) -> View:
        """Where a picture will lie. Raises BadModel for one that is too large for a network that takes any."""
        width, height = self.width or image.width, self.height or image.height
        if max(width, height) > LARGEST:
            raise BadModel(f"a picture of {width}x{height} is more than {LARGEST} pixels wide or high; give a size")
        return View.of(image.frame, width, height, self.options.fit)

    def see(self, image: Image) -> tuple[NDArray[Any], View]:
        """On the host."""
        import cv2

        from nodeflow.models.squares import fill, scaled

        view = self.view(image)
        pixels = np.full((view.height, view.width, 3), self.options.padding, np.uint8)
        part = image.array[view.y : view.y + view.high, view.x : view.x + view.wide]
        fill(part, pixels[view.top : view.bottom, view.left : view.right])
        if self.channels == "bgr":
            pixels = pixels[..., ::-1]
        elif self.channels == "grey":
            pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)[..., None]
        shape = (view.height, view.width, self.deep)
        first = self.layout == "nchw"
        made = np.empty((shape[2], shape[0], shape[1]) if first else shape, self.dtype)
        levels = made.transpose(1, 2, 0) if first else made
        if self._plain:
            np.copyto(levels, pixels, casting="unsafe")
        elif self.dtype == "float32":
            scaled(pixels, np.asarray(self.scale, np.float32), np.asarray(self.shift, np.float32), levels)
        else:
            levels[...] = pixels * np.asarray(self.scale, np.float32) + np.asarray(self.shift, np.float32)
        return made[None] if self.rank == 4 else made, view

    def see_on(self, image: Image, device: str) -> tuple[torch.Tensor, View]:
        """The same on a device, for the current stream: the host waits for nothing."""
        import torch

        from nodeflow.values import device_pixels

        view = self.view(image)
        picture = image.tensor(device)[:, view.y : view.y + view.high, view.x : view.x + view.wide]
        wide, high = view.right - view.left, view.bottom - view.top
        seen = device_pixels.resampled(picture, wide, high).round()  # whole levels, as the host's are
        levels = torch.full((3, view.height, view.width), float(self.options.padding), device=seen.device)
        levels[:, view.top : view.bottom, view.left : view.right] = seen
        if self.channels == "bgr":
            levels = levels.flip(0)
        elif self.channels == "grey":
            levels = device_pixels.grey(levels)
        if not self._plain:
            levels = device_pixels.scaled(levels, self.scale, self.shift)
        levels = levels if self.layout == "nchw" else levels.permute(1, 2, 0)
        levels = levels.to(getattr(torch, self.dtype))
        return (levels[None] if self.rank == 4 else levels), view

    @property
    def _plain(self) -> bool:
        return all(each == 1 for each in self.scale) and not any(self.shift)


def eye_for(info: TensorInfo, options: Options) -> Eye:
    """How a network whose input is `info` sees. Raises BadModel where that cannot be, which says why."""
    form = _form(info)
    if form is None:
        raise BadModel(f"{info} takes no picture (1 or 3 channels, one picture at a time); set takes to tensors")
    sides = []
    for name, known, wanted in (("height", form.height, options.height), ("width", form.width, options.width)):
        if known is not None and wanted not in (0, known):
            raise BadModel(f"{info} has a {name} of {known}, not {wanted}; set {name} to 0")
        sides.append(known or wanted)
    layout = form.layout if options.layout == "auto" else options.layout
    open_axes = form.height is None and form.width is None
    if layout != form.layout and not (open_axes and form.deep == 3 and _all_open(info)):
        raise BadModel(
            f"{info} has the channels {_PLACE[form.layout]}, so its layout is {form.layout}; set layout to auto"
        )
    channels = options.channels
    if channels == "auto":
        channels = "rgb" if form.deep == 3 else "grey"
    if (channels == "grey") != (form.deep == 1) and not _all_open(info):
        raise BadModel(f"{info} has {form.deep} channels, so it cannot see {channels}; set channels to auto")
    deep = 1 if channels == "grey" else 3
    scale, shift = _normalising(info, options, deep)
    dtype = info.dtype
    return Eye(
        sides[1], sides[0], layout, channels, scale, shift, dtype, 4 if info.rank is None else info.rank, options
    )


_PLACE = {"nchw": "first", "nhwc": "last"}


def _all_open(info: TensorInfo) -> bool:
    return all(not isinstance(each, int) for each in (info.shape or ())[1:])


def _normalising(info: TensorInfo, options: Options, deep: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """By what a level is multiplied, and what is added then, for each channel."""
    levels = options.levels
    if levels == "auto":
        levels = "0..1" if info.dtype.startswith("float") else "0..255"
    times, plus = _RANGES[levels]
    means, stds = _each("mean", options.mean, deep), _each("std", options.std, deep)
    if any(std == 0 for std in stds):
        raise BadModel("std is 0, and nothing can be divided by that; set std to 1")
    scale = tuple(times / std for std in stds)
    return scale, tuple((plus - mean) / std for mean, std in zip(means, stds, strict=True))


def _each(what: str, numbers: tuple[float, ...], deep: int) -> tuple[float, ...]:
    if len(numbers) not in (1, deep):
        raise BadModel(f"{what} has {len(numbers)} numbers for {deep} channels; give one, or {deep}")
    return numbers * deep if len(numbers) == 1 else numbers
