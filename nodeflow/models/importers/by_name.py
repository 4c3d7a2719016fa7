"""Weights without the network that they belong to: one that we know is built of them, by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .errors import Unsupported, blaming

if TYPE_CHECKING:
    import onnx

Read = TypeVar("Read")
Builders = Mapping[str, Callable[[Read], "onnx.ModelProto"]]
"""What makes a network of what was read, by the network's name."""


def build(path: Path, architecture: str, builders: Builders[Read], read: Callable[[Path], Read]) -> onnx.ModelProto:
    """The network `architecture` with the weights that `read` finds in `path`. Raises ImportFailed."""
    with blaming(path, "the weights"):
        if architecture not in builders:
            raise Unsupported(f"{architecture!r} is none of {', '.join(builders)}")
        return builders[architecture](read(path))
