"""What the pose pipelines do around their networks; the networks here are scripted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.models import BadModel
from nodeflow.models.boxes import anchors
from nodeflow.models.pipelines.people import BlazePose as Settings
from nodeflow.models.pose.blazepose import BlazePose
from nodeflow.models.pose.movenet import MultiPose, SinglePose, next_square
from nodeflow.models.pose.person_detector import MAPS, PersonDetector
from nodeflow.models.pose.skeletons import BLAZEPOSE, COCO
from nodeflow.values import Image

from .on_host import Scripted, model

SETTINGS = Settings(kind="blazepose")
PICTURE = Image(np.zeros((448, 448, 3), np.uint8))


def boxes_at(*people: tuple[float, float, float, float]) -> Scripted:
    """A detector that sees people: middle x, y in pixels of its input, distance up to the rim, and logit."""
    middles = anchors(224, MAPS)

    def answer(_: np.ndarray) -> list[np.ndarray]:
        raw = np.zeros((1, len(middles), 12), np.float32)
        logits = np.full((1, len(middles), 1), -20, np.float32)
        for x, y, up, logit in people:
            near = np.argmin(np.abs(middles - (x, y)).sum(axis=1))
            dx, dy = (x, y) - middles[near]
            raw[0, near] = (dx, dy, 60, 60, dx, dy, dx, dy - up, 0, 0, 0, 0)
            logits[0, near] = logit
        return [raw, logits]

    return Scripted(("boxes", "scores"), answer)


def landmarks(presences: list[float]) -> Scripted:
    """A landmark network that sees someone in the middle of its square, as surely as scripted, call by call."""

    def answer(_: np.ndarray) -> list[np.ndarray]:
        flat = np.zeros((39, 5), np.float32)
        flat[:, :2], flat[:, 3] = 128, 3
        flat[34, 1] = 128 - 102.4  # the rim: the next square is as large as this one
        heatmaps = np.full((1, 64, 64, 39), -20, np.float32)
        world = np.arange(117, dtype=np.float32)[None]
        return [flat.reshape(1, -1), np.array([[presences.pop(0)]], np.float32), heatmaps, world]

    return Scripted(("points", "presence", "heatmaps", "world"), answer)


def blazepose(detector: Scripted, points: Scripted) -> BlazePose:
    return BlazePose(model(detector), model(points), SETTINGS)


def test_the_skeletons_have_the_joints_of_their_models() -> None:
    assert (len(BLAZEPOSE.joints), len(COCO.joints)) == (33, 17)
    assert BLAZEPOSE.index("left_hip") == 23
    assert COCO.index("left_hip") == 11
    for skeleton in (BLAZEPOSE, COCO):
        assert len(set(skeleton.edges)) == len(skeleton.edges)


def test_the_anchors_are_those_of_the_detector() -> None:
    points = anchors(224, MAPS)
    assert points.shape == (2254, 2)
    np.testing.assert_array_equal(points[0], (4, 4))
    np.testing.assert_array_equal(points[-1], (208, 208))


@pytest.mark.parametrize("maps", [((1, 1),) * 8, ((1, 16),), ((4, 1),)])
def test_a_card_cannot_ask_for_more_anchors_than_there_are(maps: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(BadModel, match="anchors on 4096 pixels"):
        anchors(4096, maps)


@pytest.mark.parametrize(
    "said",
    [
        [np.zeros((1, 896, 12), np.float32), np.full((1, 896, 1), 9, np.float32)],
        [np.zeros((1, 10, 12), np.float32), np.full((1, 2254, 1), 9, np.float32)],
        [np.zeros(7, np.float32), np.zeros(7, np.float32)],
    ],
)
def test_a_detector_of_other_anchors_than_its_card_says_is_told(said: list[np.ndarray]) -> None:
    detector = PersonDetector(model(Scripted(("boxes", "scores"), lambda _: said)), SETTINGS)
    with pytest.raises(BadModel, match="2254 anchors; correct the card"):
        detector(PICTURE)
    with pytest.raises(BadModel, match="boxes and scores"):
        PersonDetector(model(Scripted(("boxes",), lambda _: said)), SETTINGS)


def test_the_detector_gives_the_surest_person_in_pixels_of_the_picture() -> None:
    detector = PersonDetector(model(boxes_at((50, 60, 20, 1.0), (150, 120, 30, 3.0))), SETTINGS)
    square = detector(PICTURE)
    assert square is not None
    assert (square.x, square.y) == pytest.approx((300, 240), abs=1e-3)
    assert square.side == pytest.approx(2 * 1.25 * 60, abs=1e-3)
    assert square.angle == pytest.approx(0, abs=1e-5)


def test_boxes_that_agree_are_averaged_by_their_scores_and_others_left_out() -> None:
    score = 1 / (1 + np.exp(-3.0))
    other = 1 / (1 + np.exp(-1.0))
    both = boxes_at((100, 100, 20, 3.0), (110, 100, 20, 1.0), (190, 190, 20, 2.0))
    square = PersonDetector(model(both), SETTINGS)(PICTURE)
    assert square is not None
    assert square.x == pytest.approx(2 * (100 * score + 110 * other) / (score + other), abs=1e-2)


def test_nobody_is_none() -> None:
    assert PersonDetector(model(boxes_at((100, 100, 20, -1.0))), SETTINGS)(PICTURE) is None
    pose = blazepose(boxes_at(), landmarks([]))
    found = pose(PICTURE, score=0.0)
    assert len(found) == 0
    assert found.skeleton is BLAZEPOSE


def test_the_detector_runs_only_when_nobody_is_followed() -> None:
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), landmarks([0.9] * 10))
    for _ in range(10):
        assert len(pose(PICTURE, score=0.3)) == 1
    assert pose.detector_runs == 1


def test_a_lost_person_is_looked_for_again_in_the_same_frame() -> None:
    points = landmarks([0.9, 0.1, 0.8, 0.8])
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), points)
    found = [pose(PICTURE, score=0.3).person[0] for _ in range(3)]
    assert found == pytest.approx([0.9, 0.8, 0.8])
    assert pose.detector_runs == 2
    assert points.calls == 4


def test_a_person_below_the_score_is_left_out_but_still_followed() -> None:
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), landmarks([0.7, 0.7, 0.7]))
    assert [len(pose(PICTURE, score=score)) for score in (0.8, 0.8, 0.6)] == [0, 0, 1]
    assert pose.detector_runs == 1


def test_a_doubtful_person_is_given_if_wanted_but_not_followed() -> None:
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), landmarks([0.4, 0.4]))
    assert [len(pose(PICTURE, score=0.3)) for _ in range(2)] == [1, 1]
    assert pose.detector_runs == 2


@pytest.mark.parametrize("jump", ["reset", "size"])
def test_a_jump_in_the_stream_forgets_the_person(jump: str) -> None:
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), landmarks([0.9] * 2))
    pose(PICTURE, score=0.3)
    if jump == "reset":
        pose.reset()
    pose(PICTURE if jump == "reset" else Image(np.zeros((100, 448, 3), np.uint8)), score=0.3)
    assert pose.detector_runs == 2


def test_instances_share_networks_but_not_what_they_follow() -> None:
    detector, points = boxes_at((112, 112, 40, 3.0)), landmarks([0.9] * 4)
    one, two = blazepose(detector, points), blazepose(detector, points)
    one(PICTURE, score=0.3)
    assert (one.detector_runs, two.detector_runs) == (1, 0)
    two(PICTURE, score=0.3)
    assert two.detector_runs == 1


def test_poses_are_edge_based_and_in_the_frame_of_the_image() -> None:
    pose = blazepose(boxes_at((112, 112, 40, 3.0)), landmarks([0.9]))
    image = Image(np.zeros((500, 600, 3), np.uint8)).cropped(10, 20, 448, 448)
    found = pose(image, score=0.3)
    assert found.frame is image.frame
    np.testing.assert_allclose(found.xy[0, 0], (224.5, 224.5), atol=1e-3)
    assert found.xyz is not None
    assert found.xyz.shape == (1, 33, 3)
    assert found.score.shape == (1, 33)


def multi(rows: np.ndarray) -> MultiPose:
    return MultiPose(model(Scripted(("rows",), lambda _: [rows[None]])), 64)


def test_people_come_surest_first_and_those_below_the_score_are_left_out() -> None:
    rows = np.zeros((6, 56), np.float32)
    rows[:, 55] = (0.1, 0.9, 0.4, 0.3, 0.29, 0.0)
    found = multi(rows)(PICTURE, score=0.3)
    np.testing.assert_allclose(found.person, (0.9, 0.4, 0.3), atol=1e-6)
    assert len(multi(rows)(PICTURE, score=0.95)) == 0


def test_joints_of_many_are_placed_on_the_picture() -> None:
    rows = np.zeros((6, 56), np.float32)
    rows[0, :3], rows[0, 55] = (0.25, 0.5, 0.8), 0.9
    image = Image(np.zeros((200, 400, 3), np.uint8))
    found = multi(rows)(image, score=0.3)
    half_pixel = 400 / 64 / 2
    np.testing.assert_allclose(found.xy[0, 0], (200 + half_pixel, 100 + half_pixel), atol=1e-3)
    assert found.score[0, 0] == pytest.approx(0.8)


def person(x: float, y: float, height: float, score: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Someone upright in front of the camera: joints 17x2 with the hips' middle at (x, y), and scores."""
    xy = np.full((17, 2), (x, y), np.float32)
    for name, up in (("shoulder", 0.3), ("ankle", -0.5), ("ear", 0.5)):
        for side in ("left", "right"):
            xy[COCO.index(f"{side}_{name}")] = (x, y - up * height)
    return xy, np.full(17, score, np.float32)


