"""What becomes of logits, whatever their size."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.models.likely import sigmoid, softmax

LOGITS = arrays.arrays(
    np.float32,
    arrays.array_shapes(min_dims=1, max_dims=3, max_side=5),
    elements=st.floats(-(2.0**100), 2.0**100, width=32),
)


@given(LOGITS, st.data())
def test_likelihoods_along_an_axis_make_one_and_keep_their_order(logits: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-logits.ndim, logits.ndim - 1))
    likely = softmax(logits, axis)
    assert (likely.shape, likely.dtype) == (logits.shape, np.dtype(np.float32))
    np.testing.assert_allclose(likely.sum(axis), 1, rtol=1e-5)
    rows, told = (np.moveaxis(each, axis, -1).reshape(-1, logits.shape[axis]) for each in (logits, likely))
    ordered = np.take_along_axis(told, np.argsort(rows, axis=1), axis=1)
    assert (np.diff(ordered, axis=1) >= 0).all()


@given(st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=9))
def test_a_step_of_one_is_a_factor_of_e(row: list[float]) -> None:
    likely = softmax(np.array(row, np.float32)).astype(np.float64)
    np.testing.assert_allclose(likely / likely.max(), np.exp(np.array(row) - max(row)), rtol=1e-4, atol=1e-30)


@given(LOGITS)
def test_each_by_itself_lies_between_none_and_one(logits: np.ndarray) -> None:
    likely = sigmoid(logits)
    assert ((likely >= 0) & (likely <= 1)).all()
    np.testing.assert_allclose(likely + sigmoid(-logits), 1, atol=1e-6)
