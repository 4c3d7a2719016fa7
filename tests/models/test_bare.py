"""How the outputs of any network are read, against plain loops. What it is shown: `test_bare_eye`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import BadModel, OnnxModel
from nodeflow.models.bare import BareModel, Limits, Options, names_in, plan_for
from nodeflow.models.bare.model import fed
from nodeflow.models.bare.options import Gives, PointLayout
from nodeflow.models.bare.things import MOST, BoxReader, ClassReader, PointReader
from nodeflow.models.bare.view import View
from nodeflow.models.signature import Dimension, Signature, TensorInfo, read_signature
from nodeflow.values import Classes, Detections, Image, Mask, Poses, Tensor, transform

from .networks import mirror, says

RANDOM = np.random.default_rng(5)
PICTURE = Image(RANDOM.integers(0, 256, (90, 160, 3), np.uint8))


def _info(*shape: Dimension, name: str = "images", dtype: str = "float32") -> TensorInfo:
    return TensorInfo(name, dtype, shape)


def _signature(inputs: list[TensorInfo], outputs: list[TensorInfo]) -> Signature:
    return Signature("onnx", tuple(inputs), tuple(outputs))


def _opened(path: Path, options: Options, names: tuple[str, ...] = ()) -> BareModel:
    return BareModel(OnnxModel(path, "cpu"), plan_for(read_signature(path), options), names)


# ---- ports


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        ([_info(1, 1000)], {"classes": "Classes"}),
        ([_info(1, 1, 64, 64)], {"mask": "Mask"}),
        ([_info(1, 64, 64, 3)], {"image": "Image"}),
        ([_info(1, 84, 8400)], {"detections": "Detections"}),
        ([_info(1, 25200, 85)], {"detections": "Detections"}),
        ([_info(1, 300, 6)], {"detections": "Detections"}),
        (
            [_info(None, 4, name="boxes"), _info(None, name="labels", dtype="int64"), _info(None, name="scores")],
            {"detections": "Detections"},
        ),
        (
            [_info(1, 100, 92, name="logits"), _info(1, 100, 4, name="pred_boxes"), _info(1, 7, name="more")],
            {"detections": "Detections", "more": "Tensor"},
        ),
        ([_info(1, 896, 16, name="r/1"), _info(1, 896, 1, name="class")], {"r_1": "Tensor", "tensor_class": "Tensor"}),
        ([_info(1, 7, name="a.b"), _info(1, 9, name="A:B")], {"a_b": "Tensor", "a_b_2": "Tensor"}),
        ([TensorInfo("y", "float32", None)], {"y": "Tensor"}),
    ],
)  # fmt: skip
def test_ports_are_guessed_from_shapes(outputs: list[TensorInfo], wanted: dict[str, str]) -> None:
    plan = plan_for(_signature([_info(1, 3, 640, 640), _info(name="scale")], outputs), Options())
    assert plan.inputs == {"image": "Image", "scale": "Tensor"}
    assert plan.outputs == wanted


def test_what_is_said_wins_over_what_is_guessed() -> None:
    signature = _signature([_info(1, 3, 64, 64)], [_info(1, 17, 3, name="points"), _info(1, 5, name="kind")])
    assert plan_for(signature, Options(gives="keypoints")).outputs == {"poses": "Poses", "kind": "Tensor"}
    assert plan_for(signature, Options(gives="classes")).outputs == {"classes": "Classes", "points": "Tensor"}
    assert plan_for(signature, Options(gives="classes", output="points")).outputs == {
        "classes": "Classes",
        "kind": "Tensor",
    }
    tensors = plan_for(signature, Options(takes="tensors"))
    assert (tensors.inputs, tensors.outputs) == ({"images": "Tensor"}, {"points": "Tensor", "kind": "Tensor"})
    for options, what in (
        (Options(gives="boxes"), "do not look like boxes"),
        (Options(output="gone"), "there is no output 'gone'; there are points, kind"),
        (Options(gives="mask", takes="tensors"), "sees no picture gives no mask"),
        (Options(gives="boxes", boxes="boxes-scores-labels"), "takes 3 outputs, and there are 2"),
    ):
        with pytest.raises(BadModel, match=what):
            plan_for(signature, options)


# ---- reading


def test_pictures_come_back_where_they_were(tmp_path: Path) -> None:
    model = _opened(mirror(tmp_path / "m.onnx", (1, 3, 64, 64)), Options(fit="letterbox"))
    (made,) = model([PICTURE], Limits())
    assert isinstance(made, Image)
    np.testing.assert_array_equal(made.array, cv2.resize(PICTURE.array, (64, 36), interpolation=cv2.INTER_AREA))
    assert made.frame.same_source(PICTURE.frame)
    np.testing.assert_allclose(
        transform(made.frame.to(PICTURE.frame), np.array([(64, 36)], np.float32)), [(160, 90)], atol=1e-3
    )


def test_a_mask_is_squashed_only_where_it_must_be(tmp_path: Path) -> None:
    logits = RANDOM.normal(0, 4, (1, 1, 64, 64)).astype(np.float32)
    (mask,) = _opened(says(tmp_path / "a.onnx", {"m": logits}), Options())([PICTURE], Limits())
    assert isinstance(mask, Mask)
    np.testing.assert_allclose(mask.weight, 1 / (1 + np.exp(-logits[0, 0].astype(np.float64))), atol=1e-6)
    weights = RANDOM.random((1, 64, 64, 1)).astype(np.float32)
    (mask,) = _opened(says(tmp_path / "b.onnx", {"m": weights}), Options())([PICTURE], Limits())
    np.testing.assert_array_equal(mask.weight, weights[0, ..., 0])
    many = RANDOM.normal(0, 4, (1, 5, 32, 32)).astype(np.float32)
    model = _opened(says(tmp_path / "c.onnx", {"m": many}), Options(gives="mask"))
    (mask,) = model([PICTURE], Limits(channel=2))
    grown = np.exp(many[0].astype(np.float64))
    np.testing.assert_allclose(mask.weight, grown[2] / grown.sum(axis=0), atol=1e-6)
    with pytest.raises(BadModel, match="5 channels, and channel 5"):
        model([PICTURE], Limits(channel=5))


def test_classes_are_named_and_made_likelihoods_once(tmp_path: Path) -> None:
    logits = RANDOM.normal(0, 4, (1, 6)).astype(np.float32)
    wanted = np.exp(logits[0].astype(np.float64)) / np.exp(logits[0].astype(np.float64)).sum()
    (told,) = _opened(says(tmp_path / "a.onnx", {"y": logits}), Options(), ("cat", "dog"))([PICTURE], Limits())
    assert isinstance(told, Classes)
    np.testing.assert_allclose(told.score, wanted, atol=1e-6)
    assert told.names == ("cat", "dog", "class 2", "class 3", "class 4", "class 5")
    path = says(tmp_path / "b.onnx", {"y": wanted[None].astype(np.float32)})
    (told,) = _opened(path, Options())([PICTURE], Limits(top=2))
    best = np.sort(np.argsort(-wanted)[:2])
    np.testing.assert_allclose(told.score, wanted[best], atol=1e-6)
    assert told.names == tuple(f"class {i}" for i in best)
    (told,) = _opened(says(tmp_path / "c.onnx", {"y": logits}), Options(squash="sigmoid"))([PICTURE], Limits())
    np.testing.assert_allclose(told.score, 1 / (1 + np.exp(-logits[0].astype(np.float64))), atol=1e-6)


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(wide, 0) * max(high, 0)
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return float(shared / (areas - shared))


def _plainly(boxes: np.ndarray, scores: np.ndarray, score: float, overlap: float) -> list[tuple[int, int]]:
    """(place, class) of what stays, surest first: the plain loops of greedy suppression within each class."""
    kinds, best = scores.argmax(axis=1), scores.max(axis=1)
    stay: list[tuple[int, int]] = []
    for i in sorted(range(len(boxes)), key=lambda i: -best[i]):
        if best[i] >= score and all(kinds[i] != k or _overlap(boxes[i], boxes[j]) <= overlap for j, k in stay):
            stay.append((i, int(kinds[i])))
    return stay


def _scattered(count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles and sizes in a picture of 64, many of them about the same things; and scores."""
    things = RANDOM.uniform(12, 52, (8, 2))
    middle = np.concatenate(
        (things[RANDOM.integers(0, 8, count)] + RANDOM.normal(0, 1, (count, 2)), RANDOM.uniform(6, 14, (count, 2))), 1
    )
    return middle.astype(np.float32), (RANDOM.random((count, classes)) ** 4).astype(np.float32)


