"""Copies between the host and devices, and the order of work on a device.

Work for a CUDA device is queued on a stream and done later. A node queues on its own stream and goes on; nobody on
the host waits until pixels are wanted there:

    placed = Placed(tensor)         # on the stream that makes it: remembers the moment from which it is there
    tensor = placed.here()          # on the stream that reads it: that stream waits, the host does not
    pixels = download(tensor)[0]    # now the host waits

On other devices, the CPU among them, work is done when its call returns, and `Placed` does nothing. torch is imported
when the first of these is called. All of it may be called from any thread; streams are torch's current ones.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch


def has_driver() -> bool:
    """Whether this machine has an NVIDIA driver. Cheap: loads no torch."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def resolved(device: str) -> str:
    """A device by its name in torch: "auto" is "cuda:0" where torch can use it and else "cpu"; others stay."""
    if device != "auto":
        return device
    if not has_driver():
        return "cpu"
    import torch

    return "cuda:0" if torch.cuda.is_available() else "cpu"


class Placed:
    """A tensor and the moment from which it is there, on the stream that was current when this was made."""

    __slots__ = ("_ready", "_stream", "_tensor")

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor
        self._ready: torch.cuda.Event | None = None
        if tensor.is_cuda:
            import torch

            self._stream = torch.cuda.current_stream(tensor.device)
            self._ready = self._stream.record_event()

    @property
    def bytes(self) -> int:
        return self._tensor.numel() * self._tensor.element_size()

    @property
    def block(self) -> tuple[int, int]:
        """The memory that it keeps: its address, and how many bytes. A part of a tensor keeps the whole."""
        storage = self._tensor.untyped_storage()
        return storage.data_ptr(), storage.nbytes()

    def here(self) -> torch.Tensor:
        """The tensor, for use on the current stream: work queued on it from now on comes after the tensor is there."""
        if self._ready is not None:
            import torch

            stream = torch.cuda.current_stream(self._tensor.device)
            if stream != self._stream:
                stream.wait_event(self._ready)
                # Its memory must not be given to others while this stream still reads it.
                self._tensor.record_stream(stream)
        return self._tensor


def new_stream(device: str) -> torch.cuda.Stream | None:
    """A stream of a CUDA device, or None where torch knows no CUDA."""
    import torch

    make: Callable[[str], torch.cuda.Stream] = torch.cuda.Stream
    return make(device) if torch.cuda.is_available() else None


def finish(device: str) -> None:
    """Wait until all that was queued on a GPU is done; for what a stream cannot order, such as giving up memory that
    other streams may still read. Does nothing elsewhere."""
    torch = sys.modules.get("torch")  # without it, or before its first use of a GPU, nothing is queued
    if device.startswith("cuda") and torch is not None and torch.cuda.is_initialized():
        torch.cuda.synchronize(device)


def upload(array: NDArray[Any], device: str) -> torch.Tensor:
    """A copy of an array on a device, of the same shape. The array may change as soon as this returns."""
    import torch

    if not device.startswith("cuda"):
        return torch.from_numpy(np.array(array, order="C")).to(device)
    # Only page-locked memory is copied while the host goes on; torch keeps it until the copy is done, then reuses it.
    staged = torch.empty(array.shape, dtype=getattr(torch, array.dtype.name), pin_memory=True)
    staged.numpy()[...] = array
    return staged.to(device, non_blocking=True)


def download(*tensors: torch.Tensor) -> list[NDArray[Any]]:
    """Arrays of tensors, any device. The host waits once, for what the current stream holds so far.

    Tensors on the CPU are not copied: their arrays share their memory. Others are in ordinary memory: what is kept for
    long must not stay page-locked, where the system can move nothing, and of that torch gives none back.
    """
    copies: list[torch.Tensor] = []
    streams = set()
    for tensor in tensors:
        if tensor.is_cuda:
            import torch

            copy = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
            copies.append(copy.copy_(tensor.detach(), non_blocking=True))
            streams.add(torch.cuda.current_stream(tensor.device))
        else:
            copies.append(tensor.detach().cpu())
    for stream in streams:
        stream.synchronize()
    arrays = [copy.numpy() for copy in copies]
    return [array.copy() if tensor.is_cuda else array for array, tensor in zip(arrays, tensors, strict=True)]
