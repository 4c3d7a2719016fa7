"""The kinds by name, and what to say of a value in a few words.

A kind is a nominal type: its name in a schema and a graph file is the name of its class here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from nodeflow.values.detections import Classes, Detections
from nodeflow.values.image import Image
from nodeflow.values.items import Items
from nodeflow.values.poses import Poses
from nodeflow.values.signals import Audio, Mask, Table, Tensor, Vector
from nodeflow.values.simple import Boolean, Color, Number, Text

_MANY = 1 << 16

KINDS = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            *(Image, Mask, Detections, Poses, Classes, Text, Number),
            *(Boolean, Color, Vector, Audio, Table, Tensor),
        )
    }
)

_SUMMARIES: dict[type, Callable[..., str]] = {
    Image: lambda v: f"{v.width}x{v.height}",
    Mask: lambda v: f"mask {v.frame.width}x{v.frame.height}, {_mean(v.weight):.0%} covered",
    Detections: lambda v: _count(len(v), "box", "boxes"),
    Poses: lambda v: _count(len(v), "person", "people"),
    Classes: lambda v: ", ".join(f"{name} {score:.0%}" for name, score in v.top(1)) or "no classes",
    Text: lambda v: _one_line(v.value),
    Number: lambda v: f"{v.value:.4g}{' ' + v.unit if v.unit else ''}",
    Boolean: lambda v: "yes" if v.value else "no",
    Color: str,
    Vector: lambda v: f"{v.family} vector of {len(v.values)}",
    Items: lambda v: _count(len(v), "item", "items") + (f": {summary(v[0])}" if v else ""),
    Audio: lambda v: f"{v.seconds:.2f} s at {v.rate} Hz",
    Table: lambda v: f"{_count(len(v.rows), 'row', 'rows')} x {len(v.columns)}",
    Tensor: lambda v: f"{v.array.dtype} {'x'.join(map(str, v.array.shape))}",
}


def summary(value: object) -> str:
    """A value in a few words, for a node or the tip of a wire. Never raises: a node may put anything on a wire."""
    known = _SUMMARIES.get(type(value))
    try:
        return known(value) if known else type(value).__name__
    except BaseException:
        return f"a strange {type(value).__name__}"


def _mean(weights: NDArray[np.float32]) -> float:
    """Of many numbers that of a regular sample: a summary is made for every look at a run, and others wait for it."""
    step = max(1, math.isqrt(weights.size // _MANY))
    return float(weights[::step, ::step].mean())


def _one_line(text: str) -> str:
    line = " ".join(text[:200].split())
    return line if len(line) <= 60 else line[:57] + "..."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
