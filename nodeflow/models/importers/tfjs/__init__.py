"""TensorFlow.js graph models to ONNX: `reader` makes plain data of the JSON and its weight shards, `ops_*` translate
one operator each, and `translation` runs through the nodes that the outputs need.
"""

from .translation import import_model

__all__ = ["import_model"]
