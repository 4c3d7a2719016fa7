"""TensorFlow.js models to ONNX.

`document` reads the files. A graph model goes through `reader`, which makes plain data of it, and `translation`, which
runs through the nodes that the outputs need; `ops_*` translate one operator each. A Keras layers model goes through
`layers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx

from nodeflow.models.importers.errors import blaming

from .document import read_document
from .layers import import_layers
from .translation import import_graph

__all__ = ["import_model"]


def import_model(path: Path, shapes: Mapping[str, Sequence[int]]) -> onnx.ModelProto:
    """The model in `path` as ONNX; see `nodeflow.models.importers.import_tfjs`."""
    with blaming(path, "the model"):
        document = read_document(path)
        is_graph = "node" in document["modelTopology"]
    return (import_graph if is_graph else import_layers)(path, document, shapes)
