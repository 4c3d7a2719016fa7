"""Reading CTranslate2's binary form, version 6.

    version, name of the form, its revision, number of arrays         u32, text, u32, u32
    for each: name, number of axes, axes, type, bytes, the bytes       text, u8, u32..., u8, u32
    number of second names, for each: second name, first name          u32, text, text

Numbers are little-endian; a text is a u16 and as many bytes, with a zero at the end.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.files import read_whole
from nodeflow.models.importers.onnx_graph import checked_size

_VERSION = 6
_MOST_ARRAYS = 10_000
_MOST_AXES = 8
_FLOATS = {0: "<f4", 4: "<f2"}
_OTHERS = {1: "<i1", 2: "<i2", 3: "<i4"}


class Packed(NamedTuple):
    """`form` is CTranslate2's name for the kind of model; weights are float32; settings are single whole numbers."""

    form: str
    weights: Mapping[str, NDArray[np.float32]]
    settings: Mapping[str, int]


def read_packed(path: Path) -> Packed:
    """What is in a file. Raises ValueError where it is damaged, Unsupported for a form that is not known."""
    data = _Cursor(read_whole(path))
    version = data.number("<I")
    if version != _VERSION:
        raise Unsupported(f"it is packed in version {version}, not {_VERSION}")
    form, _revision, count = data.text(), data.number("<I"), data.number("<I")
    if count > _MOST_ARRAYS:
        raise ValueError(f"it claims to hold {count} arrays")
    weights: dict[str, NDArray[np.float32]] = {}
    settings: dict[str, int] = {}
    for _ in range(count):
        name = data.text()
        axes = data.number("<B")
        if axes > _MOST_AXES:
            raise ValueError(f"{name!r} claims to have {axes} axes")
        shape = tuple(data.number("<I") for _ in range(axes))
        kind, size = data.number("<B"), data.number("<I")
        form_of = _FLOATS.get(kind) or _OTHERS.get(kind)
        if form_of is None:
            raise Unsupported(f"{name!r} is stored as type {kind}, which is not known here")
        if checked_size(shape) * np.dtype(form_of).itemsize != size:
            raise ValueError(f"{name!r} has {size} bytes, which do not fit its shape {shape}")
        array = np.frombuffer(data.bytes(size), form_of).reshape(shape)
        if kind in _FLOATS:
            weights[name] = array.astype(np.float32)
        elif math.prod(shape) == 1:
            settings[name] = int(array.reshape(-1)[0])
        elif kind == 1 and axes == 2:
            raise Unsupported(f"{name!r} is quantised; take a file with float16 or float32 weights")
    return Packed(form, weights, settings)


class _Cursor:
    """Reads from the front. Raises ValueError where there is too little."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def bytes(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise ValueError("the file ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, form: str) -> int:
        (number,) = struct.unpack(form, self.bytes(struct.calcsize(form)))
        return int(number)

    def text(self) -> str:
        return self.bytes(self.number("<H")).rstrip(b"\0").decode("utf-8")
