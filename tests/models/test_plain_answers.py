"""What is made of what networks say, beside the plainest form of the formulas that their authors publish, loop by loop.
The networks are scripted: they say anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.classes.classifier import Classifier
from nodeflow.models.faces.description import Describer
from nodeflow.models.generate.gan import Gan
from nodeflow.models.masks.network import MaskNetwork
from nodeflow.models.objects.nanodet import NanoDet
from nodeflow.models.pose.movenet import SinglePose, next_square
from nodeflow.models.pose.skeletons import COCO
from nodeflow.models.sound.pitch import hertz
from nodeflow.models.transform.styles import AnyStyle, ManyStyles
from nodeflow.values import Image, Vector

from .on_host import OnHost, model

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8))


class Says(OnHost):
    """A network that says the same whatever it is shown. `shown` is what it saw last, by name."""

    path = Path("said.onnx")

    def __init__(self, said: Mapping[str, np.ndarray], inputs: Mapping[str, tuple[Any, ...]] | None = None) -> None:
        self.inputs = dict(inputs or {"in": ()})
        self.said = dict(said)
        self.outputs = {name: array.shape for name, array in said.items()}
        self.shown: dict[str, np.ndarray] = {}

    def run(self, feeds: Mapping[str, np.ndarray], outputs: list[str] | None = None) -> list[np.ndarray]:
        self.shown = {name: np.array(array) for name, array in feeds.items()}
        return [self.said[name] for name in outputs or self.said]


def _settings(card: str) -> Any:
    return Library(folders=(BUILT_IN,)).card(card).pipeline


def softmax(numbers: list[float]) -> list[float]:
    grown = [math.exp(number - max(numbers)) for number in numbers]
    return [each / sum(grown) for each in grown]


def area(box: list[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(one: list[float], other: list[float]) -> float:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (area(one) + area(other) - wide * high)


def nanodet(said: Mapping[str, np.ndarray], settings: Any, score: float) -> list[tuple[float, int, list[float]]]:
    """NanoDet's own decoding (its demo in C++): the distance to each side is the mean of its bins, in strides; then of
    boxes of one class that overlap the surest stays."""
    found = []
    for stride, scores, sides in zip(settings.strides, settings.scores, settings.distances, strict=True):
        cells = settings.size // stride
        for cell, numbers in enumerate(said[scores][0].tolist()):
            sure = max(numbers)
            if sure < score:
                continue
            x, y = (cell % cells + 0.5) * stride, (cell // cells + 0.5) * stride
            bins = said[sides][0, cell].reshape(4, -1).tolist()
            left, top, right, bottom = (sum(i * p for i, p in enumerate(softmax(row))) * stride for row in bins)
            found.append((sure, numbers.index(sure), [x - left, y - top, x + right, y + bottom]))
    kept: list[tuple[float, int, list[float]]] = []
    for thing in sorted(found, key=lambda each: -each[0]):
        if all(thing[1] != other[1] or overlap(thing[2], other[2]) <= settings.overlap for other in kept):
            kept.append(thing)
    return kept


def test_nanodet() -> None:
    settings = _settings("nanodet")
    rng = np.random.default_rng(5)
    said = {}
    for stride, scores, sides in zip(settings.strides, settings.scores, settings.distances, strict=True):
        cells = (settings.size // stride) ** 2
        said[scores] = rng.uniform(0, 0.399, (1, cells, 80)).astype(np.float32)
        said[sides] = rng.normal(0, 2, (1, cells, 44)).astype(np.float32)
        for cell in rng.choice(cells, 12, replace=False):
            said[scores][0, cell, rng.integers(0, 3)] = rng.uniform(0.4, 1)
    found = NanoDet(model(Says(said)), settings)(PICTURE, score=0.4)
    wanted = nanodet(said, settings, 0.4)
    assert len(found) == len(wanted) > 20
    scale = 400 / settings.size
    for place, (sure, kind, box) in enumerate(wanted):
        left, top, right, bottom = (number * scale for number in box)
        there = [left, top - 50, right, bottom - 50]  # of the square around the picture, 50 rows above it are black
        bounded = [min(max(each, 0), limit) for each, limit in zip(there, (400, 300, 400, 300), strict=True)]
        np.testing.assert_allclose(found.xyxy[place], bounded, atol=0.05)
        assert (found.score[place], found.class_id[place]) == (np.float32(sure), kind)


def crop_region(
    keypoints: Mapping[str, tuple[float, float, float]], height: int, width: int
) -> tuple[float, float, float] | None:
    """`determine_crop_region` of TensorFlow's tutorial "MoveNet: Ultra fast and accurate pose detection model": centre
    and half the side; None for the whole picture."""
    torso = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    sure = {name: score > 0.2 for name, (_, _, score) in keypoints.items()}
    if not ((sure["left_hip"] or sure["right_hip"]) and (sure["left_shoulder"] or sure["right_shoulder"])):
        return None
    center_y = (keypoints["left_hip"][0] + keypoints["right_hip"][0]) / 2
    center_x = (keypoints["left_hip"][1] + keypoints["right_hip"][1]) / 2
    reach = {name: (abs(center_y - y), abs(center_x - x)) for name, (y, x, _) in keypoints.items()}
    half = max(
        *(1.9 * each for name in torso for each in reach[name]),
        *(1.2 * each for name in keypoints if sure[name] for each in reach[name]),
    )
    half = min(half, max(center_x, width - center_x, center_y, height - center_y))
    return None if half > max(width, height) / 2 else (center_x, center_y, half)


def test_where_movenet_looks_next() -> None:
    rng = np.random.default_rng(6)
    whole = 0
    for _ in range(60):
        xy = (rng.normal((200, 150), rng.uniform(5, 60), (17, 2))).astype(np.float32)
        score = rng.uniform(0, 1, 17).astype(np.float32)
        keypoints = {
            name: (float(y), float(x), float(s)) for name, (x, y), s in zip(COCO.joints, xy, score, strict=True)
        }
        wanted, square = crop_region(keypoints, 300, 400), next_square(xy, score, 400, 300)
        whole += wanted is None
        assert (square is None) == (wanted is None)
        if square is not None and wanted is not None:
            assert (square.x, square.y, square.side / 2) == pytest.approx(wanted, rel=1e-4)
    assert 0 < whole < 40


def test_movenets_joints() -> None:
    """Parts of the square, row first; the square is the one around the picture."""
    rows = np.random.default_rng(7).uniform(0.2, 0.8, (1, 1, 17, 3)).astype(np.float32)
    network = Says({"rows": rows})
    found = SinglePose(model(network), 192)(PICTURE, score=0.0)
    for joint, (y, x, score) in enumerate(rows[0, 0].tolist()):
        wanted = ((x + 0.5 / 192) * 400, (y + 0.5 / 192) * 400 - 50)
        np.testing.assert_allclose(found.xy[0, joint], wanted, atol=1e-2)
        assert found.score[0, joint] == np.float32(score)
    assert network.shown["in"].dtype == np.int32
    assert found.person[0] == pytest.approx(float(rows[..., 2].mean()))


def test_a_face_is_described() -> None:
    """As HSE_FaceRec_tf's facial_analysis.py has it."""
    rng = np.random.default_rng(8)
    ages = np.array(softmax(rng.normal(0, 2, 100).tolist()), np.float32)[None]
    man, numbers = np.array([[0.3]], np.float32), rng.uniform(0, 3, (1, 1024)).astype(np.float32)
    settings = _settings("faceres")
    network = Says({settings.age: ages, settings.gender: man, settings.embedding: numbers})
    found = Describer(model(network), settings)(PICTURE)
    indices = ages[0].argsort()[::-1][:2]
    shares = ages[0][indices] / np.sum(ages[0][indices])
    wanted = 1.0
    for year, share in zip(indices, shares, strict=True):
        wanted += year * share
    assert found.age == pytest.approx(wanted, rel=1e-5)
    assert found.gender.score.tolist() == pytest.approx([0.3, 0.7])
    np.testing.assert_allclose(found.embedding.values, numbers[0] / math.sqrt(sum(numbers[0].astype(float) ** 2)), 1e-5)


