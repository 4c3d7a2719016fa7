"""Styles and larger pictures: what networks are given and what becomes of what they give; real weights on pictures."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, OnnxModel
from nodeflow.models.pipelines.making import Upscale as UpscaleSettings
from nodeflow.models.transform.styles import AnyStyle, ManyStyles
from nodeflow.models.transform.upscale import Upscale, spans
from nodeflow.models.whole import at_most
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.transform.styles import Style, StyleFrom
from nodes.transform.styles import Upscale as UpscaleNode

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (70, 100, 3)).astype(np.uint8))


class Network:
    provider, device = "CPU", "cpu"

    def __init__(self, inputs: dict[str, tuple[Any, ...]]) -> None:
        self.inputs = inputs
        self.calls: list[dict[str, np.ndarray]] = []

    def run(self, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        self.calls.append(feeds)
        return [self.answer(*feeds.values())]

    def answer(self, *given: np.ndarray) -> np.ndarray:
        return given[0]


def many() -> tuple[ManyStyles, Network]:
    network = Network({"image": (1, 3, "h", "w"), "style_weights": (26,)})
    return ManyStyles(cast(OnnxModel, network)), network


def test_a_blend_of_styles_adds_up_to_one() -> None:
    model, network = many()
    made = model(PICTURE, {3: 1.0, 12: 3.0}, longest=512)
    weights = network.calls[0]["style_weights"]
    assert weights[3] == pytest.approx(0.25)
    assert weights.sum() == pytest.approx(1)
    assert network.calls[0]["image"].shape == (1, 3, 72, 100)  # sides are whole numbers of 4
    np.testing.assert_allclose(made.array, PICTURE.resized(100, 72).array, atol=1)


@pytest.mark.parametrize(("blend", "says"), [({26: 1.0}, "0 to 25"), ({1: -1.0}, "-1.0"), ({1: 0.0}, "no style has")])
def test_blends_that_cannot_be_are_refused(blend: dict[int, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        many()[0](PICTURE, blend, longest=100)


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(64, 2048))
def test_pictures_are_shrunk_never_grown_beyond_a_step(width: int, height: int, longest: int) -> None:
    class Sized:
        class frame:  # noqa: N801
            size = (width, height)

        def resized(self, wide: int, high: int) -> tuple[int, int]:
            return wide, high

    image: Any = Sized()
    size = at_most(image, longest, 4)
    wide, high = (width, height) if size is image else cast(tuple[int, int], size)
    assert (wide % 4, high % 4) == (0, 0)
    assert max(wide, high) <= max(4, longest + 2, 4)
    assert abs(wide - min(1.0, longest / max(width, height)) * width) <= 4


def test_a_style_picture_is_read_once_and_mixed_with_the_pictures_own() -> None:
    class Reader(Network):
        def answer(self, *given: np.ndarray) -> np.ndarray:
            return np.full((1, 1, 1, 100), given[0].mean(), np.float32)

    class Painter(Network):
        def answer(self, *given: np.ndarray) -> np.ndarray:
            return np.full((1, 40, 60, 3), given[1].mean(), np.float32)

    reader = Reader({"style": (1, 16, 16, 3)})
    painter = Painter({"content": (1, 40, 60, 3), "numbers": (1, 1, 1, 100)})
    model = AnyStyle(cast(OnnxModel, reader), cast(OnnxModel, painter))
    white, black = (Image(np.full((20, 20, 3), level, np.uint8)) for level in (255, 0))
    for strength, level in ((1.0, 255), (0.5, 128), (0.0, 0)):
        made = model(black, white, strength=strength)
        assert made.frame.size == (60, 40)
        assert made.array.mean() == pytest.approx(level, abs=1)
    assert len(reader.calls) == 1 + 2  # the style once, the picture whenever it has a say


@given(st.integers(1, 3000), st.integers(64, 512), st.integers(1, 24))
def test_tiles_cover_everything_once_and_see_what_lies_around(length: int, tile: int, overlap: int) -> None:
    at = 0
    for start, end, before, behind in spans(length, tile, overlap):
        assert start == at < end
        assert behind - before <= tile
        assert before == max(0, start - overlap)
        assert behind == min(length, end + overlap)
        at = end
    assert at == length


class Doubles(Network):
    """Twice as large, each pixel the mean of its neighbours in the picture: what a tile sees around it matters."""

    def answer(self, *given: np.ndarray) -> np.ndarray:
        padded = np.pad(given[0], ((0, 0), (3, 3), (3, 3), (0, 0)), mode="edge")
        height, width = given[0].shape[1:3]
        mean = np.mean([padded[:, y : y + height, x : x + width] for y in range(7) for x in range(7)], axis=0)
        return cast(np.ndarray, mean.repeat(2, axis=1).repeat(2, axis=2))


def upscale(network: Network, **settings: Any) -> Upscale:
    return Upscale(cast(OnnxModel, network), UpscaleSettings(kind="upscale", factor=2, **settings))


def test_tiles_make_what_the_whole_would() -> None:
    picture = Image(np.random.default_rng(1).integers(0, 256, (150, 210, 3)).astype(np.uint8))
    whole, parts = Doubles({"lr": ()}), Doubles({"lr": ()})
    one = upscale(whole, tile=512)(picture)
    tiles = upscale(parts, tile=64, overlap=4)(picture)
    assert len(whole.calls) == 1
    assert len(parts.calls) > 6
    np.testing.assert_array_equal(one.array, tiles.array)
    assert one.frame == picture.frame.resized(420, 300)


def test_a_network_of_another_factor_is_refused() -> None:
    with pytest.raises(BadModel, match="factor"):
        upscale(Network({"lr": ()}))(PICTURE)


@pytest.fixture(scope="module")
def pictures(library: Library) -> dict[str, Image]:
    import cv2

    return {
        each: Image.from_bgr(np.asarray(cv2.imread(str(library.asset(each)))))
        for each in ("astronaut", "cat", "coffee")
    }


@pytest.mark.weights
def test_styles_change_the_look_and_keep_what_is_there(pictures: dict[str, Image]) -> None:
    image = pictures["astronaut"]
    with open_node(Style) as paint:
        made = [paint(image, style=style, blend=0.0, longest=384) for style in (0, 7, 19)]
    made.append(run_node(StyleFrom, image, pictures["coffee"]))
    grey = image.resized(64, 64).array.mean(axis=2).ravel()
    for one in made:
        assert one.frame.size == (384, 384)
        assert one.frame.same_source(image.frame)
        likeness = np.corrcoef(grey, one.resized(64, 64).array.mean(axis=2).ravel())[0, 1]
        assert likeness > 0.4  # the same scene
    for i, one in enumerate(made):
        for other in made[i + 1 :]:
            assert np.abs(one.array.astype(int) - other.array).mean() > 20  # in other colours


@pytest.mark.weights
@pytest.mark.parametrize(("model", "factor"), [("esrgan-slim-x2", 2), ("esrgan-slim-x4", 4)])
def test_a_shrunk_picture_grows_back_closer_than_by_resizing(
    model: str, factor: int, pictures: dict[str, Image]
) -> None:
    import cv2

    original = pictures["cat"].cropped(40, 20, 240, 240)
    small = original.resized(240 // factor, 240 // factor)
    grown = run_node(UpscaleNode, small, model=model)
    assert grown.frame.size == (240, 240)
    plain = cv2.resize(small.array, (240, 240), interpolation=cv2.INTER_LINEAR)
    inner = slice(8, -8), slice(8, -8)

    def apart(made: np.ndarray) -> float:
        return float(np.square(made[inner].astype(float) - original.array[inner]).mean())

    assert apart(grown.array) < apart(plain)
