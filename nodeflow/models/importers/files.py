"""Reading a model's file into memory, when it is not larger than any that is imported."""

from __future__ import annotations

from pathlib import Path

from .errors import Unsupported
from .onnx_graph import MAX_CONSTANT_BYTES


def require_size(path: Path, most: int = MAX_CONSTANT_BYTES) -> int:
    """How many bytes a file has. Raises OSError, or Unsupported where these are more than `most`."""
    size = path.stat().st_size
    if size > most:
        raise Unsupported(f"{path.name} is larger than {most >> 20} MiB")
    return size


def read_whole(path: Path, most: int = MAX_CONSTANT_BYTES) -> bytes:
    """The content of a file of at most `most` bytes. Raises as `require_size` does."""
    require_size(path, most)
    return path.read_bytes()
