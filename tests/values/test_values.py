"""Frames of reference, pictures and the other values: what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow import values
from nodeflow.values import (
    CONVERSIONS,
    KINDS,
    Audio,
    Boolean,
    Classes,
    Color,
    Detections,
    Frame,
    Image,
    Mask,
    Number,
    Poses,
    Skeleton,
    Table,
    Tensor,
    Text,
    Vector,
    compose,
    converter,
    invert,
    summary,
    transform,
)

SIDE = st.integers(1, 40)
PART = st.floats(-5, 5, allow_nan=False)
AFFINES = st.tuples(PART, PART, PART, PART, PART, PART).filter(lambda a: abs(a[0] * a[4] - a[1] * a[3]) > 0.1)
FRAME = Frame.of(6, 4)
LINE = Skeleton("line", ("a", "b"), ((0, 1),))


@given(AFFINES, AFFINES)
def test_affines_compose_and_invert(outer: values.Affine, inner: values.Affine) -> None:
    points = np.array([(0, 0), (3, 1), (-2, 5)], np.float32)
    both = transform(compose(outer, inner), points)
    np.testing.assert_allclose(both, transform(outer, transform(inner, points)), atol=1e-2)
    np.testing.assert_allclose(transform(invert(inner), transform(inner, points)), points, atol=1e-2)


def test_a_flat_affine_has_no_inverse() -> None:
    with pytest.raises(ValueError, match="inverted"):
        invert((1, 2, 0, 2, 4, 0))


@given(SIDE, SIDE, SIDE, SIDE, st.data())
def test_a_point_found_on_a_crop_of_a_resize_lies_where_it_was(
    width: int, height: int, wide: int, high: int, data: st.DataObject
) -> None:
    source = Frame.of(width, height)
    small = source.resized(wide, high)
    x, y = data.draw(st.integers(0, wide - 1)), data.draw(st.integers(0, high - 1))
    crop = small.cropped(x, y, 1, 1)
    corner = transform(crop.to(source), np.zeros((1, 2), np.float32))[0]
    np.testing.assert_allclose(corner, (x * width / wide, y * height / high), rtol=1e-4, atol=1e-4)
    assert crop.same_source(source)
    np.testing.assert_allclose(crop.to(small), (1, 0, x, 0, 1, y), atol=1e-6)


@given(arrays.arrays(np.uint8, st.tuples(SIDE, SIDE, st.just(3))))
def test_a_warp_by_whole_pixels_is_a_crop(pixels: np.ndarray) -> None:
    image = Image(pixels)
    warped = image.warped((1, 0, 0, 0, 1, 0), image.width, image.height)
    np.testing.assert_array_equal(warped.array, image.array)
    half = max(1, image.width // 2)
    moved = image.warped((1, 0, image.width - half, 0, 1, 0), half, image.height)
    cropped = image.cropped(image.width - half, 0, half, image.height)
    np.testing.assert_array_equal(moved.array, cropped.array)
    assert moved.frame == cropped.frame


def test_a_resize_and_the_same_warp_show_the_same_place() -> None:
    ramp = np.repeat(np.arange(64, dtype=np.uint8)[None, :, None] * 4, 8, axis=0).repeat(3, axis=2)
    image = Image(ramp)
    doubled = image.resized(128, 16)
    warped = image.warped((0.5, 0, 0, 0, 0.5, 0), 128, 16)
    inner = (slice(2, -2), slice(2, -2))  # the borders are black in a warp, repeated in a resize
    assert np.abs(doubled.array[inner].astype(int) - warped.array[inner]).max() <= 1


def test_pixels_are_read_only_and_copies_are_not() -> None:
    image = Image(np.zeros((4, 6, 3), np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        image.array[0, 0] = 1
    drawn = image.copy()
    drawn[0, 0] = 255
    again = image.replaced(drawn)
    assert again.frame is image.frame
    assert image.array.max() == 0


@pytest.mark.parametrize(
    ("make", "scratch"),
    [
        (Image, np.zeros((4, 6, 3), np.uint8)),
        (lambda part: Mask(part, FRAME), np.zeros((4, 6), np.float32)),
        (lambda part: Audio(part, 8000), np.zeros((4, 6), np.float32)),
        (lambda part: Vector(part, "toy"), np.zeros(4, np.float32)),
        (lambda part: Tensor(part, ("row", "column")), np.zeros((4, 6))),
        (lambda part: Classes(part, tuple("abcd")), np.zeros(4, np.float32)),
        (
            lambda part: Detections(part[:, :4], part[:, 4], np.zeros(4, np.int64), ("a",), FRAME),
            np.zeros((4, 6), np.float32),
        ),
        (
            lambda part: Poses(part[..., :2], part[..., 2], LINE, FRAME, np.zeros(4, np.float32)),
            np.zeros((4, 2, 3), np.float32),
        ),
    ],
    ids=["image", "mask", "audio", "vector", "tensor", "classes", "detections", "poses"],
)
def test_what_a_value_was_made_of_can_change_no_more(make: Callable[[np.ndarray], object], scratch: np.ndarray) -> None:
    """Neither the array nor the larger one that it is a view of: a node may keep either, and use it for the next."""
    make(scratch[:4][::-1])
    with pytest.raises(ValueError, match="read-only"):
        scratch[...] = 1


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), [[1, 2, 3]]],
    ids=["grey", "four channels", "floats", "a list"],
)
def test_an_image_is_rgb_bytes_and_nothing_else(wrong: Any) -> None:
    with pytest.raises(ValueError, match="uint8 array HxWx3"):
        Image(wrong)


def test_bgr_and_rgb_are_mirror_images() -> None:
    image = Image.from_bgr(np.array([[[255, 0, 7]]], np.uint8))
    assert image.array.tolist() == [[[7, 0, 255]]]
    assert image.bgr().tolist() == [[[255, 0, 7]]]


def test_the_tensor_form_is_made_once_and_shares_nothing_with_the_pixels() -> None:
    torch = pytest.importorskip("torch")
    image = Image(np.arange(24, dtype=np.uint8).reshape(2, 4, 3))
    tensor = image.tensor()
    assert tensor is image.tensor()
    assert tensor.shape == (3, 2, 4)
    np.testing.assert_array_equal(tensor.numpy().transpose(1, 2, 0), image.array)
    tensor += 1
    assert image.array[0, 0, 0] == 0
    back = Image.from_tensor(torch.zeros((3, 2, 4), dtype=torch.uint8))
    assert back.array.shape == (2, 4, 3)
    assert back.downloads == 1
    assert back.array is back.array


def test_poses_map_to_the_frame_they_are_drawn_on() -> None:
    source = Frame.of(100, 200)
    xy, sure = np.array([[[1, 2], [3, 4]]]), np.ones(1, np.float32)
    found = Poses(xy, np.ones((1, 2), np.float32), LINE, source.cropped(10, 20, 50, 50), sure)
    np.testing.assert_allclose(found.on(source), [[[11, 22], [13, 24]]])
    assert len(Poses.none(LINE, source)) == 0
    with pytest.raises(ValueError, match="joint scores"):
        Poses(found.xy, np.ones((1, 3), np.float32), LINE, source, sure)
    with pytest.raises(ValueError, match="bone"):
        Skeleton("bad", ("a",), ((0, 1),))


def test_boxes_stay_around_their_things_when_the_frame_turns() -> None:
    source = Frame.of(100, 100)
    turned = source.warped((0, 1, 0, -1, 0, 100), 100, 100)  # a quarter turn
    score, cup = np.ones(1, np.float32), np.zeros(1, np.int64)
    boxes = Detections(np.array([[10, 20, 30, 60]]), score, cup, ("cup",), source)
    moved = boxes.on(turned)[0]
    back = Detections(moved[None], score, cup, ("cup",), turned).on(source)[0]
    np.testing.assert_allclose(back, [10, 20, 30, 60], atol=1e-4)
    assert boxes.label(0) == "cup"
    with pytest.raises(ValueError, match="class id"):
        Detections(boxes.xyxy, boxes.score, cup + 1, ("cup",), source)


def samples() -> dict[str, object]:
    frame = Frame.of(4, 2)
    return {
        "Image": Image(np.zeros((2, 4, 3), np.uint8)),
        "Mask": Mask(np.ones((2, 4), np.float32), frame),
        "Detections": Detections.none(("cup",), frame),
        "Poses": Poses.none(LINE, frame),
        "Classes": Classes(np.array([0.2, 0.8], np.float32), ("cat", "dog")),
        "Text": Text("hello"),
        "Number": Number(2.5, "px"),
        "Boolean": Boolean(True),
        "Color": Color(255, 0, 16),
        "Vector": Vector(np.zeros(3, np.float32), "clip"),
        "Audio": Audio(np.zeros((1, 8000), np.float32), 16000),
        "Table": Table(("a", "b"), ((1, "x"),)),
        "Tensor": Tensor(np.zeros((2, 3)), ("row", "column")),
    }


def test_every_kind_has_a_summary_and_is_itself() -> None:
    for name, kind in KINDS.items():
        value = samples()[name]
        assert type(value) is kind
        assert summary(value) not in ("", name)
    assert summary(Number(10**400)) == "a strange Number"
    assert summary(object()) == "object"
    assert summary(Text("two\nlines " * 20)) == "two lines " * 5 + "two lin..."


def test_every_conversion_gives_what_it_says() -> None:
    for (source, target), rule in CONVERSIONS.items():
        assert type(rule.apply(samples()[source])).__name__ == target, (source, target)


def test_only_lossless_conversions_happen_on_the_wire() -> None:
    assert converter("Image", "Image") is None
    assert converter("Image", "Any") is None
    to_text = converter("Number", "Text")
    assert to_text is not None
    assert to_text(Number(3, "px")) == Text("3 px")
    with pytest.raises(KeyError):
        converter("Image", "Mask")


@given(st.binary(min_size=3, max_size=4))
def test_colours_are_read_as_they_are_written(parts: bytes) -> None:
    color = Color(*parts)
    assert Color.parse(str(color)) == color


@pytest.mark.parametrize("text", ["", "red", "#12345", "ff0000", "#gg0000", "#ff ff ", "#+10000"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Color.parse(text)


def test_the_public_list_is_what_can_be_had() -> None:
    assert sorted(values.__all__) == sorted(set(values.__all__))
    assert all(hasattr(values, name) for name in values.__all__)
