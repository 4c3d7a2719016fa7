"""How many threads libraries use for one call."""

from __future__ import annotations

import ctypes
import os

import pytest

from nodeflow.engine import threads


def test_numpy_multiplies_on_as_many_threads_as_it_is_told() -> None:
    import cv2

    libraries = threads._numpys_own()
    if not libraries:
        pytest.skip("this numpy brings no OpenBLAS of its own")
    counted = ctypes.CDLL(os.fspath(libraries[0])).scipy_openblas_get_num_threads64_
    before, cvs = counted(), cv2.getNumThreads()
    try:
        for count in (2, 1):
            threads.limit_libraries(count)
            assert counted() == min(count, os.cpu_count() or 1)
    finally:
        threads.limit_libraries(before)
        cv2.setNumThreads(cvs)