@pytest.mark.parametrize("card", ["emotion", "efficientnet-lite0"])
def test_names(card: str) -> None:
    settings = _settings(card)
    count = 7 if card == "emotion" else 1000
    numbers = np.random.default_rng(9).normal(0, 3, count).tolist()
    said = softmax(numbers) if settings.give == "likelihoods" else numbers
    names = tuple(f"kind {number}" for number in range(count))
    found = Classifier(model(Says({"out": np.array([said], np.float32)})), settings, names)(PICTURE)
    np.testing.assert_allclose(found.score, softmax(numbers), rtol=1e-4, atol=1e-7)


def test_a_person_mask() -> None:
    """MediaPipe's selfie segmentation: what the network says, over the whole picture."""
    weight = np.random.default_rng(10).uniform(0, 1, (1, 256, 256, 1)).astype(np.float32)
    mask = MaskNetwork(model(Says({"out": weight})), _settings("selfie"))(PICTURE)
    np.testing.assert_array_equal(mask.weight, weight[0, ..., 0])
    corners = np.array(((0, 0), (256, 256)))
    a, b, c, d, e, f = mask.frame.to_source
    there = corners @ np.array(((a, d), (b, e))) + (c, f)
    np.testing.assert_allclose(there, ((0, 0), (400, 300)), atol=1e-4)


