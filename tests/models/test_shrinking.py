"""How much it matters that pictures are made smaller by averaging, where authors use filters of their own.

EfficientNet-Lite's authors shrink bicubically and without smoothing, to the middle 7/8 of the shorter side; others
bilinearly, with and without it. What a network says of the same picture shrunk by torch in these ways is held to what
it says where we shrink it.
"""

from __future__ import annotations

import numpy as np
import pytest

from nodeflow.models import Library, open_task
from nodeflow.models.classes import ClassModel
from nodeflow.values import Image
from nodes.io.image import read_image

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.weights

SIZE = 224
SHOWN = 7 / 8
"""Of the shorter side, by the authors."""


@pytest.fixture(scope="module")
def network() -> ClassModel:
    model: ClassModel = open_task("classes", "efficientnet-lite0", device="cpu")
    return model


def middle(picture: Image, part: float) -> Image:
    """The square in the middle, so large a part of the shorter side."""
    side = int(min(picture.width, picture.height) * part)
    return picture.cropped((picture.width - side) // 2, (picture.height - side) // 2, side, side)


def by_torch(picture: Image, mode: str, smooth: bool) -> Image:
    levels = torch.from_numpy(picture.array.copy()).permute(2, 0, 1)[None].float()
    small = torch.nn.functional.interpolate(levels, (SIZE, SIZE), mode=mode, antialias=smooth)
    return Image(np.ascontiguousarray(small.round().clamp(0, 255)[0].permute(1, 2, 0).byte().numpy()))


@pytest.mark.parametrize("sample", ["cat", "coffee"])
@pytest.mark.parametrize(("mode", "smooth"), [("bilinear", True), ("bilinear", False), ("bicubic", False)])
def test_another_filter_moves_no_likelihood_by_more_than_a_twentieth(
    network: ClassModel, library: Library, sample: str, mode: str, smooth: bool
) -> None:
    square = middle(read_image(library.asset(sample)), 1.0)
    ours, theirs = network(square), network(by_torch(square, mode, smooth))
    assert np.abs(ours.score - theirs.score).max() < 0.05
    assert set(np.argsort(-ours.score)[:3]) == set(np.argsort(-theirs.score)[:3])


@pytest.mark.parametrize("sample", ["cat", "coffee"])
def test_all_of_a_picture_says_what_its_middle_does(network: ClassModel, library: Library, sample: str) -> None:
    """As the authors show it: the likeliest three are the same, and none moves by more than a tenth."""
    picture = read_image(library.asset(sample))
    ours, theirs = network(picture), network(by_torch(middle(picture, SHOWN), "bicubic", False))
    assert np.abs(ours.score - theirs.score).max() < 0.1
    assert set(np.argsort(-ours.score)[:3]) == set(np.argsort(-theirs.score)[:3])
