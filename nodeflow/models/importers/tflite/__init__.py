"""TensorFlow Lite files to ONNX: `reader` makes plain data of the flatbuffer, `ops_*` translate one operator each, and
`translation` runs through the operators in order.
"""

from .translation import import_model

__all__ = ["import_model"]
