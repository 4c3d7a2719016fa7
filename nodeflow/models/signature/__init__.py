"""What a model file takes and gives, read from the file without running it or loading its weights.

    signature = read_signature(Path("yolo.onnx"))
    signature.inputs[0]         # TensorInfo("images", "float32", (1, 3, 640, 640))

Time and memory are bounded whatever the file holds, and nothing of it is run. Not even onnx or torch is imported.
"""

from __future__ import annotations

from pathlib import Path

from nodeflow.models.errors import BadModel
from nodeflow.models.signature.info import Dimension, Signature, TensorInfo

TORCH_ENDINGS = (".pt2", ".pt", ".pth", ".ts", ".torchscript", ".safetensors")

__all__ = ["Dimension", "Signature", "TensorInfo", "read_signature"]


def read_signature(path: Path) -> Signature:
    """The signature of an .onnx file or a torch archive (.pt2, .pt). Raises BadModel for anything else."""
    from nodeflow.models.signature.onnx_file import onnx_signature
    from nodeflow.models.signature.torch_file import torch_signature

    ending = path.suffix.lower()
    if ending == ".onnx":
        return onnx_signature(path)
    if ending in TORCH_ENDINGS:
        return torch_signature(path)
    raise BadModel(f"{path.name} is no model that can be opened here: choose an .onnx, .pt2 or TorchScript file")
