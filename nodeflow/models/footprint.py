"""How much memory this process and a device have taken, for whoever measures what something costs.

    before = resident()
    ...
    cost = grown(before, resident())    # None where the system does not tell

These are the numbers of the whole process, or of the whole device: what others take meanwhile is among them, and
memory that was free in the process before is not.
"""

from __future__ import annotations

import platform
from pathlib import Path


def resident() -> int | None:
    """Bytes of memory that the process has now; on a Mac, that it ever had; None where nobody tells."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text("ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if platform.system() == "Darwin" else None


def taken(device: str) -> int | None:
    """Bytes taken of a GPU's memory by anybody, or by this process of the host's; None where nobody tells."""
    if not device.startswith("cuda"):
        return resident()
    import torch

    try:
        free, total = torch.cuda.mem_get_info(torch.device(device))
    except (RuntimeError, AssertionError):  # a torch without CUDA, or a GPU that it cannot use
        return None
    return total - free


def grown(before: int | None, after: int | None) -> int | None:
    """By how many bytes, 0 where it shrank."""
    return None if before is None or after is None else max(0, after - before)
