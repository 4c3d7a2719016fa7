"""Points settled by heatmaps: as MediaPipe has it, and on a device as on the host."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nodeflow.models import BadModel
from nodeflow.models.pose.settling import DeviceSettle, Settled, settle

from . import reference

torch = pytest.importorskip("torch")

points = arrays(np.float32, (5, 2), elements=st.floats(-0.25, 1.25, width=32))
thresholds = st.sampled_from([0.3, 0.5, 0.9])


def maps(seed: int) -> np.ndarray:
    heatmaps = np.random.default_rng(seed).normal(-1, 1, (16, 20, 7)).astype(np.float32)
    heatmaps[0] -= 3  # so that some points stay where they are
    return heatmaps


@given(points, st.integers(0, 2**31), thresholds)
@settings(deadline=None, max_examples=60)
def test_points_settle_as_in_mediapipe(points: np.ndarray, seed: int, threshold: float) -> None:
    heatmaps = maps(seed)
    expected = reference.settled(points, heatmaps, threshold)
    np.testing.assert_allclose(settle(points, heatmaps, threshold), expected, atol=1e-5)
    there = DeviceSettle()(torch.from_numpy(points), torch.from_numpy(heatmaps), threshold)
    assert there.dtype == torch.float32
    np.testing.assert_allclose(there.numpy(), expected, atol=1e-5)


def answer(seed: int) -> list[np.ndarray]:
    """What a network with 5 points gives."""
    random = np.random.default_rng(seed)
    flat = random.uniform(-8, 40, (1, 25)).astype(np.float32)
    return [flat, np.array([[0.7]], np.float32), maps(seed)[None], random.normal(size=(1, 15)).astype(np.float32)]


def test_a_reading_is_the_same_on_the_host_and_on_a_device() -> None:
    reading = Settled(5, 3, 32, 0.5)
    for seed in range(20):
        outputs = answer(seed)
        there = reading.on_device([torch.from_numpy(each) for each in outputs])
        here = reading.on_host(outputs)
        assert [each.shape for each in here] == [(3, 2), (5, 5), (1, 1), (5, 3)]
        for one, other in zip(here, there, strict=True):
            assert str(other.dtype) == f"torch.{one.dtype}"
            np.testing.assert_allclose(other.numpy(), one, atol=1e-4)


@pytest.mark.parametrize("drop", [0, 1, 3])
def test_another_networks_answer_is_told_apart(drop: int) -> None:
    outputs: list[Any] = answer(0)
    outputs[drop] = outputs[drop][..., :-1]
    with pytest.raises(BadModel, match="correct the card's networks"):
        Settled(5, 3, 32, 0.5).on_host(outputs)
