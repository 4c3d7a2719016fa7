"""What every value does with the arrays that it takes over: it checks their form and makes them read-only."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound=NDArray[Any])
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def freeze(array: Array) -> Array:
    """Make an array read-only, with whatever it is a view of, and return it.

    Values are shared by every node they reach. Who writes into an array that was made a value gets an error, where
    others would get a value that changes under their eyes.
    """
    part: object = array
    while isinstance(part, np.ndarray):
        part.flags.writeable = False
        part = part.base
    return array


def block_of(array: NDArray[Any]) -> tuple[int, int]:
    """The memory that an array keeps from being given back: its address, and how many bytes. A part keeps the whole."""
    owner: NDArray[Any] = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    lender: Any = owner.base  # what is no array: a file's bytes, a tensor
    if lender is None:
        return owner.__array_interface__["data"][0], owner.nbytes
    if hasattr(lender, "untyped_storage"):
        storage = lender.untyped_storage()
        return storage.data_ptr(), storage.nbytes()
    try:
        return id(lender), memoryview(lender).nbytes
    except TypeError:
        return id(lender), owner.nbytes


def floats(array: object, *shape: int | None, what: str) -> Floats:
    """Take over `array` as read-only float32 of `shape` (None = any length). Raises ValueError naming `what`."""
    made = np.asarray(array, np.float32)
    _require_shape(made, shape, what)
    return freeze(made)


def ints(array: object, *shape: int | None, what: str) -> Ints:
    """Take over `array` as read-only int64 of `shape` (None = any length). Raises ValueError naming `what`."""
    made = np.asarray(array, np.int64)
    _require_shape(made, shape, what)
    return freeze(made)


def _require_shape(array: NDArray[Any], shape: tuple[int | None, ...], what: str) -> None:
    if len(shape) == array.ndim:
        for want, have in zip(shape, array.shape, strict=True):
            if want != have and want is not None:
                break
        else:
            return
    wanted = "x".join("N" if n is None else str(n) for n in shape)
    raise ValueError(f"{what} must have shape {wanted}, not {'x'.join(map(str, array.shape)) or 'a single number'}")
