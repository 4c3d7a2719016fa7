"""Tracks: things keep their numbers, whatever order their boxes come in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.testing.nodes import open_node
from nodeflow.values import Detections, Frame
from nodes.objects.track import Track
from nodes.objects.tracks import Tracker, shares

FRAME = Frame.of(1000, 1000)


def boxes(*centres: tuple[float, float], side: float = 100) -> np.ndarray:
    return np.array([(x - side / 2, y - side / 2, x + side / 2, y + side / 2) for x, y in centres], np.float32).reshape(
        -1, 4
    )


def found(xyxy: np.ndarray, score: float = 0.9, kinds: list[int] | None = None, frame: Frame = FRAME) -> Detections:
    count = len(xyxy)
    return Detections(xyxy, np.full(count, score), np.array(kinds or [0] * count), ("dog", "cat"), frame)


def ids(detections: Detections) -> list[int]:
    assert detections.track_id is not None
    return detections.track_id.tolist()


@given(st.permutations([0, 1, 2]), st.permutations([0, 1, 2]))
def test_the_order_of_boxes_does_not_matter(first: list[int], second: list[int]) -> None:
    places = [(100.0, 100.0), (400.0, 100.0), (100.0, 400.0)]
    moved = [(x + 20, y + 10) for x, y in places]
    with open_node(Track) as track:
        before = dict(zip(first, ids(track(found(boxes(*(places[i] for i in first))))), strict=True))
        after = dict(zip(second, ids(track(found(boxes(*(moved[i] for i in second))))), strict=True))
    assert before == after
    assert sorted(before.values()) == [1, 2, 3]


def test_a_quick_thing_is_expected_where_it_will_be() -> None:
    with open_node(Track, overlap=0.3) as track:
        seen = [ids(track(found(boxes((100 + x, 100)))))[0] for x in (0, 30, 80, 140, 205, 270, 335)]
    assert set(seen) == {1}


def test_two_that_pass_one_another_keep_their_numbers() -> None:
    with open_node(Track) as track:
        seen = [ids(track(found(boxes((100 + 25 * i, 100), (400 - 25 * i, 130))))) for i in range(13)]
    assert all(pair == [1, 2] for pair in seen)


def test_a_doubtful_box_goes_on_with_a_track_but_begins_none() -> None:
    with open_node(Track) as track:
        assert ids(track(found(boxes((100, 100)), score=0.3))) == []
        assert ids(track(found(boxes((100, 100))))) == [1]
        assert ids(track(found(boxes((105, 100)), score=0.2))) == [1]


def test_what_is_out_of_sight_is_waited_for_and_then_forgotten() -> None:
    nothing, there = found(boxes()), found(boxes((100, 100)))
    with open_node(Track, patience=3) as track:
        assert ids(track(there)) == [1]
        for _ in range(3):
            track(nothing)
        assert ids(track(there)) == [1]
        for _ in range(4):
            track(nothing)
        assert ids(track(there)) == [2]


def test_a_dog_does_not_become_a_cat() -> None:
    with open_node(Track) as track:
        assert ids(track(found(boxes((100, 100)), kinds=[0]))) == [1]
        assert ids(track(found(boxes((100, 100)), kinds=[1]))) == [2]


def test_on_a_crop_that_moves_things_stand_still() -> None:
    with open_node(Track) as track:
        assert ids(track(found(boxes((500, 500))))) == [1]
        crop = FRAME.cropped(300, 300, 400, 400)
        assert ids(track(found(boxes((200, 200)), frame=crop))) == [1]


box = st.tuples(st.floats(0, 900, width=32), st.floats(0, 900, width=32))


@given(st.lists(st.lists(st.tuples(box, st.floats(0, 1, width=32)), max_size=5), max_size=8))
def test_no_number_is_given_twice_in_a_frame(frames: list[list[tuple[tuple[float, float], float]]]) -> None:
    tracker = Tracker()
    for frame in frames:
        xyxy = boxes(*(centre for centre, _ in frame))
        score = np.array([sure for _, sure in frame], np.float32)
        numbers = tracker(xyxy, score, np.zeros(len(frame), np.int64), sure=0.5, overlap=0.2, patience=2)
        given_ = numbers[numbers > 0]
        assert len(set(given_.tolist())) == len(given_)
        assert (numbers[score >= 0.5] > 0).all()


@given(box, box)
def test_shares_are_symmetric_and_between_0_and_1(one: tuple[float, float], other: tuple[float, float]) -> None:
    a, b = boxes(one), boxes(other)
    assert 0 <= shares(a, b)[0, 0] <= 1 + 1e-5
    np.testing.assert_allclose(shares(a, b), shares(b, a).T)
    np.testing.assert_allclose(shares(a, a), 1, atol=1e-5)
