"""Weights that Keras saved without the network they belong to (.weights.h5): the network is built here, by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

__all__ = ["import_model"]


def import_model(path: Path, architecture: str) -> onnx.ModelProto:
    """The network `architecture` ("hed") with the weights in `path`. Raises ImportFailed."""
    from nodeflow.models.importers.by_name import build
    from nodeflow.models.importers.weights import Weights

    from .hdf5 import read_arrays
    from .hed import hed

    return build(path, architecture, {"hed": hed}, lambda path: Weights(read_arrays(path)))
