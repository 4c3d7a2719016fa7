"""From a model file to an optimised ONNX file, all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import ctranslate2, import_tfjs, import_tflite, keras_nets, tf_checkpoint, torch_nets
from .errors import USE_ANOTHER, ImportFailed

if TYPE_CHECKING:
    import onnx


def convert(path: Path, *, shapes: Mapping[str, Sequence[int]] | None, architecture: str, dest: Path) -> Path:
    """See `nodeflow.models.importers.to_onnx`."""
    model = _built(path, architecture) if architecture else _imported(path, shapes)
    with tempfile.TemporaryDirectory(dir=dest.parent, prefix=f".{dest.name}.") as scratch:
        part = Path(scratch, dest.name)
        _write_optimised(path, model, part)
        part.replace(dest)
    return dest


def _built(path: Path, architecture: str) -> onnx.ModelProto:
    if path.suffix.lower() == ".h5":
        return keras_nets.import_model(path, architecture)
    if path.suffix.lower() == ".index":
        return tf_checkpoint.import_model(path, architecture)
    if path.name == "model.bin":  # CTranslate2's only name for it
        return ctranslate2.import_model(path, architecture)
    return torch_nets.import_model(path, architecture)


def _imported(path: Path, shapes: Mapping[str, Sequence[int]] | None) -> onnx.ModelProto:
    kind = path.suffix.lower()
    if kind == ".json":
        return import_tfjs(path, shapes)
    if kind != ".tflite":
        raise ImportFailed(path, "the file", f"{kind or 'no suffix'} is not .tflite or .json", USE_ANOTHER)
    if shapes:
        raise ImportFailed(path, "the inputs", "TensorFlow Lite files have fixed shapes", "Leave the shapes out.")
    return import_tflite(path)


def _write_optimised(path: Path, model: onnx.ModelProto, part: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(part)
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # errors arrive as exceptions
    try:
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions share no base class
        raise ImportFailed(path, "the model", f"onnxruntime refuses it: {error}", USE_ANOTHER) from error