def test_the_next_square_is_around_the_person() -> None:
    square = next_square(*person(500, 400, 300), 1000, 800)
    assert square is not None
    assert (square.x, square.y) == (500, 400)
    assert square.side == pytest.approx(2 * max(1.9 * 90, 1.2 * 150))


@pytest.mark.parametrize("unseen", [("shoulder",), ("hip",)])
def test_without_a_torso_the_whole_picture_is_next(unseen: tuple[str]) -> None:
    xy, score = person(500, 400, 300)
    for side in ("left", "right"):
        score[COCO.index(f"{side}_{unseen[0]}")] = 0.1
    assert next_square(xy, score, 1000, 800) is None


@given(
    arrays.arrays(np.float32, (17, 2), elements=st.floats(-100, 900, width=32)),
    arrays.arrays(np.float32, 17, elements=st.floats(0, 1, width=32)),
)
@settings(deadline=None)
def test_the_next_square_never_outgrows_the_picture(xy: np.ndarray, score: np.ndarray) -> None:
    square = next_square(xy, score, 800, 600)
    assert square is None or 2 <= square.side <= 800


def test_one_person_is_followed_and_lost() -> None:
    seen = {"value": 0.9}

    def answer(_: np.ndarray) -> list[np.ndarray]:
        xy, score = person(0.5, 0.5, 0.4, seen["value"])
        return [np.concatenate((xy[:, ::-1], score[:, None]), axis=1)[None, None].astype(np.float32)]

    network: Any = Scripted(("rows",), answer)
    pose = SinglePose(network, 64)
    first = pose(PICTURE, score=0.3)
    second = pose(PICTURE, score=0.3)
    assert np.ptp(second.xy[0, :, 1]) < np.ptp(first.xy[0, :, 1])  # the same joints on a smaller square
    seen["value"] = 0.1
    assert len(pose(PICTURE, score=0.3)) == 0
    seen["value"] = 0.9
    again = pose(PICTURE, score=0.3)
    np.testing.assert_allclose(again.xy, first.xy)
