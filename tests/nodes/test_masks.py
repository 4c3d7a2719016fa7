"""Masks: where they land, and what comes behind them."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, OnnxModel
from nodeflow.models.masks.network import MaskNetwork
from nodeflow.models.pipelines.pictures import MaskNetwork as Settings
from nodeflow.node import NodeError
from nodeflow.testing.nodes import run_node
from nodeflow.values import Frame, Image, Mask
from nodes.masks.masks import PersonMask, background, covering, draw_mask, placed, sharpened
from nodes.masks.pictures import of_picture, picture
from tests.models.on_host import OnHost

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (60, 100, 3)).astype(np.uint8))


def left_half(frame: Frame) -> Mask:
    weight = np.zeros((frame.height, frame.width), np.float32)
    weight[:, : frame.width // 2] = 1
    return Mask(weight, frame)


def test_a_small_mask_covers_the_whole_picture() -> None:
    weight = placed(left_half(PICTURE.frame.resized(10, 6)), PICTURE)
    assert weight.shape == (60, 100)
    assert (weight[:, :44] == 1).all()
    assert (weight[:, 56:] == 0).all()
    assert weight[30, 49] == pytest.approx(0.55, abs=0.05)


def test_a_mask_finds_its_place_on_a_crop_and_ends_where_it_ends() -> None:
    mask = left_half(PICTURE.frame)
    assert (placed(mask, PICTURE.cropped(40, 10, 20, 20))[:, :9] == 1).all()
    assert (placed(mask, PICTURE.cropped(40, 10, 20, 20))[:, 11:] == 0).all()
    part = Mask(np.ones((20, 20), np.float32), PICTURE.frame.cropped(10, 10, 20, 20))
    assert placed(part, PICTURE).sum() == pytest.approx(400, abs=1)
    with pytest.raises(NodeError, match="The mask was found in a picture of 50x60"):
        placed(left_half(Frame.of(50, 60)), PICTURE)


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_edge_keeps_what_is_sure_and_the_middle(edge: float, weight: float) -> None:
    sharp = sharpened(np.array([[0, 0.5, 1, weight]], np.float32), edge)[0]
    np.testing.assert_allclose(sharp[:3], (0, 0.5, 1), atol=1e-6)
    assert 0 <= sharp[3] <= 1
    assert (sharp[3] >= 0.5) == (np.float32(weight) >= 0.5)


def test_what_the_mask_holds_stays_and_the_rest_is_replaced() -> None:
    mask = left_half(PICTURE.frame)
    green = run_node(background, PICTURE, mask, behind="color", color="#00ff00", edge=0)
    np.testing.assert_array_equal(green.array[:, :50], PICTURE.array[:, :50])
    assert (green.array[:, 50:] == (0, 255, 0)).all()
    other = run_node(background, PICTURE, mask, behind="color", color="#00ff00", edge=0, invert=True)
    np.testing.assert_array_equal(other.array[:, 50:], PICTURE.array[:, 50:])
    soft = run_node(background, PICTURE, mask, radius=8)
    np.testing.assert_array_equal(soft.array[:, :40], PICTURE.array[:, :40])
    assert soft.array[:, 60:].std() < PICTURE.array[:, 60:].std() / 3
    behind = Image(np.full((10, 10, 3), 77, np.uint8))
    for choice in ("picture", "auto"):
        assert (run_node(background, PICTURE, mask, behind, behind=choice, edge=0).array[:, 50:] == 77).all()
    with pytest.raises(NodeError, match="no picture"):
        run_node(background, PICTURE, mask, behind="picture")
    assert soft.frame == PICTURE.frame


def test_a_picture_behind_fills_the_frame_without_being_stretched() -> None:
    wide = np.zeros((10, 40, 3), np.uint8)
    wide[:, 15:25] = 200
    np.testing.assert_array_equal(covering(Image(wide), 10, 10), np.full((10, 10, 3), 200))


def test_a_drawn_mask_colours_what_it_holds() -> None:
    drawn = run_node(draw_mask, PICTURE, left_half(PICTURE.frame), color="#ff0000", opacity=1.0)
    assert (drawn.array[:, :50] == (255, 0, 0)).all()
    np.testing.assert_array_equal(drawn.array[:, 50:], PICTURE.array[:, 50:])


def test_a_mask_and_its_picture_lead_back_and_forth() -> None:
    mask = Mask(np.linspace(0, 1, 6000, dtype=np.float32).reshape(60, 100), PICTURE.frame.resized(100, 60))
    grey = run_node(picture, mask)
    assert grey.frame == mask.frame
    np.testing.assert_allclose(run_node(of_picture, grey).weight, mask.weight, atol=0.003)
    np.testing.assert_allclose(
        run_node(of_picture, run_node(picture, mask, invert=True)).weight, 1 - mask.weight, atol=0.003
    )
    sharp = run_node(of_picture, grey, middle=0.25, edge=0.0).weight
    np.testing.assert_array_equal(sharp[mask.weight < 0.24], 0)
    np.testing.assert_array_equal(sharp[mask.weight > 0.26], 1)
    np.testing.assert_allclose(run_node(of_picture, grey, invert=True).weight, 1 - mask.weight, atol=0.003)


class Says(OnHost):
    provider, device = "CPU", "cpu"
    inputs: dict[str, tuple[int, ...]] = {"in": ()}

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight

    def run(self, feeds: dict[str, Any], outputs: list[str] | None = None) -> list[Any]:
        assert feeds["in"].shape == (1, 16, 32, 3)
        return [self.weight]


def test_a_network_of_another_size_than_the_card_says_is_refused() -> None:
    settings = Settings(kind="mask", width=32, height=16)
    model = MaskNetwork(cast(OnnxModel, Says(np.full((1, 16, 32, 1), 2.0, np.float32))), settings)
    mask = model(PICTURE)
    assert (mask.weight.max(), mask.frame.size) == (1, (32, 16))
    assert mask.frame.same_source(PICTURE.frame)
    with pytest.raises(BadModel, match="32x16"):
        MaskNetwork(cast(OnnxModel, Says(np.zeros((1, 8, 8, 1), np.float32))), settings)(PICTURE)


@pytest.mark.weights
@pytest.mark.parametrize("model", ["selfie", "selfie-landscape"])
def test_the_astronaut_is_in_front_of_her_flag_and_shuttle(model: str, library: Library) -> None:
    import cv2

    image = Image.from_bgr(np.asarray(cv2.imread(str(library.asset("astronaut")))))
    weight = placed(run_node(PersonMask, image, model=model), image)
    for x, y in ((225, 60), (225, 130), (150, 300), (300, 250)):  # hair, face, suit
        assert weight[y, x] > 0.9
    for x, y in ((30, 40), (430, 120), (380, 30)):  # flag, shuttle, sky
        assert weight[y, x] < 0.1
