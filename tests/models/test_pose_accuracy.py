"""Real models on real people. Needs the weights and the sample clips."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodeflow.models import Library, OnnxModel, open_pose
from nodeflow.models.pose.blazepose import BlazePose, LandmarkReader
from nodeflow.models.pose.skeletons import COCO
from nodeflow.models.squares import Square
from nodeflow.values import Image

from . import reference

pytestmark = pytest.mark.weights

Frames = Callable[..., Iterator[Image]]

MEDIAPIPE = json.loads((Path(__file__).parent / "data" / "mediapipe_blazepose.json").read_text())


@pytest.fixture(scope="module")
def landmark_reader(library: Library) -> LandmarkReader:
    network = OnnxModel(library.fetch("blazepose-full")["landmarks"], "cpu")
    pipeline = library.card("blazepose-full").pipeline
    assert pipeline.kind == "blazepose"
    return LandmarkReader(network, pipeline)


@pytest.fixture(scope="module")
def mediapipe_frames(frames_of: Frames) -> dict[int, Image]:
    wanted = {each["frame"] for each in MEDIAPIPE["frames"]}
    return {number: image for number, image in enumerate(frames_of(MEDIAPIPE["clip"])) if number in wanted}


def each_mediapipe_frame() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("expected", MEDIAPIPE["frames"], ids=lambda each: f"frame{each['frame']}")


@each_mediapipe_frame()
def test_points_agree_with_mediapipe_on_the_same_square(
    expected: dict[str, Any],
    landmark_reader: LandmarkReader,
    mediapipe_frames: dict[int, Image],
) -> None:
    body = landmark_reader(mediapipe_frames[expected["frame"]], Square(*expected["square"]))
    apart = np.linalg.norm(body.xy - np.array(expected["xy"]), axis=1)
    assert apart.mean() < 2.0
    assert np.median(apart) < 1.0
    seen = apart * 256 / expected["square"][2]  # in pixels of the square that the network sees
    assert (seen < 2.0).sum() >= 32  # one of 33 may lie where the heatmap is torn between two places
    np.testing.assert_allclose(body.score, expected["visibility"], atol=0.02)
    np.testing.assert_allclose(body.xyz, expected["xyz"], atol=0.02)


@each_mediapipe_frame()
def test_points_agree_with_the_plain_pipeline_on_the_same_square(
    expected: dict[str, Any],
    landmark_reader: LandmarkReader,
    mediapipe_frames: dict[int, Image],
    library: Library,
) -> None:
    image = mediapipe_frames[expected["frame"]]
    network = OnnxModel(library.fetch("blazepose-full")["landmarks"], "cpu")
    plain = reference.blazepose_points(network, image.array, *expected["square"])
    np.testing.assert_allclose(landmark_reader(image, Square(*expected["square"])).xy, plain, atol=2.0)


def test_the_detector_agrees_with_mediapipe(mediapipe_frames: dict[int, Image]) -> None:
    first = MEDIAPIPE["frames"][0]
    pose = open_pose("blazepose-full", device="cpu")
    assert isinstance(pose, BlazePose)
    square = pose._detector(mediapipe_frames[0])
    assert square is not None
    x, y, side, angle = first["square"]
    assert (square.x, square.y, square.side) == pytest.approx((x, y, side), abs=2)
    assert square.angle == pytest.approx(angle, abs=0.01)


@pytest.mark.parametrize("model_id", ["blazepose-full", "blazepose-lite"])
def test_one_person_is_found_and_followed(model_id: str, frames_of: Frames) -> None:
    pose = open_pose(model_id, device="cpu")
    assert isinstance(pose, BlazePose)
    found = [len(pose(image, score=0.3)) for image in frames_of("one_person", every=3)]
    assert sum(found) / len(found) >= 0.98
    assert max(found) == 1
    assert pose.detector_runs <= 2


@pytest.mark.parametrize("model_id", ["movenet-lightning", "movenet-thunder"])
def test_movenet_finds_the_one_person(model_id: str, frames_of: Frames) -> None:
    pose = open_pose(model_id, device="cpu")
    found = [len(pose(image, score=0.3)) for image in frames_of("one_person", every=5)]
    assert sum(found) / len(found) >= 0.98


def test_two_people_are_found(frames_of: Frames) -> None:
    pose = open_pose("movenet-multipose", device="cpu")
    found = [len(pose(image, score=0.3)) for image in frames_of("two_people", every=6)]
    assert sum(count == 2 for count in found) / len(found) >= 0.95


def test_multipose_agrees_with_the_plain_pipeline(library: Library, frames_of: Frames) -> None:
    pose = open_pose("movenet-multipose", device="cpu")
    pipeline = library.card("movenet-multipose").pipeline
    assert pipeline.kind == "movenet-multi"
    network = OnnxModel(library.fetch("movenet-multipose")["pose"], "cpu")
    for image in frames_of("two_people", every=40):
        people = pose(image, score=0.3)
        points, scores = reference.movenet_people(network, image.array, pipeline.size)
        surest = np.argsort(-scores)[: len(people)]
        np.testing.assert_allclose(people.xy - 0.5, points[surest], atol=2.0)
        np.testing.assert_allclose(people.person, scores[surest], atol=0.01)


def test_the_models_agree_on_where_the_joints_are(frames_of: Frames) -> None:
    """Shoulders, elbows, hips, knees: two families of models place them within a tenth of the body."""
    image = next(iter(frames_of("one_person")))
    one = open_pose("blazepose-full", device="cpu")(image, score=0.3)
    other = open_pose("movenet-thunder", device="cpu")(image, score=0.3)
    names = [f"{side}_{joint}" for side in ("left", "right") for joint in ("shoulder", "elbow", "hip", "knee", "ankle")]
    a = np.array([one.xy[0, one.skeleton.index(name)] for name in names])
    b = np.array([other.xy[0, other.skeleton.index(name)] for name in names])
    assert np.linalg.norm(a - b, axis=1).max() < 0.1 * np.ptp(a[:, 1])


def test_a_mirrored_picture_gives_mirrored_joints(frames_of: Frames, library: Library) -> None:
    pose = open_pose("movenet-multipose", device="cpu")
    pipeline = library.card("movenet-multipose").pipeline
    assert pipeline.kind == "movenet-multi"
    others = {"left": "right", "right": "left"}
    swap = [COCO.index("_".join(others.get(part, part) for part in name.split("_"))) for name in COCO.joints]
    apart = []
    for image in frames_of("two_people", every=12):
        side = max(image.frame.size)
        square = np.zeros((side, side, 3), np.uint8)
        square[: image.height, : image.width] = image.array
        straight = pose(Image(square), score=0.3)
        mirrored = pose(Image(np.ascontiguousarray(square[:, ::-1])), score=0.3)
        turned = np.stack((side - mirrored.xy[:, swap, 0], mirrored.xy[:, swap, 1]), axis=-1)
        for person in straight.xy:
            nearest = np.abs(turned - person).sum(axis=(1, 2)).argmin()
            apart.append(person - turned[nearest])
    assert np.abs(np.median(np.concatenate(apart), axis=0)).max() < side / pipeline.size  # a pixel of the input


def test_an_empty_picture_has_nobody(frames_of: Frames) -> None:
    empty = Image(np.full((480, 640, 3), 90, np.uint8))
    for model_id in ("blazepose-full", "movenet-lightning", "movenet-multipose"):
        assert len(open_pose(model_id, device="cpu")(empty, score=0.3)) == 0


def test_a_crop_of_a_frame_gives_the_same_joints_on_the_frame(frames_of: Frames) -> None:
    image = next(iter(frames_of("one_person")))
    whole = open_pose("blazepose-full", device="cpu")(image, score=0.3)
    crop = image.cropped(0, 100, 1000, 1300)
    part = open_pose("blazepose-full", device="cpu")(crop, score=0.3)
    apart = np.linalg.norm(part.on(image.frame)[0] - whole.xy[0], axis=1)
    assert np.median(apart) < 15
