"""NVIDIA's driver, for what torch has no call for, or none that is quick enough.

torch lets go of Python's lock in most of its calls, and then has to get it back from whatever else runs. Among the
threads of a graph that takes fifty microseconds, where to queue a copy takes two.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import NamedTuple

Handle = ctypes.c_void_p


class Driver(NamedTuple):
    """The same calls in two ways: `quick` keeps Python's lock, for what never takes long; `patient` gives it away."""

    quick: ctypes.PyDLL
    patient: ctypes.CDLL


@cache
def driver() -> Driver | None:
    """NVIDIA's driver; None where there is none, or one from before CUDA 11.4."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        found = Driver(ctypes.PyDLL(name), ctypes.CDLL(name))
        for calls in found:
            calls.cuGraphInstantiateWithFlags.argtypes = (ctypes.c_void_p, Handle, ctypes.c_ulonglong)
            calls.cuMemcpyAsync.argtypes = (ctypes.c_uint64, ctypes.c_uint64, ctypes.c_size_t, Handle)
            _ = calls.cuStreamBeginCapture_v2, calls.cuCtxPushCurrent_v2
    except (OSError, AttributeError):
        return None
    return found


def done(error: int) -> None:
    """Raise RuntimeError unless a call of the driver says that all is well."""
    if error:
        raise RuntimeError(f"the GPU did not take what was queued for it: error {error} of the CUDA driver")
