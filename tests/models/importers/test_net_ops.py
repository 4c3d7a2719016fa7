"""What the networks that are built by name have in common, against its definition."""

from __future__ import annotations

from collections.abc import Callable
from math import erf
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from nodeflow.models.importers.net_ops import BatchNorm, gelu, relu6, same_padding, twice_as_large
from nodeflow.models.importers.onnx_graph import OnnxGraph

from .accuracy import session

X = np.linspace(-8, 8, 101, dtype=np.float32).reshape(1, 1, 1, 101)


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (gelu, X * [(1 + erf(each / 2**0.5)) / 2 for each in X.ravel()]),
        (relu6, np.clip(X, 0, 6)),
        (twice_as_large, X.repeat(2, axis=2).repeat(2, axis=3)),
    ],
    ids=["gelu", "relu6", "twice as large"],
)
def test_a_step_is_as_it_is_defined(tmp_path: Path, step: Callable[[OnnxGraph, str], str], wanted: np.ndarray) -> None:
    graph = OnnxGraph("step")
    graph.output("y", step(graph, graph.input("x", np.float32, X.shape)))
    onnx.save(graph.finish(), tmp_path / "step.onnx")
    assert_allclose(session(tmp_path / "step.onnx").run(None, {"x": X})[0], wanted, rtol=1e-6, atol=1e-6)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1]), st.booleans(), st.booleans())
def test_a_normalisation_that_is_folded_gives_what_it_gives_behind(
    seed: int, axis: int, scaled: bool, biased: bool
) -> None:
    random = np.random.default_rng(seed)
    made, given_ = 4, 3
    weight = random.normal(size=(made, given_)).astype(np.float32)
    bias, shift, mean = random.normal(size=(3, made)).astype(np.float32)
    scale, variance = random.uniform(0.5, 2, size=(2, made)).astype(np.float32)
    normal = BatchNorm.of(scale if scaled else None, shift, mean, variance, 1e-3)
    x = random.normal(size=given_).astype(np.float32)
    plain = weight @ x + (bias if biased else 0)
    wanted = (plain - mean) / np.sqrt(variance + 1e-3) * (scale if scaled else 1) + shift
    folded, moved = normal.folded(weight.T if axis else weight, bias if biased else 0.0, axis)
    assert folded.dtype == moved.dtype == np.float32
    assert_allclose((folded.T if axis else folded) @ x + moved, wanted, rtol=1e-3, atol=1e-4)


@given(st.tuples(*[st.integers(1, 300)] * 2), st.integers(1, 9), st.integers(1, 4))
def test_as_many_windows_fit_as_steps_and_what_is_left_over_goes_behind(
    sides: tuple[int, int], kernel: int, stride: int
) -> None:
    pads, made = same_padding(sides, kernel, stride)
    for axis in (0, 1):
        before, behind = pads[axis], pads[axis + 2]
        assert made[axis] == -(-sides[axis] // stride)
        assert (sides[axis] + before + behind - kernel) // stride + 1 == made[axis]
        assert 0 <= behind - before <= 1
