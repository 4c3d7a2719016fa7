"""Faces and hands: squares by rule, and real weights on real pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import Library, open_task
from nodeflow.models.blaze import Found
from nodeflow.models.faces.detector import face_square
from nodeflow.models.faces.mesh import Mesh, eye_square
from nodeflow.models.hands.mediapipe import hand_square, palm_square
from nodeflow.models.squares import Square
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.faces.faces import FaceMesh, FindFaces
from nodes.hands.hands import FindHands
from nodes.io.image import read_image

Frames = Callable[..., Iterator[Image]]

turns = st.floats(-3, 3)


@given(turns, st.floats(10, 200))
def test_a_face_is_seen_with_its_eyes_level(turn: float, apart: float) -> None:
    eye = np.array((math.cos(turn), math.sin(turn)), np.float32) * apart / 2
    face = Found(1.0, (300, 300, 400, 420), [tuple(350 - eye), tuple(350 + eye)])
    square = face_square(face)
    assert (square.x, square.y, square.side) == (350, 360, 180)
    assert math.isclose(square.angle, turn, abs_tol=1e-4)


def test_a_mirrored_square_shows_the_same_place_the_other_way_round() -> None:
    plain, mirrored = Square(50, 40, 32, 0.3).to_picture(64), Square(50, 40, 32, 0.3, mirrored=True).to_picture(64)
    for x, y in ((0, 0), (10, 50), (64, 64)):
        a, b, c, d, e, f = plain
        there = a * x + b * y + c, d * x + e * y + f
        a, b, c, d, e, f = mirrored
        assert (a * (64 - x) + b * y + c, d * (64 - x) + e * y + f) == pytest.approx(there)


def test_an_eye_is_seen_2_3_times_as_wide() -> None:
    square = eye_square(np.array(((10, 20), (40, 20)), np.float32))
    assert (square.x, square.y, square.side, square.angle) == pytest.approx((25, 20, 69, 0))


@given(turns)
def test_a_hand_is_seen_upright_beyond_its_palm(turn: float) -> None:
    up = np.array((math.sin(turn), -math.cos(turn)), np.float32)
    points = [tuple(500 - 40 * up), (0, 0), tuple(500 + 40 * up)]
    square = palm_square(Found(1.0, (450, 450, 550, 550), points))
    assert (square.x, square.y) == pytest.approx(tuple(500 + 50 * up), abs=1e-2)
    assert square.side == pytest.approx(260)
    assert math.isclose(math.cos(square.angle - turn), 1, abs_tol=1e-5)


@given(turns)
def test_the_next_square_turns_with_the_hand(turn: float) -> None:
    rng = np.random.default_rng(3)
    hand = rng.uniform(-50, 50, (21, 2)).astype(np.float32)
    hand[0], hand[9] = (0, 60), (0, -30)
    hand[5], hand[13] = (15, -30), (-15, -30)
    c, s = math.cos(turn), math.sin(turn)
    still, turned = hand_square(hand), hand_square(hand @ np.array(((c, s), (-s, c)), np.float32))
    assert still.side == pytest.approx(turned.side, rel=1e-4)
    assert math.isclose(math.cos(turned.angle - still.angle - turn), 1, abs_tol=1e-5)


@pytest.fixture(scope="module")
def astronaut(library: Library) -> Image:
    import cv2

    return Image.from_bgr(np.asarray(cv2.imread(str(library.asset("astronaut")))))


@pytest.mark.weights
@pytest.mark.parametrize("model", ["blazeface-short", "blazeface-full"])
def test_the_astronauts_face_is_found(model: str, astronaut: Image) -> None:
    detections, points = run_node(FindFaces, astronaut, model=model)
    (box,) = detections.xyxy
    assert box == pytest.approx((175, 75, 275, 175), abs=12)
    right_eye, left_eye, nose, mouth, *_ = points.xy[0]
    for point, place in ((right_eye, (203, 102)), (left_eye, (247, 105)), (nose, (224, 131)), (mouth, (222, 150))):
        assert point == pytest.approx(place, abs=6)


@pytest.mark.weights
def test_the_mesh_lies_on_the_face_and_the_irises_on_the_eyes(astronaut: Image) -> None:
    poses = run_node(FaceMesh, astronaut, model="facemesh-iris")
    assert poses.xy.shape == (1, 478, 2)
    face = dict(zip(poses.skeleton.joints, poses.xy[0], strict=True))
    assert face["nose"] == pytest.approx((224, 131), abs=4)
    assert face["chin"] == pytest.approx((221, 177), abs=5)
    for side in ("right", "left"):
        middle = face[f"{side}_iris_middle"]
        ring = np.stack([face[f"{side}_iris_{place}"] for place in ("inner", "top", "outer", "bottom")])
        assert ring.mean(axis=0) == pytest.approx(middle, abs=0.5)
        assert np.linalg.norm(ring - middle, axis=1) == pytest.approx(4.0, abs=0.3)  # pixels, on both sides
        assert abs(ring[0, 0] - face["nose"][0]) < abs(ring[2, 0] - face["nose"][0])
        assert face[f"{side}_eye_outer"][0] != middle[0]
        assert min(face[f"{side}_eye_outer"][0], face[f"{side}_eye_inner"][0]) < middle[0]
        assert max(face[f"{side}_eye_outer"][0], face[f"{side}_eye_inner"][0]) > middle[0]


@pytest.mark.weights
def test_a_mesh_follows_a_face_that_turns(astronaut: Image) -> None:
    """In a picture that turns, the points turn with it, and the detector runs once."""
    model: Mesh = open_task("face-mesh", "facemesh", device="cpu")
    upright = model(astronaut, most=1).xy[0]
    for degrees in range(10, 50, 10):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x, y = 224.0, 130.0  # the middle of the face stays where it is
        to_upright = (c, s, x - c * x - s * y, -s, c, y + s * x - c * y)
        turned = astronaut.warped(to_upright, 512, 512)
        poses = model(Image(turned.array), most=1)
        matrix = np.array(((c, -s), (s, c)), np.float32)
        back = (poses.xy[0] - (x, y)) @ matrix + (x, y)
        assert np.linalg.norm(back - upright, axis=1).mean() < 3
        assert poses.track_id is not None
        assert list(poses.track_id) == [1]
    assert model.follower.detector_runs == 1


@pytest.mark.weights
@pytest.mark.parametrize("model", ["hands-full", "hands-lite"])
def test_the_points_of_a_hand_lie_on_the_hand(model: str, frames_of: Frames) -> None:
    """The left hand of a woman who walks to the left, held out in front of her: wrist at the right, fingers left."""
    image = list(frames_of("walk", every=60))[1]
    with open_node(FindHands, model=model) as find:
        poses, sides = find(image.cropped(1288, 676, 96, 96))
    assert len(poses) == 1
    assert sides.label(0) == "left"
    xy = dict(zip(poses.skeleton.joints, poses.on(image.frame)[0], strict=True))
    for joint, place in (("wrist", (1339, 715)), ("thumb_tip", (1318, 727)), ("middle_tip", (1318, 737))):
        assert xy[joint] == pytest.approx(place, abs=5)


@pytest.mark.weights
@pytest.mark.parametrize("model", ["hands-full", "hands-lite"])
def test_both_hands_of_the_sample_picture_are_found(model: str, library: Library) -> None:
    image = read_image(library.asset("two_hands"))
    with open_node(FindHands, model=model) as find:
        poses, _sides = find(image)
    far, near = sorted(poses.on(image.frame).mean(axis=1).tolist())
    assert far == pytest.approx((960, 943), abs=20)
    assert near == pytest.approx((1015, 1775), abs=20)


@pytest.mark.weights
def test_hands_are_the_sides_that_the_body_says(frames_of: Frames) -> None:
    """Each hand of a man who faces the camera, cut out around the wrist that a pose model found."""
    pose, hands = open_task("pose", "blazepose-full", device="cpu"), open_task("hands", "hands-full", device="cpu")
    told = []
    for image in frames_of("one_person", every=30):
        (body,) = (poses := pose(image, score=0.3)).xy
        for side in ("left", "right"):
            elbow, wrist = (body[poses.skeleton.index(f"{side}_{joint}")] for joint in ("elbow", "wrist"))
            half = max(30.0, 0.65 * float(np.linalg.norm(wrist - elbow)))
            x, y = (wrist + (wrist - elbow) * 0.35 - half).astype(int).tolist()
            hands.reset()
            found = hands(image.cropped(x, y, int(2 * half), int(2 * half)), most=1)
            sure = found.right[found.poses.person >= 0.95]  # of a hand that is half hidden it cannot tell
            told += [(side, "right" if right > 0.5 else "left") for right in sure]
    assert len(told) >= 2
    assert all(body == hand for body, hand in told)
