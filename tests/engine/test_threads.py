"""How many threads libraries use for one call."""

from __future__ import annotations

import os

import pytest
from threadpoolctl import threadpool_info

from nodeflow.engine.threads import limit_libraries


def matrix_threads() -> int:
    import numpy  # noqa: F401 - it brings the library that multiplies its matrices

    return next((each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"), 0)


def test_numpy_multiplies_on_as_many_threads_as_it_is_told() -> None:
    import cv2

    before, cvs = matrix_threads(), cv2.getNumThreads()
    if not before:
        pytest.skip("this numpy multiplies without such a library")
    try:
        for count in (2, 1):
            limit_libraries(count)
            assert matrix_threads() == min(count, os.cpu_count() or 1)
    finally:
        limit_libraries(before)
        cv2.setNumThreads(cvs)
