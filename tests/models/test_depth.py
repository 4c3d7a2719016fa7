"""Depth: which end is near, what it looks like, and pictures that have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nodeflow.models import BadModel, open_task
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.depth.depth import Depth, FindDepth, shown, spread

from .small_nets import OPEN, mean_of_channels, picture_net
from .stand_in import StandIn

RAMP = Image(np.repeat(np.linspace(0, 255, 100).astype(np.uint8)[None, :, None], 60, axis=0).repeat(3, axis=2))


def lower_by_half(graph: OnnxGraph, x: str) -> str:
    """Rows x columns, without an axis of planes, as the real one gives it."""
    flat = graph.add("Squeeze", mean_of_channels(graph, x), np.array([1], np.int64))
    return graph.add("Mul", flat, np.float32(0.5))


def test_the_picture_is_shown_as_it_was_trained_and_large_is_near(stand_in: StandIn) -> None:
    stand_in("depth-anything-v2-small", depth=picture_net(OPEN, lower_by_half, name="pixel_values"))
    with open_node(FindDepth) as depth:
        found = Depth(*depth(RAMP, longest=70))
        assert found.values.array.shape == (42, 70)  # whole numbers of 14
        assert found.near.frame == found.picture.frame == RAMP.frame.resized(70, 42)
        assert Depth(*depth(RAMP, longest=518)).values.array.shape == (56, 98)
    pixels = RAMP.resized(70, 42).array / 255
    wanted = ((pixels - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)).mean(axis=2) / 2
    np.testing.assert_allclose(found.values.array, wanted, atol=1e-4)
    assert (found.near.weight[:, 0].max(), found.near.weight[:, -1].min()) == (0, 1)
    assert found.values.axes == ("rows", "columns")
    bright = found.picture.array.astype(int).sum(axis=2)
    assert bright[20, 65] > bright[20, 35] > bright[20, 4]


def test_where_small_numbers_are_near_they_are_turned_over(stand_in: StandIn) -> None:
    stand_in("depth-anything-v2-small", depth=picture_net(OPEN, lower_by_half), pipeline={"near": "small"})
    near = Depth(*run_node(FindDepth, RAMP)).near.weight
    assert (near[:, 0].min(), near[:, -1].max()) == (1, 0)


def test_a_network_that_gives_no_map_is_refused(stand_in: StandIn) -> None:
    pooled = picture_net(OPEN, lambda graph, x: graph.add("Flatten", graph.add("GlobalAveragePool", x)))
    stand_in("depth-anything-v2-small", depth=pooled)
    with pytest.raises(BadModel, match="no map"):
        open_task("depth", "depth-anything-v2-small")(RAMP, longest=70)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1e9, 1e9, width=32)))
def test_any_numbers_become_weights_in_their_order(values: np.ndarray) -> None:
    weight = spread(values)
    assert ((weight >= 0) & (weight <= 1)).all()
    assert (np.diff(weight.ravel()[np.argsort(values.ravel(), kind="stable")]) >= 0).all()
    if values.min() < values.max():
        assert (weight.min(), weight.max()) == (0, 1)


def test_a_plane_and_what_is_no_number_are_far() -> None:
    assert not spread(np.full((3, 4), 7, np.float32)).any()
    assert not spread(np.array([[np.nan, np.inf]], np.float32)).any()
    grey = shown(np.array([[0.0, 0.5, 1.0]], np.float32), grey=True)
    assert grey.tolist() == [[[0] * 3, [128] * 3, [255] * 3]]
