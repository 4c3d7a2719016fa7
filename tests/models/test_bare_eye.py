"""What any network is shown of a picture, against plain loops."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel
from nodeflow.models.bare import Options
from nodeflow.models.bare.eye import eye_for
from nodeflow.models.bare.options import Channels
from nodeflow.models.bare.view import View
from nodeflow.models.signature import Dimension, TensorInfo
from nodeflow.values import Frame, Image, transform

RANDOM = np.random.default_rng(5)
PICTURE = Image(RANDOM.integers(0, 256, (90, 160, 3), np.uint8))


def _info(*shape: Dimension, name: str = "images", dtype: str = "float32") -> TensorInfo:
    return TensorInfo(name, dtype, shape)


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("channels", ["rgb", "bgr"])
@pytest.mark.parametrize(
    ("levels", "times", "plus"), [("0..1", 1 / 255, 0.0), ("-1..1", 2 / 255, -1.0), ("0..255", 1.0, 0.0)]
)
def test_numbers_are_those_of_the_plain_formula(
    layout: str, channels: Channels, levels: Any, times: float, plus: float
) -> None:
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    shape = (1, 3, 48, 64) if layout == "nchw" else (1, 48, 64, 3)
    array, _ = eye_for(_info(*shape), Options(levels=levels, channels=channels, mean=mean, std=std)).see(PICTURE)
    pixels = cv2.resize(PICTURE.array, (64, 48), interpolation=cv2.INTER_AREA).astype(np.float64)
    wanted = (pixels[..., :: 1 if channels == "rgb" else -1] * times + plus - mean) / std
    wanted = wanted.transpose(2, 0, 1) if layout == "nchw" else wanted
    assert array.shape == shape
    assert array.dtype == np.float32
    np.testing.assert_allclose(array[0], wanted, atol=2e-5)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float16", "float64"])
def test_other_dtypes_get_the_same_levels(dtype: str) -> None:
    array, _ = eye_for(_info(1, 3, 32, 32, dtype=dtype), Options(levels="0..255")).see(PICTURE)
    plain, _ = eye_for(_info(1, 3, 32, 32), Options(levels="0..255")).see(PICTURE)
    assert array.dtype.name == dtype
    np.testing.assert_array_equal(array.astype(np.float32), plain)


def test_grey_is_that_of_opencv_and_three_axes_will_do() -> None:
    array, _ = eye_for(_info(1, 32, 40), Options(levels="0..255")).see(PICTURE)
    small = cv2.resize(PICTURE.array, (40, 32), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(array[0], cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))


def test_a_letterbox_is_that_of_yolo() -> None:
    array, view = eye_for(_info(1, 3, 64, 64), Options(fit="letterbox", levels="0..255")).see(PICTURE)
    wanted = np.full((64, 64, 3), 114, np.uint8)
    wanted[14:50] = cv2.resize(PICTURE.array, (64, 36), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(array[0].transpose(1, 2, 0), wanted)
    assert (view.left, view.top, view.right, view.bottom) == (0, 14, 64, 50)


def test_a_crop_shows_the_middle() -> None:
    array, view = eye_for(_info(1, 3, 45, 45), Options(fit="crop", levels="0..255")).see(PICTURE)
    wanted = cv2.resize(PICTURE.array[:, 35:125], (45, 45), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(array[0].transpose(1, 2, 0), wanted)
    assert (view.x, view.y, view.wide, view.high) == (35, 0, 90, 90)


def test_open_sizes_are_those_of_the_picture_or_of_the_options() -> None:
    open_ = _info("batch", 3, None, "w")
    assert eye_for(open_, Options()).see(PICTURE)[0].shape == (1, 3, 90, 160)
    assert eye_for(open_, Options(width=96, height=64)).see(PICTURE)[0].shape == (1, 3, 64, 96)
    assert eye_for(_info(None, None, None, None), Options(layout="nhwc", width=8, height=8)).see(PICTURE)[0].shape == (
        1,
        8,
        8,
        3,
    )


@given(
    st.integers(1, 300), st.integers(1, 300), st.integers(1, 128), st.integers(1, 128),
    st.sampled_from(("stretch", "letterbox", "crop")),
)  # fmt: skip
def test_points_of_the_network_lead_back_to_the_picture(
    wide: int, high: int, width: int, height: int, fit: Any
) -> None:
    view = View.of(Frame.of(wide, high), width, height, fit)
    assert 0 <= view.left < view.right <= width
    assert 0 <= view.top < view.bottom <= height
    corners = np.array([(view.left, view.top), (view.right, view.bottom)], np.float32)
    wanted = [(view.x, view.y), (view.x + view.wide, view.y + view.high)]
    np.testing.assert_allclose(transform(view.to_picture, corners), wanted, atol=1e-2)
    assert (view.seen.width, view.seen.height) == (view.right - view.left, view.bottom - view.top)
    small = view.scaled(max(1, width // 3), max(1, height // 3))
    assert 0 <= small.left < small.right <= small.width
    assert 0 <= small.top < small.bottom <= small.height


@pytest.mark.parametrize("options", [Options(), Options(fit="letterbox", channels="bgr", mean=(0.5,), std=(0.25,))])
def test_a_device_sees_what_the_host_sees(options: Options) -> None:
    pytest.importorskip("torch")
    for info in (_info(1, 3, 48, 40), _info(1, 48, 40, 3, dtype="uint8"), _info(1, 1, 100, 200)):
        if info.shape == (1, 1, 100, 200) and options.channels == "bgr":
            continue
        eye = eye_for(info, options)
        (host, view), (device, same) = eye.see(PICTURE), eye.see_on(PICTURE, "cpu")
        assert view == same
        level = max(abs(each) for each in eye.scale) * 1.01
        np.testing.assert_allclose(device.numpy().astype(np.float32), host.astype(np.float32), atol=level)


@pytest.mark.parametrize(
    ("info", "options", "what"),
    [
        (_info(2, 3, 32, 32), Options(), "one picture at a time"),
        (_info(1, 5, 32, 32), Options(), "takes no picture"),
        (_info(1, 3, 32, 32), Options(width=64), "has a width of 32, not 64; set width to 0"),
        (_info(1, 3, 32, 32), Options(layout="nhwc"), "set layout to auto"),
        (_info(1, 3, 32, 32), Options(channels="grey"), "set channels to auto"),
        (_info(1, 1, 32, 32), Options(mean=(1.0, 2.0, 3.0)), "mean has 3 numbers for 1 channels"),
        (_info(1, 3, 32, 32), Options(std=(0.0,)), "std is 0"),
    ],
)
def test_what_does_not_go_together_is_said(info: TensorInfo, options: Options, what: str) -> None:
    with pytest.raises(BadModel, match=what):
        eye_for(info, options)
