"""Telling apart what a network gives, by how many numbers each part has.

A card may name another network than its pipeline is for: that is said here, where it would else be an index out of
range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel

Floats = NDArray[np.float32]


def part(outputs: Sequence[Any], size: int, what: str) -> Floats:
    """The first output of so many numbers, flat. Raises BadModel where there is none: `what` it was to be."""
    for output in outputs:
        if output.size == size:
            found: Floats = output.reshape(size)
            return found
    raise BadModel(
        f"the network gives {_shapes(outputs)}, and {what} would be {size} numbers; correct the card's networks"
    )


def in_order(outputs: Sequence[Any], **sizes: int | None) -> Sequence[Any]:
    """The outputs, if there is one for each name, in order and of so many numbers; None for any. Raises BadModel."""
    wanted = list(sizes.values())
    if len(outputs) != len(wanted) or any(
        size is not None and output.size != size for output, size in zip(outputs, wanted, strict=True)
    ):
        told = ", ".join(f"{what} ({'any' if size is None else size} numbers)" for what, size in sizes.items())
        raise BadModel(f"the network gives {_shapes(outputs)}, not {told}; correct the card's networks")
    return outputs


def _shapes(outputs: Sequence[Any]) -> str:
    return ", ".join("x".join(map(str, output.shape)) or "1" for output in outputs)
