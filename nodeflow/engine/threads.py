"""Thread counts are the engine's decision: its workers run nodes beside one another, so libraries must not each take
every core too.

Measured on two cores: onnxruntime with two spinning threads ran at half the speed of one; torch with two threads beside
a busy core fell from 30 ms to 2.2 s a call; a product of matrices in numpy went from 0.1 ms of processor time to 8,
since OpenBLAS's threads spin. onnxruntime is limited where sessions are made (`nodeflow.models.runtime`).
"""

from __future__ import annotations

import os
import sys


def limit_libraries(threads: int) -> None:
    """Let numpy, OpenCV and torch use so many threads for one call, now or when they are imported."""
    for variable in ("OPENCV_FOR_THREADS_NUM", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, str(threads))  # read when the library is imported
    opencv, torch = sys.modules.get("cv2"), sys.modules.get("torch")
    if "numpy" in sys.modules:
        from threadpoolctl import threadpool_limits

        threadpool_limits(threads, user_api="blas")
    if opencv is not None:
        opencv.setNumThreads(threads)
    if torch is not None:
        torch.set_num_threads(threads)
