"""Overlays: that they land where they belong, in the colours promised, on whatever picture they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.node import NodeError
from nodeflow.testing.nodes import run_node
from nodeflow.values import Detections, Frame, Image, Number, Poses, Skeleton, Text, converter
from nodes.draw.boxes import draw_boxes
from nodes.draw.pen import series
from nodes.draw.poses import CENTRE, LEFT, RIGHT, draw_poses
from nodes.draw.text import draw_text

ARM = Skeleton(
    "arms", ("nose", "left_hand", "left_elbow", "right_hand", "right_elbow"), ((1, 2), (3, 4), (2, 4), (0, 2))
)
PLACES = np.array([[50, 10], [90, 20], [90, 80], [10, 20], [10, 80]], np.float32)


def grey(width: int = 400, height: int = 400) -> Image:
    return Image(np.full((height, width, 3), 90, np.uint8))


def poses(*people: np.ndarray, frame: Frame | None = None, score: float = 1.0, track: list[int] | None = None) -> Poses:
    xy = np.array(people, np.float32).reshape(-1, 5, 2)
    frame = frame or Frame.of(400, 400)
    ids = None if track is None else np.array(track)
    return Poses(xy, np.full(xy.shape[:2], score), ARM, frame, np.ones(len(xy), np.float32), None, ids)


def drawn_on(image: Image, found: Poses, **params: Any) -> Image:
    """Drawn with lines thick enough to have a middle."""
    return run_node(draw_poses, image, found, **{"thickness": 3.0, **params})


def at(image: Image, x: float, y: float) -> tuple[int, ...]:
    return tuple(image.array[int(y), int(x)].tolist())


def test_bones_are_coloured_by_side_and_joints_are_dotted() -> None:
    drawn = drawn_on(grey(), poses(PLACES * 4))
    assert at(drawn, 360, 200) == LEFT
    assert at(drawn, 40, 200) == RIGHT
    assert at(drawn, 200, 320) == CENTRE  # from side to side
    assert at(drawn, 360, 80) == CENTRE  # a dot
    assert at(drawn_on(grey(), poses(PLACES * 4), joints=False), 360, 84) == LEFT


def test_the_picture_that_came_in_is_left_alone() -> None:
    image = grey()
    drawn = drawn_on(image, poses(PLACES * 4))
    assert (image.array == 90).all()
    assert drawn.frame == image.frame


def test_joints_that_are_unsure_are_hidden_with_their_bones() -> None:
    assert (drawn_on(grey(), poses(PLACES * 4, score=0.2), score=0.3).array == 90).all()
    assert (drawn_on(grey(), poses(PLACES * 4, score=0.2), score=0.1).array != 90).any()


def test_several_people_have_their_own_colours() -> None:
    two = poses(PLACES * 2, PLACES * 2 + 200)
    drawn = drawn_on(grey(), two)
    assert (at(drawn, 180, 100), at(drawn, 380, 300)) == (series(0), series(1))
    drawn = drawn_on(grey(), two, colors="by side")
    assert (at(drawn, 180, 100), at(drawn, 20, 100)) == (LEFT, RIGHT)
    tracked = drawn_on(grey(), poses(PLACES * 2, PLACES * 2 + 200, track=[5, 0]))
    assert (at(tracked, 180, 100), at(tracked, 380, 300)) == (series(5), series(0))
    alone = drawn_on(grey(), poses(PLACES * 4, track=[1]), colors="by person")
    assert at(alone, 360, 200) == series(1)


def test_poses_from_a_crop_are_drawn_on_the_whole_and_on_other_sizes() -> None:
    whole = grey(800, 600)
    crop = whole.cropped(300, 100, 400, 400)
    found = poses(PLACES * 4, frame=crop.frame)
    assert at(drawn_on(whole, found), 360 + 300, 200 + 100) == LEFT
    small = whole.resized(400, 300)
    assert at(drawn_on(small, found), (360 + 300) / 2, (200 + 100) / 2) == LEFT


def test_poses_of_another_source_are_refused() -> None:
    with pytest.raises(NodeError, match="400x400, but this one comes from 640x480") as caught:
        drawn_on(grey(640, 480), poses(PLACES))
    assert "same source" in caught.value.hint


def test_nobody_and_nonsense_draw_nothing() -> None:
    assert (drawn_on(grey(), Poses.none(ARM, Frame.of(400, 400))).array == 90).all()
    assert (drawn_on(grey(), poses(np.full((5, 2), np.nan))).array == 90).all()


@given(
    places=st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=10, max_size=10),
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    thickness=st.floats(0.2, 4),
)
def test_any_coordinates_can_be_drawn(places: list[float], size: tuple[int, int], thickness: float) -> None:
    found = poses(np.array(places, np.float32), frame=Frame.of(*size))
    drawn = drawn_on(grey(*size), found, thickness=thickness)
    assert drawn.frame.size == size


def test_text_stands_in_its_corner() -> None:
    for place, rows, columns in [
        ("top left", slice(0, 60), slice(0, 200)),
        ("top right", slice(0, 60), slice(200, 400)),
        ("bottom left", slice(340, 400), slice(0, 200)),
        ("bottom right", slice(340, 400), slice(200, 400)),
    ]:
        changed = run_node(draw_text, grey(), Text("29.7 fps"), place=place).array != 90
        assert changed[rows, columns].any()
        changed[rows, columns] = False
        assert not changed.any(), place


def test_text_has_the_colour_that_was_asked_for() -> None:
    drawn = run_node(draw_text, grey(), Text("IIII"), size=4.0, color="#ff8000").array.astype(int)
    assert (np.abs(drawn - (255, 128, 0)).sum(axis=2) < 12).any()


def test_a_number_is_written_with_its_unit() -> None:
    as_text = converter("Number", "Text")
    assert as_text is not None
    written = run_node(draw_text, grey(), as_text(Number(29.7, "fps")))
    assert np.array_equal(written.array, run_node(draw_text, grey(), Text("29.7 fps")).array)


@given(
    words=st.text(max_size=300),
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    scale=st.floats(0.2, 5),
    place=st.sampled_from(["top left", "top right", "bottom left", "bottom right"]),
)
def test_any_text_fits_any_picture(words: str, size: tuple[int, int], scale: float, place: str) -> None:
    image = grey(*size)
    assert run_node(draw_text, image, Text(words), size=scale, place=place).frame == image.frame
    assert (image.array == 90).all()


def boxes(*xyxy: tuple[float, ...], frame: Frame | None = None, score: float = 1.0, kind: int = 0) -> Detections:
    count = len(xyxy)
    return Detections(
        np.array(xyxy, np.float32).reshape(-1, 4), np.full(count, score), np.full(count, kind), NAMES,
        frame or Frame.of(400, 400),
    )  # fmt: skip


NAMES = tuple(f"thing {i}" for i in range(80))


def boxed(image: Image, found: Detections, **params: Any) -> Image:
    return run_node(draw_boxes, image, found, **{"thickness": 3.0, "labels": "none", **params})


def test_a_box_is_drawn_where_the_thing_is_also_on_a_crop() -> None:
    found = boxes((100, 100, 300, 200))
    drawn = boxed(grey(), found)
    assert at(drawn, 100, 150) == at(drawn, 300, 150) == at(drawn, 200, 200) == series(0)
    assert at(drawn, 200, 150) == (90, 90, 90)
    assert at(boxed(grey().cropped(80, 80, 200, 200), found), 20, 70) == series(0)


def test_names_stand_on_the_box_and_within_the_picture() -> None:
    plain, named = (boxed(grey(), boxes((100, 100, 300, 200)), labels=labels) for labels in ("none", "name"))
    differs = (plain.array != named.array).any(axis=2)
    rows, columns = np.nonzero(differs)
    assert 60 <= rows.min() <= rows.max() <= 101
    assert columns.min() == 100
    corner = boxed(grey(), boxes((390, -20, 500, 90)), labels="name and score")
    assert (corner.array[:40, :] != 90).any()


def test_kinds_that_follow_one_another_differ_in_colour() -> None:
    assert all(series(i) != series(i + 1) for i in range(200))
    assert series(0) != series(56)  # a person and a chair


def test_unsure_boxes_and_those_that_are_nowhere_are_left_out() -> None:
    assert (boxed(grey(), boxes((100, 100, 300, 200), score=0.2), score=0.3).array == 90).all()
    assert (boxed(grey(), boxes((np.nan, 100, 300, 200))).array == 90).all()


def test_boxes_of_another_picture_are_refused() -> None:
    with pytest.raises(NodeError, match="400x400") as refusal:
        boxed(grey(200, 200), boxes((10, 10, 50, 50)))
    assert "same source" in refusal.value.hint
