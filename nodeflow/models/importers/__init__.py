"""Import TensorFlow Lite and TensorFlow.js models, and weights of networks we know, as ONNX.

The common case is one call, once per model, whose result is kept in the model cache:

    to_onnx(Path("pose_landmark_full.tflite"), dest=Path("pose_landmark_full.onnx"))
    to_onnx(Path("movenet.json"), shapes={"input": (1, 256, 256, 3)}, dest=Path("movenet.onnx"))
    to_onnx(Path("generator.pth"), architecture="dcgan-64", dest=Path("generator.onnx"))

Promises: inputs, outputs and their names, shapes (NHWC images) and dtypes are those of the source model, and the
values agree with the source's own runtime to float32 rounding (docs/importers.md records by how much). Model files
are treated as hostile: a damaged, truncated or unsupported one raises `ImportFailed`, and nothing half-written stays
behind.

Threads: every function here is self-contained, but `to_onnx` creates an onnxruntime session, which must not happen
twice at once, and holds the GIL for seconds: `nodeflow.models` calls it in a process of its own.

onnx, onnxruntime and tflite are imported by the first call, not by this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ImportFailed

if TYPE_CHECKING:
    import onnx

__all__ = ["ImportFailed", "import_tfjs", "import_tflite", "to_onnx"]


def import_tflite(path: Path) -> onnx.ModelProto:
    """The TensorFlow Lite model in `path` as an ONNX model (float operators, dense or sparse weights).

    Raises ImportFailed where the file is missing, damaged or uses an operator that this importer does not know.
    """
    from .tflite import import_model

    return import_model(path)


def import_tfjs(path_to_model_json: Path, shapes: Mapping[str, Sequence[int]] | None = None) -> onnx.ModelProto:
    """The TensorFlow.js model (graph or Keras layers) in `path_to_model_json` as ONNX; its weight shards lie beside it.

    `shapes` pins the shape of inputs by name, which lets a model with dynamic inputs be optimised for one size.
    Raises ImportFailed where a file is missing, damaged or uses an operator that this importer does not know.
    """
    from .tfjs import import_model

    return import_model(path_to_model_json, shapes or {})


def to_onnx(
    path: Path, *, shapes: Mapping[str, Sequence[int]] | None = None, architecture: str = "", dest: Path
) -> Path:
    """Import the model in `path` (.tflite, or .json for TensorFlow.js), optimise it and write it to `dest`.

    With `architecture`, the file holds weights of the network of that name, saved by torch (see `torch_nets`), as .h5
    by Keras (see `keras_nets`), as .index by TensorFlow (see `tf_checkpoint`), or as model.bin by CTranslate2 (see
    `ctranslate2`).

    The optimisation is onnxruntime's BASIC level: it folds constants and removes nearly all of the transposes between
    TensorFlow's NHWC and ONNX's NCHW, and its result still runs on every device. `dest` appears complete or not at
    all. Returns `dest`. Raises ImportFailed where the model cannot be imported, and OSError where `dest` cannot be
    written.
    """
    from .convert import convert

    return convert(path, shapes=shapes, architecture=architecture, dest=dest)
