"""Imported models give what the runtimes that they come from gave (docs/importers.md has the figures)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .accuracy import compared, operators
from .subjects import EVERY, Subject

each = pytest.mark.parametrize("subject", EVERY, ids=lambda subject: subject.file)


@pytest.mark.weights
@each
def test_outputs_agree_with_the_reference_runtime(subject: Subject, onnx_of: Callable[[Subject], Path]) -> None:
    assert compared(subject, onnx_of(subject)).relative <= subject.tolerance


@pytest.mark.weights
@each
def test_optimisation_leaves_few_transposes(subject: Subject, onnx_of: Callable[[Subject], Path]) -> None:
    found = operators(onnx_of(subject))
    assert found["Transpose"] <= 15  # of two for each of up to 200 convolutions
    assert found["Identity"] <= 2