@pytest.mark.parametrize("layout", ["yolov8", "yolov5"])
@pytest.mark.parametrize("fit", ["letterbox", "stretch"])
def test_boxes_are_those_of_plain_loops(tmp_path: Path, layout: str, fit: Any) -> None:
    middle, scores = _scattered(200, 4)
    if layout == "yolov8":
        output = np.concatenate((middle, scores), 1).T[None]
    else:
        thing = RANDOM.random((200, 1)).astype(np.float32)
        output = np.concatenate((middle, thing, scores), 1)[None]
        scores = scores * thing
    path = says(
        tmp_path / "d.onnx", {"y": np.ascontiguousarray(output)}, names="{0: 'cup', 1: 'cat', 2: 'dog', 3: 'car'}"
    )
    network = OnnxModel(path, "cpu")
    model = BareModel(network, plan_for(read_signature(path), Options(fit=fit)), names_in(network.metadata))
    (found,) = model([PICTURE], Limits(score=0.3, overlap=0.5))
    assert isinstance(found, Detections)
    corners = np.concatenate((middle[:, :2] - middle[:, 2:] / 2, middle[:, :2] + middle[:, 2:] / 2), 1)
    stay = _plainly(corners, scores, 0.3, 0.5)
    assert 3 < len(stay) < 100
    assert found.names == ("cup", "cat", "dog", "car")
    assert found.class_id.tolist() == [kind for _, kind in stay]
    np.testing.assert_allclose(found.score, [scores[i].max() for i, _ in stay], atol=1e-6)
    wanted = corners[[i for i, _ in stay]]
    wanted = (wanted - (0, 14, 0, 14)) * 2.5 if fit == "letterbox" else wanted * (2.5, 90 / 64, 2.5, 90 / 64)
    np.testing.assert_allclose(found.xyxy, np.clip(wanted, 0, (160, 90, 160, 90)), atol=1e-3)


