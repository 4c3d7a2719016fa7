"""Signatures as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Dimension = int | str | None
"""A length, the name of one that is open, or None for one that has no name either."""

MOST_TENSORS = 64
"""Inputs, and outputs, that a model may have."""
MOST_AXES = 8
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One input or output: its name, its dtype as numpy has it, and its shape; None where the file says no shape."""

    name: str
    dtype: str
    shape: tuple[Dimension, ...] | None

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def fixed(self) -> bool:
        """Whether every length is known."""
        return self.shape is not None and all(isinstance(length, int) for length in self.shape)

    def __str__(self) -> str:
        shape = "?" if self.shape is None else "x".join("?" if length is None else str(length) for length in self.shape)
        return f"{self.name} ({self.dtype} {shape or 'number'})"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes and gives. `beside` are the files that must lie in its folder; `left_out` are outputs that
    are no tensors."""

    format: Literal["onnx", "torch-export", "torchscript"]
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    beside: tuple[Path, ...] = ()
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.inputs)) or 'nothing'} -> {', '.join(map(str, self.outputs)) or 'nothing'}"
