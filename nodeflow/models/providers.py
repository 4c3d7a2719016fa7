"""Which of onnxruntime's execution providers to try, in order, and what to call what one got.

    for candidate in candidates("auto", "fp16", tensorrt=True): ...

"auto" is CUDA where there is a driver and else the CPU; a GPU asked for by name is that or an error. fp16 and TensorRT
are wishes: a candidate that cannot be had says why in `missing`, and the next one serves. After onnxruntime 1.31's
pages on its CUDA and TensorRT providers.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nodeflow.models.errors import DeviceUnavailable
from nodeflow.values.device import has_driver

Precision = Literal["auto", "fp32", "fp16"]
"""auto: as the provider likes it (CUDA may round factors to TF32); fp32: exactly; fp16: half, about twice as fast."""

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
TENSORRT = "TensorrtExecutionProvider"

Provider = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to run a model: `provider` of onnxruntime on `device`, `halved` to fp16 before it is opened or not."""

    label: str
    device: str
    provider: str
    precision: Precision = "auto"
    halved: bool = False
    missing: str = ""

    def providers(self, stream: int | None, engines: Path) -> list[str | Provider]:
        """What to ask onnxruntime for. It queues its work on the CUDA stream with this handle, if one is given."""
        if self.provider == CPU:
            return [CPU]
        where = {"device_id": self.device.removeprefix("cuda:")}
        if stream is not None:
            where["user_compute_stream"] = str(stream)
        # The memory is shared with torch: take what is needed, where doubling is the default.
        frugal = {"arena_extend_strategy": "kSameAsRequested"}
        cuda = (CUDA, {**where, **frugal, "use_tf32": "0" if self.precision == "fp32" else "1"})
        if self.provider == CUDA:
            return [cuda, CPU]
        fp16 = str(self.precision == "fp16")
        # Building an engine takes minutes: it is kept for the next time.
        kept = {"trt_engine_cache_enable": "True", "trt_engine_cache_path": os.fspath(engines)}
        return [(TENSORRT, {**where, **kept, "trt_fp16_enable": fp16}), cuda, CPU]


def candidates(device: str, precision: Precision, tensorrt: bool) -> list[Candidate]:
    """The ways to try, the most wanted first. Raises DeviceUnavailable where a GPU is named that cannot be used."""
    index = re.fullmatch(r"cuda:(\d{1,2})", device)
    if index is None and device not in ("auto", "cpu"):
        raise DeviceUnavailable(f"there is no device {device!r}; use 'auto', 'cpu' or 'cuda:0'")
    why_not = "the device is the CPU" if device == "cpu" else no_cuda()
    if index and why_not:
        raise DeviceUnavailable(f"{device} cannot be used: {why_not}; use the device 'auto' or 'cpu'")
    gpu = f"cuda:{int(index[1])}" if index else "cuda:0"
    suffix = "" if precision == "auto" else f" {precision}"
    wanted = []
    if tensorrt:
        wanted.append(Candidate(f"TensorRT{suffix}", gpu, TENSORRT, precision, missing=why_not or no_tensorrt()))
    if precision == "fp16":
        wanted.append(Candidate("CUDA fp16", gpu, CUDA, precision, halved=True, missing=why_not))
    elif not why_not:
        wanted.append(Candidate(f"CUDA{suffix}", gpu, CUDA, precision))
    if precision == "fp16" and not why_not:
        wanted.append(Candidate("CUDA", gpu, CUDA))
    return [*wanted, Candidate("CPU", "cpu", CPU)]


def no_cuda() -> str:
    """Why CUDA cannot be used, or "". Asking the driver first spares the user onnxruntime's own outcry."""
    import onnxruntime

    if CUDA not in onnxruntime.get_available_providers():
        return "this onnxruntime is built without CUDA"
    if not has_driver():
        return "there is no NVIDIA driver on this machine"
    return ""


def no_tensorrt() -> str:
    """Why TensorRT cannot be used, or ""."""
    import onnxruntime

    if TENSORRT not in onnxruntime.get_available_providers():
        return "this onnxruntime is built without TensorRT"
    library = "nvinfer_10.dll" if sys.platform == "win32" else "libnvinfer.so.10"
    try:
        ctypes.CDLL(library)
    except OSError:
        return f"TensorRT 10 is not installed ({library} is not found)"
    return ""


def described(got: Candidate, tried: Sequence[tuple[Candidate, str]], wishes: bool) -> str:
    """What to show of where a model runs; with what was asked for and why it is not that, where one did ask."""
    if not (wishes and tried):
        return got.label
    return f"{got.label} (asked for {tried[0][0].label}: {tried[0][1]})"


def halved(path: Path) -> bytes:
    """The model with its weights and arithmetic in fp16; its inputs and outputs stay as they are.

    With onnxruntime's own converter, which keeps operators that need fp32 in fp32. Raises whatever that raises. Some
    graphs (MoveNet MultiPose) come out broken, which shows when they are opened.
    """
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16

    converted: bytes = convert_float_to_float16(onnx.load(path), keep_io_types=True).SerializeToString()
    return converted