def test_boxes_that_are_sorted_out_already_stay_as_they_are(tmp_path: Path) -> None:
    rows = np.array([[8, 8, 24, 24, 0.9, 2], [8, 8, 24, 25, 0.8, 2], [0, 0, 9, 9, 0.1, 1], [0] * 6], np.float32)
    (found,) = _opened(says(tmp_path / "e.onnx", {"y": rows[None]}), Options(), ("a", "b", "c"))([PICTURE], Limits())
    assert [found.label(i) for i in range(len(found))] == ["c", "c"]
    np.testing.assert_allclose(found.xyxy[0], (20, 11.25, 60, 33.75), atol=1e-3)
    outputs: dict[str, np.ndarray] = {"boxes": rows[:, :4], "labels": rows[:, 5].astype(np.int64), "scores": rows[:, 4]}
    (found,) = _opened(says(tmp_path / "f.onnx", outputs), Options())([PICTURE], Limits(overlap=0.5))
    assert len(found) == 1
    logits = np.array([[4, 0, 0], [0, 0, 9]], np.float32)
    boxes = np.array([[0.5, 0.5, 0.5, 1.0], [0.5, 0.5, 1, 1]], np.float32)
    (found,) = _opened(says(tmp_path / "g.onnx", {"logits": logits[None], "b": boxes[None]}), Options())(
        [PICTURE], Limits()
    )
    np.testing.assert_allclose(found.xyxy, [(40, 0, 120, 90)], atol=1e-3)
    np.testing.assert_allclose(found.score, [np.exp(4) / (np.exp(4) + 2)], atol=1e-6)


def test_points_are_found_in_every_layout(tmp_path: Path) -> None:
    points = np.array([(10.5, 20.5, 0.9), (40.5, 60.5, 0.5)] + [(0.5, 0.5, 0.1)] * 3, np.float32)
    wanted = points[:, :2] * (160 / 64, 90 / 64)
    maps = np.zeros((1, 5, 64, 64), np.float32)
    for i, (x, y, score) in enumerate(points):
        maps[0, i, int(y), int(x)] = score
    layouts: dict[PointLayout, np.ndarray] = {
        "heatmaps": maps,
        "xy-score": points[None],
        "yx-score": points[None, None][..., (1, 0, 2)],
        "xy": np.ascontiguousarray(points[:, :2].reshape(1, -1)),
    }
    for layout, output in layouts.items():
        path = says(tmp_path / f"{layout}.onnx", {"y": np.ascontiguousarray(output)})
        (found,) = _opened(path, Options(gives="keypoints", keypoints=layout))([PICTURE], Limits())
        assert isinstance(found, Poses)
        np.testing.assert_allclose(found.xy[0], wanted, atol=1e-3)
        if layout != "xy":
            np.testing.assert_allclose(found.score[0], points[:, 2], atol=1e-6)
            (guessed,) = _opened(path, Options(gives="keypoints"))([PICTURE], Limits())
            np.testing.assert_array_equal(guessed.xy, found.xy)