def bytes_of(levels: np.ndarray) -> np.ndarray:
    """Levels of 0 to 1 as bytes, to the nearest."""
    return np.floor(np.clip(levels.astype(float) * 255, 0, 255) + 0.5)


def test_styles() -> None:
    rng = np.random.default_rng(11)
    made = rng.uniform(-0.2, 1.2, (1, 3, 120, 160)).astype(np.float32)
    many = Says({"out": made}, {"image": (), "style_weights": (26,)})
    painted = ManyStyles(model(many))(PICTURE, {3: 1.0, 5: 3.0}, longest=160)
    np.testing.assert_allclose(painted.array, bytes_of(made[0].transpose(1, 2, 0)), atol=1)
    weights = np.zeros(26)
    weights[3], weights[5] = 0.25, 0.75
    np.testing.assert_allclose(many.shown["style_weights"], weights)
    assert many.shown["image"].shape == (1, 3, 120, 160)

    numbers = rng.normal(0, 1, (1, 1, 1, 100)).astype(np.float32)
    reader = Says({"numbers": numbers}, {"style_image": (1, 256, 256, 3)})
    levels = rng.uniform(0, 1, (1, 384, 384, 3)).astype(np.float32)
    painter = Says({"out": levels}, {"content_image": (1, 384, 384, 3), "style": (1, 1, 1, 100)})
    painted = AnyStyle(model(reader), model(painter))(PICTURE, PICTURE, strength=0.25)
    np.testing.assert_allclose(painted.array, bytes_of(levels[0]), atol=1)
    np.testing.assert_allclose(painter.shown["style"], numbers, rtol=1e-5)  # a mix of one style with itself


def test_a_generated_picture() -> None:
    """A network that ends in tanh, as DCGAN's authors have it: -1 is dark, 1 is light."""
    made = np.random.default_rng(12).uniform(-1, 1, (1, 3, 64, 64)).astype(np.float32)
    settings = _settings("dcgan-faces")
    picture = Gan(model(Says({"out": made})), settings)(Vector(np.zeros(100, np.float32), settings.family))
    np.testing.assert_allclose(picture.array, bytes_of((made[0].transpose(1, 2, 0) + 1) / 2), atol=1)


def test_a_pitch() -> None:
    """`to_local_average_cents` of CREPE's authors."""
    rng = np.random.default_rng(13)
    likely = rng.uniform(0, 1, (40, 360)).astype(np.float32) ** 6
    cents = np.linspace(0, 7180, 360) + 1997.3794084376191
    for row, found in zip(likely, hertz(likely), strict=True):
        center = int(np.argmax(row))
        start, end = max(0, center - 4), min(len(row), center + 5)
        product = sum(float(row[i]) * cents[i] for i in range(start, end))
        wanted = 10 * 2 ** (product / sum(float(row[i]) for i in range(start, end)) / 1200)
        assert found == pytest.approx(wanted, rel=1e-4)
