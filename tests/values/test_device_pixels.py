"""Pictures changed in torch are those that OpenCV makes. On the CPU, where torch's device forms run as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.values import Frame, Image, device_pixels
from nodeflow.values.frame import Affine

torch = pytest.importorskip("torch")

SIDE = st.integers(1, 70)
PART = st.floats(-3, 3, allow_nan=False)
AFFINES = st.tuples(PART, PART, st.floats(-60, 60), PART, PART, st.floats(-60, 60))
many = settings(deadline=None, max_examples=80)


def noise(width: int, height: int, seed: int = 0) -> Image:
    """The hardest picture: neighbours have nothing to do with one another."""
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8))


def on_torch(image: Image) -> Image:
    return Image.from_tensor(image.tensor(), image.frame)


def apart(one: Image, other: Image) -> int:
    """The largest difference of any level."""
    assert one.frame == other.frame
    return int(np.abs(one.array.astype(int) - other.array).max())


@given(SIDE, SIDE, SIDE, SIDE)
@many
def test_a_resize_is_that_of_the_host(width: int, height: int, wide: int, high: int) -> None:
    image = noise(width, height)
    moved = on_torch(image).resized(wide, high)
    assert moved.device == "cpu"
    assert apart(moved, image.resized(wide, high)) <= 1


@given(SIDE, SIDE, AFFINES, SIDE, SIDE)
@many
def test_a_warp_is_that_of_the_host(width: int, height: int, to_here: Affine, wide: int, high: int) -> None:
    image = noise(width, height)
    moved = on_torch(image).warped(to_here, wide, high)
    assert apart(moved, image.warped(to_here, wide, high)) <= 1


@given(SIDE, SIDE, AFFINES, st.booleans())
@many
def test_sampling_is_bilinear_and_black_or_extended_outside(
    width: int, height: int, affine: Affine, extend: bool
) -> None:
    image = noise(width, height)
    shown = device_pixels.sampled(image.tensor(), affine, 40, 30, extend=extend)
    border = cv2.BORDER_REPLICATE if extend else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    exact = image.array.astype(np.float32)
    expected = cv2.warpAffine(exact, np.array(affine).reshape(2, 3), (40, 30), flags=flags, borderMode=border)
    np.testing.assert_allclose(shown.numpy().transpose(1, 2, 0), expected, atol=0.1)


@given(SIDE, SIDE, st.floats(0.3, 30))
@many
def test_a_blur_is_a_gaussian(width: int, height: int, sigma: float) -> None:
    image = noise(width, height)
    soft = Image.from_tensor(device_pixels.blurred(image.tensor(), sigma)).array
    size = 2 * device_pixels.blur_reach(sigma) + 1
    assert np.abs(cv2.GaussianBlur(image.array.astype(np.float32), (size, size), sigma) - soft).max() < 0.51


@pytest.mark.parametrize("sigma", [0.5, 1, 2, 4, 8, 12, 20, 30, 50])
def test_a_blur_is_that_of_the_host(sigma: float) -> None:
    """On bytes OpenCV rounds its kernel to 1/256; it shows where a kernel is larger than the picture."""
    corners = np.zeros((300, 400, 3), np.uint8)
    corners[100:, 200:] = 255
    for image in (noise(400, 300), Image(corners)):
        host = image.replaced(np.asarray(cv2.GaussianBlur(image.array, (0, 0), sigma), np.uint8))
        assert apart(Image.from_tensor(device_pixels.blurred(image.tensor(), sigma)), host) <= 2


@given(st.integers(1, 200), st.integers(1, 200))
def test_every_new_pixel_is_a_mean_of_old_ones(old: int, new: int) -> None:
    weights = device_pixels._weights(old, new, torch.device("cpu"))
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(dim=1).numpy(), 1, atol=1e-4)


def test_a_resize_that_shrinks_one_axis_and_grows_the_other_averages_along_the_first() -> None:
    stripes = np.zeros((4, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    for image in (Image(stripes), on_torch(Image(stripes))):
        assert set(np.unique(image.resized(8, 16).array)) == {100}


@pytest.mark.weights
def test_on_real_frames_differences_are_those_of_rounding(frames_of: Callable[..., Iterator[Image]]) -> None:
    image = next(iter(frames_of("one_person")))
    there = on_torch(image)
    turned = (2.9, -1.1, 300.0, 1.1, 2.9, 200.0)
    for host, moved in (
        (image.resized(320, 569), there.resized(320, 569)),
        (image.resized(1500, 2000), there.resized(1500, 2000)),
        (image.warped(turned, 256, 256), there.warped(turned, 256, 256)),
    ):
        assert apart(host, moved) <= 1
        assert np.abs(host.array.astype(int) - moved.array).mean() < 0.1


def test_frames_of_reference_are_those_of_the_host() -> None:
    image = Image(np.zeros((30, 40, 3), np.uint8), Frame.of(80, 60).resized(40, 30))
    crop, host = on_torch(image).cropped(3, 4, 20, 10), image.cropped(3, 4, 20, 10)
    assert crop.frame == host.frame
    assert crop.device == "cpu"
