"""Arrays by name, with an account of which were used: what a network is built of here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .errors import Unsupported

Array = NDArray[np.float32]


class Weights:
    """Arrays by name. Raises Unsupported for one that is missing or of another shape than it should have."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self._used: set[str] = set()

    def take(self, name: str, *shape: int) -> Array:
        """The array of that name, which must have that shape."""
        array = self._arrays.get(name)
        if array is None:
            raise Unsupported(f"there is no {name!r}")
        if array.shape != shape:
            raise Unsupported(f"{name!r} has the shape {array.shape}, not {shape}")
        self._used.add(name)
        return array

    def __contains__(self, name: str) -> bool:
        """Whether there is an array of that name."""
        return name in self._arrays

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of the array of that name."""
        if name not in self._arrays:
            raise Unsupported(f"there is no {name!r}")
        return self._arrays[name].shape

    def leave(self, *names: str) -> None:
        """Parts of the network that its user has no need of."""
        self._used.update(names)

    def leave_under(self, *prefixes: str) -> None:
        """The same, for all whose names begin so."""
        self._used.update(name for name in self._arrays if name.startswith(prefixes))

    def require_all_used(self) -> None:
        """Raises Unsupported if something is left: these are the weights of another network."""
        left = sorted(self._arrays.keys() - self._used)
        if left:
            raise Unsupported(f"{left[0]!r} belongs to no part of this network ({len(left)} such)")
