"""Values that are arrays with a meaning: masks, sound, vectors, tensors, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.values.arrays import Floats, floats, freeze
from nodeflow.values.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """How much each pixel belongs: `weight` float32 HxW, 0..1, in `frame`."""

    weight: Floats
    frame: Frame

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", floats(self.weight, self.frame.height, self.frame.width, what="a mask"))


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Sound: `samples` float32 CxN, -1..1, `rate` in samples a second."""

    samples: Floats
    rate: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", floats(self.samples, None, None, what="sound (channels x samples)"))
        if self.rate < 1:
            raise ValueError(f"a sample rate is at least 1 Hz, not {self.rate}")

    @property
    def seconds(self) -> float:
        return float(self.samples.shape[1]) / self.rate


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """A latent or an embedding, float32 D, and the model family that understands it."""

    values: Floats
    family: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", floats(self.values, None, what="a vector"))


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """An array of any shape on the host, with a name for each axis."""

    array: NDArray[Any]
    axes: tuple[str, ...]

    def __post_init__(self) -> None:
        array = np.asarray(self.array)
        if array.ndim != len(self.axes):
            raise ValueError(f"a tensor of {array.ndim} axes was given {len(self.axes)} axis names")
        object.__setattr__(self, "array", freeze(array))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | bool | None, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row of this table needs {len(self.columns)} cells")