@settings(deadline=None)
@given(st.sampled_from((float("nan"), float("inf"), -float("inf"), 1e30, 0.0)))
def test_whatever_a_network_says_is_a_value_or_a_clear_error(number: float) -> None:
    shapes: dict[Gives, tuple[int, ...]] = {
        "boxes": (1, 8, 200), "keypoints": (1, 17, 3), "classes": (1, 9), "mask": (1, 1, 9, 9), "picture": (1, 3, 9, 9)
    }  # fmt: skip
    view = View.of(PICTURE.frame, 64, 64, "stretch")
    for gives, shape in shapes.items():
        plan = plan_for(_signature([_info(1, 3, 64, 64)], [_info(*shape)]), Options(gives=gives))
        reader = plan.reader(())
        assert reader is not None
        with np.errstate(all="ignore"):
            value = reader([np.full(shape, number, np.float32)], view, Limits())
        for name in ("score", "weight", "xyxy", "xy"):
            if hasattr(value, name):
                assert np.isfinite(getattr(value, name)).all(), (gives, name)


def test_numbers_of_classes_that_no_network_has_are_passed_over_or_told() -> None:
    """A name for each of a thousand million would take all the memory."""
    view = View.of(PICTURE.frame, 64, 64, "stretch")
    rows = np.array([[8, 8, 24, 24, 0.9, 1e9], [8, 8, 24, 24, 0.9, 1e30], [0, 0, 9, 9, 0.8, 3]], np.float32)[None]
    found = BoxReader(Options(), "end-to-end", ())([rows], view, Limits())
    assert [found.label(i) for i in range(len(found))] == ["class 3"]
    with pytest.raises(BadModel, match=r"its boxes have 29,997 classes.*set boxes"):
        BoxReader(Options(), "yolov8", ())([np.zeros((1, 30_001, 3), np.float32)], view, Limits())
    with pytest.raises(BadModel, match=r"gives 20,001 numbers.*set gives"):
        ClassReader(Options(), ())([np.zeros(20_001, np.float32)], None, Limits())


def test_of_very_many_figures_the_surest_are_looked_at() -> None:
    rows = np.zeros((1, 8, 20_000), np.float32)
    rows[0, 2:4], rows[0, 4] = 4, np.linspace(0.3, 0.9, 20_000)
    rows[0, :2] = np.random.default_rng(0).uniform(0, 1e4, (2, 20_000))
    rows[0, 0, -1] = np.nan
    found = PointReader(Options(), "yolo-pose", ())([rows], View.of(PICTURE.frame, 64, 64, "stretch"), Limits())
    assert len(found) == MOST
    assert found.person.max() == pytest.approx(0.9, abs=1e-3)


# ---- tensors


def test_tensors_are_checked_before_the_network_runs() -> None:
    wanted = _info(1, 4, name="z")
    np.testing.assert_array_equal(fed(wanted, Tensor(np.arange(4.0), ("n",))), [[0, 1, 2, 3]])
    assert fed(_info(name="n", dtype="int64"), Tensor(np.array(3, np.int32), ())).shape == ()
    assert fed(_info(1, name="n", dtype="int64"), Tensor(np.array(3, np.float32), ())).tolist() == [3]
    with pytest.raises(BadModel, match="was given float32; wire a tensor of int64"):
        fed(_info(1, name="n", dtype="int64"), Tensor(np.array(3.5, np.float32), ()))
    for array, what in (
        (np.zeros((1, 5)), "z .float32 1x4. was given a tensor of 1x5"),
        (np.zeros((2, 2)), "2x2"),
        (np.zeros(4, complex), "complex128"),
    ):
        with pytest.raises(BadModel, match=what):
            fed(wanted, Tensor(array, tuple("ab"[: array.ndim])))
