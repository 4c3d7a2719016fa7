"""Edges: what networks are shown, where the answer lies, and real outlines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, open_task
from nodeflow.models.likely import sigmoid
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.edges.edges import Edges

from .small_nets import OPEN, mean_of_channels, nothing, picture_net
from .stand_in import StandIn

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (60, 100, 3)).astype(np.uint8))


def flat(*rgb: int) -> Image:
    return Image(np.full((60, 100, 3), rgb, np.uint8))


def test_dexined_is_shown_bgr_less_its_mean_and_its_last_output_counts(stand_in: StandIn) -> None:
    stand_in("dexined", edges=picture_net((1, 3, 512, 512), nothing, mean_of_channels))
    mask = run_node(Edges, flat(124, 117, 104), model="dexined")
    assert mask.frame == PICTURE.frame.resized(512, 512)
    wanted = (124 - 123.6 + 117 - 116.2 + 104 - 103.5) / 3  # BGR: the mean of red is taken from red
    np.testing.assert_allclose(mask.weight, 1 / (1 + np.exp(-wanted)), atol=1e-5)


def test_a_network_of_any_size_sees_as_much_as_it_is_asked_to(stand_in: StandIn) -> None:
    stand_in("dexined", edges=picture_net(OPEN, mean_of_channels), pipeline={"shown": {"scale": 1 / 255, "step": 16}})
    with open_node(Edges, model="dexined") as edges:
        assert edges(PICTURE, longest=64).frame.size == (64, 32)
        assert edges(PICTURE, longest=2048).frame.size == (96, 64)
        likely = edges(PICTURE, longest=2048, least=0.6).weight
    assert set(np.unique(likely[likely < 0.6])) == {0}
    assert (likely >= 0.6).any()


def test_a_network_that_answers_at_another_size_is_refused(stand_in: StandIn) -> None:
    half = picture_net(OPEN, lambda graph, x: graph.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2]))
    stand_in("dexined", edges=half)
    with pytest.raises(BadModel, match="512x512"):
        open_task("edges", "dexined")(PICTURE, longest=512)


@given(st.floats(-80, 80))
def test_likelihoods_of_logits(logit: float) -> None:
    (likely,) = sigmoid(np.array([logit], np.float32))
    assert likely == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-6)
    assert 0 <= likely <= 1


@pytest.mark.weights
def test_outlines_of_the_astronaut_lie_where_things_end(library: Library) -> None:
    import cv2

    image = Image.from_bgr(np.asarray(cv2.imread(str(library.asset("astronaut")))))
    edges = cv2.resize(run_node(Edges, image, longest=256).weight, (512, 512))

    def likeliest(x: int, y: int, reach: int = 12) -> float:
        return float(edges[y - reach : y + reach, x - reach : x + reach].max())

    for x, y in ((165, 40), (283, 70), (110, 180), (380, 90)):  # hair left and right, collar, shuttle
        assert likeliest(x, y, 24) > 0.7
    for x, y in ((330, 60), (130, 130), (330, 130)):  # the plain background between them
        assert likeliest(x, y, 8) < 0.35
    grey = cv2.cvtColor(image.array, cv2.COLOR_RGB2GRAY)
    steep = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    assert steep[edges > 0.8].mean() > 3 * steep[edges < 0.1].mean()
