"""Reading a file of torch weights as arrays."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.files import require_size
from nodeflow.models.importers.onnx_graph import checked_size
from nodeflow.models.importers.weights import Weights


def read_weights(path: Path) -> Weights:
    """The floating-point tensors of a dictionary that torch saved, or of the one dictionary in it, or of a file of
    safetensors. Counters are left out."""
    require_size(path)
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    import torch

    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(str(error).splitlines()[0]) from error
    if isinstance(saved, dict) and len(saved) == 1 and isinstance(only := next(iter(saved.values())), dict):
        saved = only
    if not isinstance(saved, dict):
        raise Unsupported("the file holds no dictionary of tensors")
    arrays = {}
    for name, value in saved.items():
        if not isinstance(name, str) or not isinstance(value, torch.Tensor):
            raise Unsupported(f"{name!r} is no tensor with a name")
        checked_size(value.shape)
        if value.is_floating_point():
            arrays[name] = value.to(torch.float32).numpy()
    return Weights(arrays)


def _read_safetensors(path: Path) -> Weights:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        saved = load_file(path)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    for value in saved.values():
        checked_size(value.shape)
    return Weights({name: value.astype(np.float32) for name, value in saved.items() if value.dtype.kind == "f"})
