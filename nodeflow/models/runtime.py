"""Running ONNX models.

    model = open_model(path, device="auto", threads=1)
    model.provider                       # "CPU" or "CUDA": what it really got
    boxes, scores = model.run({"input_1": pixels})

Devices are "auto" (CUDA where it works, else CPU), "cpu", or "cuda:0", which raises rather than fall back. Sessions
are made one at a time, since onnxruntime cannot make two at once, and making one holds the GIL: open models
before the first frame, not during one. `run` may be called from several threads at once and releases the GIL.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodeflow.models.errors import BadModel, DeviceUnavailable

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

creating = threading.RLock()
"""Held while any onnxruntime session is made, here or in the importers."""

_CUDA = "CUDAExecutionProvider"
_CPU = "CPUExecutionProvider"


class OnnxModel:
    """One onnxruntime session and where it runs.

    `provider` is "CUDA" or "CPU". `inputs` and `outputs` map names to shapes, in the model's order; a dimension that
    is not fixed is a name or None.
    """

    def __init__(self, path: Path, device: str = "auto", threads: int = 1) -> None:
        """Open a model. Raises BadModel, DeviceUnavailable."""
        self.path = path
        self._session = _open_session(path, device, threads)
        self.provider = "CUDA" if self._session.get_providers()[0] == _CUDA else "CPU"
        self.inputs: dict[str, tuple[int | str | None, ...]] = _shapes(self._session.get_inputs())
        self.outputs: dict[str, tuple[int | str | None, ...]] = _shapes(self._session.get_outputs())

    def run(self, feeds: Mapping[str, Array], outputs: Sequence[str] | None = None) -> list[Any]:
        """Arrays of all outputs, or of the named ones, in order. Raises BadModel where the model fails on `feeds`."""
        try:
            return list(self._session.run(outputs, feeds))
        except Exception as error:  # onnxruntime's errors share no base class
            raise BadModel(f"{self.path.name} failed: {_first_line(error)}") from error


_open: weakref.WeakValueDictionary[tuple[Path, str, int], OnnxModel] = weakref.WeakValueDictionary()


def open_model(path: Path, device: str = "auto", threads: int = 1) -> OnnxModel:
    """The model at `path`, shared by all who opened it alike and still hold it. Raises BadModel, DeviceUnavailable."""
    key = (path, device, threads)
    with creating:
        model = _open.get(key)
        if model is None:
            model = _open[key] = OnnxModel(path, device, threads)
        return model


def _open_session(path: Path, device: str, threads: int) -> onnxruntime.InferenceSession:
    with creating:
        import onnxruntime

        providers = _providers(device)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Spinning threads steal the cores that other nodes need: two of them ran half as fast as one that sleeps.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(os.fspath(path), options, providers=providers)
        except Exception as error:
            raise BadModel(
                f"{path.name} cannot be opened as a model ({_first_line(error)}); delete {path} and fetch it again"
            ) from error
        if device.startswith("cuda") and session.get_providers()[0] != _CUDA:
            raise DeviceUnavailable(f"onnxruntime could not start CUDA on {device}; use the device 'auto' or 'cpu'")
        return session


def _providers(device: str) -> list[str | tuple[str, dict[str, Any]]]:
    """The execution providers to ask for. Raises DeviceUnavailable."""
    import onnxruntime

    if device == "cpu":
        return [_CPU]
    index = re.fullmatch(r"cuda:(\d{1,2})", device)
    if index is None and device != "auto":
        raise DeviceUnavailable(f"there is no device {device!r}; use 'auto', 'cpu' or 'cuda:0'")
    why = _no_cuda(onnxruntime.get_available_providers())
    if why is None:
        onnxruntime.preload_dlls()
        return [(_CUDA, {"device_id": int(index[1]) if index else 0}), _CPU]
    if index:
        raise DeviceUnavailable(f"{device} cannot be used: {why}; use the device 'auto' or 'cpu'")
    return [_CPU]


def _no_cuda(available: Sequence[str]) -> str | None:
    """Why CUDA cannot be used, or None. Asking the driver first spares the user onnxruntime's own outcry."""
    if _CUDA not in available:
        return "this onnxruntime is built without CUDA"
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return "there is no NVIDIA driver on this machine"
    return None


def _shapes(arguments: Sequence[Any]) -> dict[str, tuple[int | str | None, ...]]:
    return {argument.name: tuple(argument.shape) for argument in arguments}


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
