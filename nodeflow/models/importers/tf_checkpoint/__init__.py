"""Weights that TensorFlow saved without the network they belong to (variables.index and its data file): the network is
built here, by its name. Nothing in them is code; the graph that lies beside them is not read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

__all__ = ["import_model"]


def import_model(path: Path, architecture: str) -> onnx.ModelProto:
    """The network `architecture` ("yamnet") with the weights of the index in `path`; the data file lies beside it.

    Raises ImportFailed.
    """
    from nodeflow.models.importers.by_name import build

    from .bundle import read_arrays
    from .yamnet import yamnet

    return build(path, architecture, {"yamnet": yamnet}, read_arrays)
