"""The shapes of a model's inputs: as declared in its file, pinned by the caller where they are dynamic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nodeflow.models.importers.errors import ImportFailed


def check_inputs(path: Path, names: Sequence[str], shapes: Mapping[str, Sequence[int]]) -> None:
    """Raises ImportFailed where `shapes` names an input that the model in `path` does not have."""
    if unknown := sorted(shapes.keys() - names):
        raise ImportFailed(path, f"input {unknown[0]}", "there is no such input", f"Its inputs are {', '.join(names)}.")


def input_shape(
    name: str, declared: Sequence[int] | None, pinned: Sequence[int] | None
) -> Sequence[int] | Sequence[int | str]:
    """The pinned shape if there is one that fits, else the declared one, its dynamic sizes (-1) named.

    `declared` is None where not even the number of dimensions is known. Raises ValueError where the two do not fit.
    """
    if pinned is None:
        if declared is None:
            raise ValueError("its shape is unknown: give one")
        return [size if size >= 0 else f"{name}_{axis}" for axis, size in enumerate(declared)]
    if declared is not None and (
        len(pinned) != len(declared)
        or any(size not in (-1, given) for size, given in zip(declared, pinned, strict=True))
    ):
        raise ValueError(f"its shape is {list(declared)} and cannot be {list(pinned)}")
    return pinned
