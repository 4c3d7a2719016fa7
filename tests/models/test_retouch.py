"""Pictures made better: tiles, edges of tiles, and how much of it is wanted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import BadModel, open_task
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.transform import RetouchModel
from nodeflow.testing.nodes import open_node
from nodeflow.values import Image
from nodes.transform.retouch import Deblur

from .small_nets import OPEN, Shape, picture_net
from .stand_in import StandIn

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (150, 210, 3)).astype(np.uint8))


def darker(graph: OnnxGraph, x: str) -> str:
    return graph.add("Mul", x, np.float32(0.5))


def smooth(graph: OnnxGraph, x: str) -> str:
    """The mean of 7x7 pixels of each channel: what lies around a tile matters."""
    weight = np.full((3, 1, 7, 7), 1 / 49, np.float32)
    edge = graph.add("Pad", x, np.array([0, 0, 3, 3, 0, 0, 3, 3], np.int64), mode="edge")
    return graph.add("Conv", edge, weight, kernel_shape=[7, 7], group=3)


def test_strength_leads_from_the_picture_to_what_is_made_of_it(stand_in: StandIn) -> None:
    stand_in("nafnet-deblur", retouch=picture_net(OPEN, darker))
    with open_node(Deblur) as deblur:
        assert deblur(PICTURE, strength=0.0) is PICTURE
        made, half = deblur(PICTURE, strength=1.0), deblur(PICTURE, strength=0.5)
    np.testing.assert_allclose(made.array, PICTURE.array / 2, atol=0.51)
    np.testing.assert_allclose(half.array, PICTURE.array * 0.75, atol=1.01)
    assert made.frame == PICTURE.frame


def test_tiles_make_what_the_whole_would(stand_in: StandIn) -> None:
    def opened(shape: Shape, **pipeline: int) -> RetouchModel:
        stand_in("nafnet-deblur", retouch=picture_net(shape, smooth), pipeline=pipeline)
        model: RetouchModel = open_task("deblur", "nafnet-deblur")
        return model

    whole = opened(OPEN, tile=1024, step=1)
    tiled, fixed = opened(OPEN, tile=64, overlap=4), opened((1, 3, 64, 96), tile=64, overlap=4)

    @settings(max_examples=20, deadline=None)
    @given(st.integers(1, 170), st.integers(1, 150))
    def at_any_size(wide: int, high: int) -> None:
        picture = PICTURE.cropped(0, 0, wide, high)
        np.testing.assert_array_equal(whole(picture).array, tiled(picture).array)
        np.testing.assert_array_equal(whole(picture).array, fixed(picture).array)

    at_any_size()


@pytest.mark.parametrize(
    ("shape", "pipeline"), [(OPEN, {"tile": 64, "overlap": 32}), ((1, 3, 96, 32), {"tile": 512, "overlap": 16})]
)
def test_tiles_that_are_nothing_but_edges_are_refused(
    stand_in: StandIn, shape: Shape, pipeline: dict[str, int]
) -> None:
    """Else the next tile would begin where this one did, for ever."""
    stand_in("nafnet-deblur", retouch=picture_net(shape, darker), pipeline=pipeline)
    with pytest.raises(BadModel, match="cannot overlap by"):
        open_task("deblur", "nafnet-deblur")


def test_a_network_that_gives_another_size_is_refused(stand_in: StandIn) -> None:
    stand_in("nafnet-deblur", retouch=picture_net(OPEN, lambda graph, x: graph.add("Transpose", x, perm=[0, 1, 3, 2])))
    with pytest.raises(BadModel, match="does not belong"):
        open_task("deblur", "nafnet-deblur")(PICTURE.cropped(0, 0, 32, 48))
