"""What is shown of each kind of value: true, bounded, and never more than was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.engine.look import (
    MOST_BUCKETS,
    MOST_CHANNELS,
    MOST_LETTERS,
    MOST_NUMBERS,
    MOST_ROWS,
    Glance,
    Picture,
    Rows,
    Shown,
    Spread,
    Wave,
    Words,
)
from nodeflow.engine.shows import shown
from nodeflow.node import Nothing
from nodeflow.values import (
    Audio,
    Classes,
    Color,
    Detections,
    Frame,
    Image,
    Items,
    Mask,
    Number,
    Poses,
    Skeleton,
    Table,
    Tensor,
    Text,
    Vector,
)

FRAME = Frame.of(200, 100)


def ramp(width: int, height: int) -> Image:
    y, x = np.mgrid[0:height, 0:width]
    return Image(np.stack([x % 256, y % 256, (x + y) % 256], axis=-1).astype(np.uint8))


def look(value: Any, **how: Any) -> Any:
    return shown(value, Glance("node", **how))


sides = st.integers(1, 80)


@given(sides, sides, st.integers(-20, 100), st.integers(-20, 100), sides, sides, sides)
def test_a_part_of_a_picture_is_that_part_and_no_larger_than_asked(
    width: int, height: int, left: int, top: int, wide: int, high: int, side: int
) -> None:
    image = ramp(width, height)
    seen = look(image, side=side, part=(left, top, wide, high))
    x, y, w, h = seen.part
    assert 0 <= x < x + w <= width
    assert 0 <= y < y + h <= height
    assert max(seen.pixels.shape[:2]) <= max(side, 1)
    assert (seen.width, seen.height) == (width, height)
    assert seen.exact == (max(w, h) <= side)
    if seen.exact:
        assert np.array_equal(seen.pixels, image.array[y : y + h, x : x + w])
        assert seen.pixels.base is None or (w, h) == (width, height)


def test_a_picture_keeps_its_shape_and_its_mean_when_shrunk() -> None:
    seen = look(ramp(640, 480), side=64)
    assert seen.pixels.shape == (48, 64, 3)
    assert abs(float(seen.pixels.mean()) - float(ramp(640, 480).array.mean())) < 3


@given(st.integers(1, 700), st.integers(1, 700), st.integers(1, 64))
def test_a_shrunk_picture_is_near_to_the_average_of_all_pixels(width: int, height: int, side: int) -> None:
    down, across = np.mgrid[0:height, 0:width]
    whole = np.stack([(across + 0.5) * 255 / width, (down + 0.5) * 255 / height, across * 0], axis=2)
    shrunk = look(Image(whole.astype(np.uint8)), side=side).pixels
    high, wide = shrunk.shape[:2]
    down, across = np.mgrid[0:high, 0:wide]
    wanted = np.stack([(across + 0.5) * 255 / wide, (down + 0.5) * 255 / high, across * 0], axis=2)
    step = 255 / np.array([wide, high, 256])  # from one pixel that is shown to the next
    assert (np.abs(shrunk - wanted) <= 2 + step / 2).all()


@given(st.integers(-3, 60), st.integers(-3, 60))
def test_a_pixel_is_told_exactly_or_not_at_all(x: int, y: int) -> None:
    image, mask = ramp(40, 30), Mask(np.linspace(0, 1, 1200, dtype=np.float32).reshape(30, 40), Frame.of(40, 30))
    inside = 0 <= x < 40 and 0 <= y < 30
    assert look(image, side=4, point=(x, y)).pixel == (tuple(map(float, image.array[y, x])) if inside else None)
    assert look(mask, side=4, point=(x, y)).pixel == ((float(mask.weight[y, x]),) if inside else None)


def test_the_exact_weights_of_a_mask_come_with_a_few_pixels_of_it() -> None:
    weight = np.random.default_rng(0).random((300, 400), np.float32)
    mask = Mask(weight, Frame.of(400, 300))
    near, far = look(mask, side=400, part=(10, 20, 30, 40)), look(mask, side=400)
    assert np.array_equal(near.weights, weight[20:60, 10:40])
    assert near.weights.base is None
    assert far.weights is None
    assert np.array_equal(far.pixels[:, :, 0], np.round(weight * 255).astype(np.uint8))


def test_a_histogram_counts_every_pixel_of_a_small_picture_and_a_sample_of_a_large_one() -> None:
    small, mask = look(ramp(60, 50), counts=True), look(Mask(np.ones((5, 4), np.float32), Frame.of(4, 5)), counts=True)
    assert small.counts.shape == (4, 256)
    assert small.counts.sum(axis=1).tolist() == [3000] * 4
    assert small.counts[0, :60].tolist() == [50] * 60
    assert mask.counts.shape == (1, 256)
    assert mask.counts[0, 255] == 20
    assert 0 < look(ramp(3000, 2000), counts=True).counts[0].sum() < 3000 * 2000
    assert look(ramp(60, 50)).counts is None


def test_boxes_poses_classes_and_tables_are_rows() -> None:
    boxes = Detections(
        np.array([[10, 20, 30, 60]], np.float32), np.array([0.5]), np.array([1]), ("cat", "dog"), FRAME, np.array([7])
    )  # fmt: skip
    assert look(boxes) == Rows(
        ("", "class", "score", "left", "top", "width", "height", "track"),
        ((0, "dog", 0.5, 10.0, 20.0, 20.0, 40.0, 7),),
        1,
    )
    skeleton = Skeleton("two", ("head", "foot"), ((0, 1),))
    xy = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    poses = Poses(xy, np.full((2, 2), 0.25), skeleton, FRAME, np.ones(2, np.float32))
    assert look(poses).rows[3] == (1, "foot", 0.25, 6.0, 7.0)
    assert look(Classes(np.array([0.25, 0.75]), ("cat", "dog"))).rows == (("dog", 0.75), ("cat", 0.25))
    assert look(Table(("a",), ((None,), (1,)))) == Rows(("a",), ((None,), (1,)), 2)


def test_long_tables_texts_and_lists_are_cut_and_say_how_long_they_are() -> None:
    table = look(Table(("a",), tuple((i,) for i in range(5000))))
    assert (len(table.rows), table.total) == (MOST_ROWS, 5000)
    words = look(Text("x" * 100_000))
    assert (len(words.text), words.total) == (MOST_LETTERS, 100_000)
    numbers = look(Items(Number(i) for i in range(1000)))
    assert (len(numbers.rows), numbers.total) == (MOST_ROWS, 1000)
    assert numbers.rows[3] == (3, "Number", "3")
    none = np.zeros((900, 4), np.float32)
    many = Detections(none, none[:, 0], np.zeros(900, np.int64), ("a",), FRAME)
    assert (len(look(many).rows), look(many).total) == (MOST_ROWS, 900)


def test_a_list_of_pictures_is_a_contact_sheet_of_the_first() -> None:
    red = Image(np.full((10, 20, 3), (255, 0, 0), np.uint8))
    sheet = look(Items([red, Nothing("gone"), red, red, red]), side=120)
    assert sheet.items == 5
    assert max(sheet.pixels.shape[:2]) <= 120
    assert sheet.pixels[10, 10].tolist() == [255, 0, 0]
    assert sheet.pixels.shape == (44, 66, 3)  # three beside each other, never enlarged, and a gap between them
    assert not sheet.exact
    assert look(Items()) == Rows(("", "kind", "value"), (), 0)


@given(st.integers(0, 5000), st.integers(1, 20))
def test_sound_is_told_by_its_lowest_and_highest_samples(samples: int, channels: int) -> None:
    rng = np.random.default_rng(samples)
    heard = rng.uniform(-1, 1, (channels, samples)).astype(np.float32)
    wave = look(Audio(heard, 16000))
    assert len(wave.low) == len(wave.high) == (min(channels, MOST_CHANNELS) if samples else 0)
    assert wave.channels == channels
    for low, high, channel in zip(wave.low, wave.high, heard, strict=False):
        assert len(low) == len(high) == min(samples, MOST_BUCKETS)
        assert min(low) == channel.min()
        assert max(high) == channel.max()


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.uint8, np.int64, np.bool_, np.complex64, np.float16]),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6),
    )
)
def test_any_array_is_told_by_its_numbers(array: Any) -> None:
    spread = look(Tensor(array, tuple("abcd"[: array.ndim])))
    assert isinstance(spread, Spread)
    assert spread.shape == array.shape
    finite = np.abs(array).astype(float) if array.dtype.kind == "c" else array.astype(float)
    finite = finite[np.isfinite(finite)]
    assert spread.strange == array.size - finite.size
    if finite.size:
        assert spread.minimum == finite.min()
        assert spread.maximum == finite.max()
    else:
        assert spread.minimum is None
    assert sum(spread.bins) in (0, finite.size)
    assert len(spread.first) <= MOST_NUMBERS


def test_text_arrays_and_vectors() -> None:
    assert look(Tensor(np.array(["a", "b"]), ("n",))).minimum is None
    vector = look(Vector(np.arange(3, dtype=np.float32), "face"))
    assert (vector.axes, vector.first, vector.mean) == (("face",), (0.0, 1.0, 2.0), 1.0)


@pytest.mark.parametrize("value", [Color(1, 2, 3), object(), 7, "plain text", None])
def test_whatever_else_is_on_a_wire_is_said_in_words(value: object) -> None:
    words = look(value)
    assert isinstance(words, Words)
    assert words.text


def weight_of(shows: Shown) -> int:
    """About how many numbers and letters there are in what is shown."""
    match shows:
        case Picture():
            return shows.pixels.size
        case Wave():
            return sum(map(len, (*shows.low, *shows.high)))
        case Rows():
            return sum(map(len, shows.rows))
        case Words():
            return len(shows.text)
        case Spread():
            return len(shows.bins) + len(shows.first)
    return len(shows.values)


@pytest.mark.parametrize(
    "value",
    [
        ramp(5000, 3000),
        Mask(np.zeros((3000, 5000), np.float32), Frame.of(5000, 3000)),
        Audio(np.zeros((32, 1_000_000), np.float32), 48000),
        Tensor(np.zeros((3_000_000,), np.float32), ("n",)),
        Vector(np.zeros(1_000_000, np.float32), "big"),
        Items([ramp(2000, 1000)] * 100),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_shown_of_something_huge_is_small(value: object) -> None:
    assert weight_of(look(value, side=256)) <= 256 * 256 * 3
