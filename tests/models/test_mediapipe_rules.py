"""Faces, palms, hands and irises beside MediaPipe's own steps: what the networks are shown, and what is made of what
they say. The networks are scripted and say anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nodeflow.models import Library
from nodeflow.models.blaze import BlazeDetector, Found
from nodeflow.models.boxes import anchors
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.faces.detector import detector as face_detector
from nodeflow.models.faces.detector import face_square
from nodeflow.models.faces.mesh import Mesh, eye_square, mesh_square
from nodeflow.models.hands.mediapipe import MediaPipeHands, hand_square, palm_square
from nodeflow.models.looks import Sight
from nodeflow.models.pose.person_detector import MAPS
from nodeflow.models.squares import Square
from nodeflow.values import Image

from . import mediapipe
from .mediapipe import Rect
from .on_host import Scripted, model

WIDTH, HEIGHT = 400, 300
LEVEL = 2.1 / 255
"""OpenCV samples at 32 places of a pixel, and rounds to whole levels."""


def _settings(card: str) -> Any:
    return Library(folders=(BUILT_IN,)).card(card).pipeline


@pytest.fixture(scope="module")
def picture() -> Image:
    """Smooth, so that a place and its neighbour differ little; no two places are alike."""
    across, down = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    levels = np.dstack((across, down, 0.5 + 0.4 * np.sin(5 * across + 3 * down)))
    return Image(np.round(levels * 255).astype(np.uint8))


def _same(square: Square, rect: Rect) -> None:
    assert (square.x, square.y, square.side) == pytest.approx((rect.x, rect.y, rect.width), rel=1e-4)
    assert np.cos(square.angle - rect.rotation) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("size", "strides", "extra", "maps"),
    [
        (128, (8, 16, 16, 16), True, ((8, 2), (16, 6))),
        (192, (8, 16, 16, 16), True, ((8, 2), (16, 6))),
        (192, (4,), False, ((4, 1),)),
        (224, (8, 16, 32, 32, 32), True, MAPS),
    ],
)
def test_anchors(size: int, strides: tuple[int, ...], extra: bool, maps: tuple[tuple[int, int], ...]) -> None:
    np.testing.assert_allclose(anchors(size, maps), mediapipe.ssd_anchors(size, strides, extra), atol=1e-4)


@pytest.mark.parametrize(
    ("card", "points", "strides", "extra", "low"),
    [
        ("blazeface-short", 6, (8, 16, 16, 16), True, -1.0),
        ("blazeface-full", 6, (4,), False, -1.0),
        ("hands-full", 7, (8, 16, 16, 16), True, 0.0),
    ],
)
def test_detectors(card: str, points: int, strides: tuple[int, ...], extra: bool, low: float, picture: Image) -> None:
    numbers = _settings(card).detector
    places = mediapipe.ssd_anchors(numbers.size, strides, extra)
    rng = np.random.default_rng(len(card))
    raw = rng.normal(0, 12, (1, len(places), 4 + 2 * points)).astype(np.float32)
    raw[..., 2:4] = rng.uniform(5, 60, (1, len(places), 2))
    logits = rng.normal(-4, 3, (1, len(places), 1)).astype(np.float32)
    network = Scripted(("boxes", "scores"), lambda _: [raw, logits])
    find = (
        face_detector(model(network), numbers)
        if low
        else BlazeDetector(model(network), numbers, Sight(numbers.size, "turned", scale=1 / 255))
    )
    found = find(picture, most=1000)
    around = mediapipe.letterbox(picture.array)
    shown = mediapipe.to_tensor(picture.array, around, numbers.size, replicate=False, low=low, high=1)
    inner = slice(numbers.size // 4, 3 * numbers.size // 4)  # at the black borders it is what OpenCV makes of an edge
    np.testing.assert_allclose(network.shown[0][inner], shown[inner], atol=LEVEL * (1 - low))
    read = mediapipe.detections(raw[0], logits[0, :, 0], places, numbers.least)
    wanted = mediapipe.weighted_suppression(read, numbers.overlap)
    assert len(found) == len(wanted) > 5
    for one, other in zip(found, wanted, strict=True):
        corners = np.array([*other.points, other.box[:2], other.box[2:]])
        there = mediapipe.projected(corners, around, numbers.size)
        np.testing.assert_allclose([*one.points, one.box[:2], one.box[2:]], there, atol=1e-2)
        assert one.score == pytest.approx(other.score, abs=1e-6)


def _found(rng: np.random.Generator) -> Found:
    left, top, wide, high = rng.uniform(20, 120, 4).tolist()
    return Found(1.0, (left, top, left + wide, top + high), [tuple(each) for each in rng.uniform(0, 200, (7, 2))])


def test_squares() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        thing = _found(rng)
        box = np.array(thing.box).reshape(2, 2)
        level = mediapipe.rect_of_points(box, mediapipe.rotation(thing.points[0], thing.points[1], 0))
        _same(face_square(thing), mediapipe.transformed(level, 1.5))
        up = mediapipe.rect_of_points(box, mediapipe.rotation(thing.points[0], thing.points[2], 90))
        _same(palm_square(thing), mediapipe.transformed(up, 2.6, -0.5))
        hand = rng.uniform(0, 200, (21, 2)).astype(np.float32)
        _same(hand_square(hand), mediapipe.transformed(mediapipe.rect_of_hand(hand), 2.0, -0.1))
        mesh = rng.uniform(0, 200, (468, 2)).astype(np.float32)
        turned = mediapipe.rotation(tuple(mesh[33]), tuple(mesh[263]), 0)
        _same(mesh_square(mesh), mediapipe.transformed(mediapipe.rect_of_points(mesh, turned), 1.5))
        eye = rng.uniform(0, 200, (2, 2)).astype(np.float32)
        turned = mediapipe.rotation(tuple(eye[0]), tuple(eye[1]), 0)
        _same(eye_square(eye), mediapipe.transformed(mediapipe.rect_of_points(eye, turned), 2.3))


def _one(size: int, maps: Any, points: dict[int, tuple[float, float]], count: int) -> Scripted:
    """A detector that sees one thing, 50 pixels of its input wide, in the middle, with these points."""
    places = anchors(size, maps)
    raw = np.zeros((1, len(places), 4 + 2 * count), np.float32)
    logits = np.full((1, len(places), 1), -20, np.float32)
    near = int(np.argmin(np.abs(places - size / 2).sum(axis=1)))
    raw[0, near, :4] = *(size / 2 - places[near]), 50, 50
    for number, at in points.items():
        raw[0, near, 4 + 2 * number : 6 + 2 * number] = at - places[near]
    logits[0, near] = 5
    return Scripted(("boxes", "scores"), lambda _: [raw, logits])


def _saying(*arrays: np.ndarray) -> Callable[[np.ndarray], list[np.ndarray]]:
    return lambda _: list(arrays)


def test_a_face_and_its_irises(picture: Image) -> None:
    settings = _settings("facemesh-iris")
    rng = np.random.default_rng(3)
    said = rng.uniform(10, 180, (468, 3)).astype(np.float32)
    said[[33, 133, 362, 263], :2] = (50, 80), (80, 84), (110, 86), (140, 88)
    ring = rng.uniform(5, 60, (5, 3)).astype(np.float32)
    finder = _one(128, settings.detector.maps, {0: (50, 60), 1: (80, 66)}, 6)
    mesh = Scripted(("points", "sure"), _saying(said.reshape(1, 1, 1, -1), np.full((1, 1, 1, 1), 3, np.float32)))
    eyes: list[np.ndarray] = []

    def seen(levels: np.ndarray) -> list[np.ndarray]:
        eyes.append(np.array(levels))
        return [np.zeros((1, 213), np.float32), ring.reshape(1, -1)]

    model_ = Mesh(model(finder), model(mesh), model(Scripted(("contour", "iris"), seen)), settings)
    poses = model_(picture, most=1)
    around = mediapipe.letterbox(picture.array)
    eye_points = mediapipe.projected(np.array([(50, 60), (80, 66)]), around, 128)
    box = mediapipe.projected(np.array([(64 - 25, 64 - 25), (64 + 25, 64 + 25)]), around, 128)
    turned = mediapipe.rotation(tuple(eye_points[0]), tuple(eye_points[1]), 0)
    roi = mediapipe.transformed(mediapipe.rect_of_points(box, turned), 1.5)
    shown = mediapipe.to_tensor(picture.array, roi, 192, replicate=True, low=0, high=1)
    np.testing.assert_allclose(mesh.shown[0], shown, atol=LEVEL)
    xy = mediapipe.projected(said[:, :2], roi, 192)
    np.testing.assert_allclose(poses.xy[0, :468] - 0.5, xy, atol=1e-2)
    assert poses.score[0, 0] == pytest.approx(1 / (1 + np.exp(-3)))
    # MediaPipe's left eye is the one at the picture's left. Its network knows left ones; right ones are flipped.
    for place, (corners, flipped) in enumerate((((33, 133), False), ((362, 263), True))):
        eye = xy[list(corners)]
        rect = mediapipe.rect_of_points(eye, mediapipe.rotation(tuple(eye[0]), tuple(eye[1]), 0))
        rect = mediapipe.transformed(rect, 2.3)
        iris = mediapipe.projected(ring[:, :2], rect, 64, flipped=flipped)
        np.testing.assert_allclose(poses.xy[0, 468 + 5 * place : 473 + 5 * place] - 0.5, iris, atol=2e-2)
        shown = mediapipe.to_tensor(picture.array, rect, 64, replicate=True, low=0, high=1)
        shown = shown[:, ::-1] if flipped else shown
        np.testing.assert_allclose(eyes[place][0], shown, atol=0.06 if flipped else LEVEL)  # a flip is off by a pixel
    model_(picture, most=1)
    turned = mediapipe.rotation(tuple(xy[33]), tuple(xy[263]), 0)
    following = mediapipe.transformed(mediapipe.rect_of_points(xy, turned), 1.5)
    shown = mediapipe.to_tensor(picture.array, following, 192, replicate=True, low=0, high=1)
    np.testing.assert_allclose(mesh.shown[0], shown, atol=LEVEL)
    assert finder.calls == 1


def test_a_hand(picture: Image) -> None:
    settings = _settings("hands-full")
    rng = np.random.default_rng(4)
    said = rng.uniform(20, 200, (21, 3)).astype(np.float32)
    said[[0, 5, 9, 13], :2] = (110, 200), (80, 90), (112, 80), (140, 92)
    world = rng.normal(0, 0.05, (21, 3)).astype(np.float32)
    palms = _one(192, settings.detector.maps, {0: (90, 120), 2: (100, 60)}, 7)
    sure, right = np.full((1, 1), 0.9, np.float32), np.full((1, 1), 0.2, np.float32)
    names = ("points", "sure", "right", "world")
    network = Scripted(names, _saying(said.reshape(1, -1), sure, right, world.reshape(1, -1)))
    hands = MediaPipeHands(model(palms), model(network), settings)
    found = hands(picture, most=1)
    around = mediapipe.letterbox(picture.array)
    wrist, knuckle = mediapipe.projected(np.array([(90, 120), (100, 60)]), around, 192)
    box = mediapipe.projected(np.array([(96 - 25, 96 - 25), (96 + 25, 96 + 25)]), around, 192)
    turned = mediapipe.rotation(tuple(wrist), tuple(knuckle), 90)
    roi = mediapipe.transformed(mediapipe.rect_of_points(box, turned), 2.6, -0.5)
    shown = mediapipe.to_tensor(picture.array, roi, 224, replicate=True, low=0, high=1)
    np.testing.assert_allclose(network.shown[0], shown, atol=LEVEL)
    xy = mediapipe.projected(said[:, :2], roi, 224)
    np.testing.assert_allclose(found.poses.xy[0] - 0.5, xy, atol=2e-2)
    assert found.right[0] == pytest.approx(0.2)
    c, s = np.cos(roi.rotation), np.sin(roi.rotation)  # WorldLandmarkProjectionCalculator
    space = np.stack((c * world[:, 0] - s * world[:, 1], s * world[:, 0] + c * world[:, 1], world[:, 2]), axis=1)
    assert found.poses.xyz is not None
    np.testing.assert_allclose(found.poses.xyz[0], space, atol=1e-5)
    hands(picture, most=1)
    following = mediapipe.transformed(mediapipe.rect_of_hand(xy), 2.0, -0.1)
    shown = mediapipe.to_tensor(picture.array, following, 224, replicate=True, low=0, high=1)
    np.testing.assert_allclose(network.shown[0], shown, atol=LEVEL)
    assert palms.calls == 1
