"""Thread counts are the engine's decision: its workers run nodes beside one another, so libraries must not each take
every core too.

Measured on two cores: onnxruntime with two spinning threads ran at half the speed of one; torch with two threads beside
a busy core fell from 30 ms to 2.2 s a call. onnxruntime is limited where sessions are made (`nodeflow.models.runtime`).
"""

from __future__ import annotations

import os
import sys


def limit_libraries(threads: int) -> None:
    """Let OpenCV and torch use so many threads for one call, now or when they are imported."""
    import cv2

    cv2.setNumThreads(threads)
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))  # torch reads it when it is imported
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
