"""The importers' public list, and what loading it costs."""

import subprocess
import sys

from nodeflow.models import ModelError, importers


def test_the_public_list() -> None:
    assert importers.__all__ == ["ImportFailed", "import_tfjs", "import_tflite", "to_onnx"]
    assert issubclass(importers.ImportFailed, ModelError)


def test_nothing_heavy_is_loaded_before_the_first_import() -> None:
    code = "import sys, nodeflow.models.importers; print({'onnx', 'onnxruntime', 'tflite', 'numpy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
