"""Reading a bare network's outputs as pictures and masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.bare.options import Limits, Options
from nodeflow.models.bare.view import View
from nodeflow.models.errors import BadModel
from nodeflow.models.likely import sigmoid, softmax
from nodeflow.models.signature import TensorInfo
from nodeflow.values import Image, Mask

Array = NDArray[Any]
_RANGES = {"0..1": (255.0, 0.0), "-1..1": (127.5, 127.5), "0..255": (1.0, 0.0)}


def gives_picture(info: TensorInfo) -> bool:
    """Whether an output looks like one picture of three channels."""
    axes = _axes(info)
    return axes is not None and 3 in (axes[0], axes[2])


def gives_mask(info: TensorInfo) -> bool:
    """Whether an output looks like one weight for each pixel."""
    axes = _axes(info)
    return axes is not None and 1 in (axes[0], axes[2])


def _axes(info: TensorInfo) -> tuple[object, ...] | None:
    """The three axes of an output that may be a map over the picture; channels are the first or the last of them."""
    if info.shape is None or len(info.shape) not in (3, 4) or info.shape[0] == 0:
        return None
    if len(info.shape) == 4 and isinstance(info.shape[0], int) and info.shape[0] != 1:
        return None
    axes = info.shape[-3:]
    spans = (axes[1:], axes[:2])  # height and width where channels are first, and where they are last
    big = [all(not isinstance(each, int) or each >= 8 for each in span) for span in spans]
    return axes if any(big) else None


class PictureReader:
    """An output as a picture. Where it was shown a part of one, what it gives lies on that part."""

    kind = "Image"

    def __init__(self, levels: str) -> None:
        self._times, self._plus = _RANGES[levels]

    def __call__(self, outputs: Sequence[Array], view: View, limits: Limits) -> Image:  # noqa: ARG002
        planes = _map(outputs[0], (3, 1))
        view = view.scaled(planes.shape[1], planes.shape[0])
        planes = planes[view.top : view.bottom, view.left : view.right]
        if planes.dtype == np.uint8:
            levels = planes
        else:
            numbers = planes.astype(np.float32) * np.float32(self._times) + np.float32(self._plus + 0.5)
            levels = np.clip(np.nan_to_num(numbers, nan=0.0), 0, 255).astype(np.uint8)
        if levels.shape[2] == 1:
            levels = levels.repeat(3, axis=2)
        return Image(np.ascontiguousarray(levels), view.seen)


class MaskReader:
    """An output as one weight for each pixel. Of several channels, `limits.channel` is taken, after squashing."""

    kind = "Mask"

    def __init__(self, options: Options) -> None:
        self._squash = options.squash

    def __call__(self, outputs: Sequence[Array], view: View, limits: Limits) -> Mask:
        planes = _map(outputs[0], (1,)).astype(np.float32)
        channels = planes.shape[2]
        if limits.channel >= channels:
            raise BadModel(
                f"its mask has {channels} channels, and channel {limits.channel} was asked for; set it lower"
            )
        if self._squash == "softmax" or (self._squash == "auto" and channels > 1 and _outside(planes)):
            planes = softmax(planes)
        elif self._squash == "sigmoid" or (self._squash == "auto" and _outside(planes)):
            planes = sigmoid(planes)
        view = view.scaled(planes.shape[1], planes.shape[0])
        weight = planes[view.top : view.bottom, view.left : view.right, limits.channel]
        return Mask(np.ascontiguousarray(np.clip(np.nan_to_num(weight, nan=0.0), 0, 1)), view.seen)


def _outside(numbers: Array) -> bool:
    """Whether numbers cannot be weights as they are: some lie clearly outside of 0..1."""
    return bool(numbers.size) and bool(numbers.min() < -0.01 or numbers.max() > 1.01)


def _map(output: Array, deep: tuple[int, ...]) -> Array:
    """An output as height x width x channels. Channels are the axis of a length in `deep`, else the shortest."""
    array = output
    while array.ndim > 3 and array.shape[0] == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3 or 0 in array.shape:
        raise BadModel(f"an output of shape {'x'.join(map(str, output.shape))} is no map over a picture; set gives")
    first, last = array.shape[0], array.shape[2]
    channels_first = first in deep if (first in deep) != (last in deep) else first <= last
    return array.transpose(1, 2, 0) if channels_first else array
