"""Detectors: reading their maps by hand-made ones, and real weights on real pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, OnnxModel, open_task
from nodeflow.models.boxes import suppressed
from nodeflow.models.objects.coco import NAMES
from nodeflow.models.objects.nanodet import NanoDet
from nodeflow.models.pipelines.pictures import NanoDet as Settings
from nodeflow.testing.nodes import run_node
from nodeflow.values import Detections, Frame, Image
from nodes.objects.objects import choose

from .on_host import OnHost

Frames = Callable[..., Iterator[Image]]

SETTINGS = Settings(
    kind="nanodet", size=64, strides=(8, 16), scores=("s8", "s16"), distances=("d8", "d16"), overlap=0.5
)


class Maps(OnHost):
    """A network whose maps were made by hand: each thing is (stride, cell x, cell y, kind, score, sides in strides)."""

    provider, device = "CPU", "cpu"
    inputs: dict[str, tuple[int, ...]] = {"in": ()}

    def __init__(self, *things: tuple[int, int, int, int, float, tuple[int, int, int, int]]) -> None:
        self.maps: dict[str, Any] = {}
        for stride in SETTINGS.strides:
            cells = SETTINGS.size // stride
            self.maps[f"s{stride}"] = np.zeros((1, cells * cells, len(NAMES)), np.float32)
            self.maps[f"d{stride}"] = np.zeros((1, cells * cells, 4 * 8), np.float32)
        for stride, x, y, kind, score, sides in things:
            cell = y * (SETTINGS.size // stride) + x
            self.maps[f"s{stride}"][0, cell, kind] = score
            for side, far in enumerate(sides):
                self.maps[f"d{stride}"][0, cell, side * 8 + far] = 50.0

    def run(self, feeds: dict[str, Any], outputs: list[str]) -> list[Any]:
        return [self.maps[name] for name in outputs]


def found(*things: Any, size: tuple[int, int] = (64, 64), score: float = 0.4) -> Detections:
    image = Image(np.zeros((size[1], size[0], 3), np.uint8))
    return NanoDet(cast(OnnxModel, Maps(*things)), SETTINGS)(image, score=score)


@pytest.mark.parametrize(
    ("name", "shape"), [("s8", (1, 64, 3)), ("s8", (1, 16, 80)), ("d16", (1, 16, 30)), ("d8", (9, 32))]
)
def test_maps_of_other_shapes_than_the_card_says_are_told(name: str, shape: tuple[int, ...]) -> None:
    maps = Maps()
    maps.maps[name] = np.zeros(shape, np.float32)
    network = NanoDet(cast(OnnxModel, maps), SETTINGS)
    with pytest.raises(BadModel, match="correct the card"):
        network(Image(np.zeros((64, 64, 3), np.uint8)), score=0.4)


def test_a_box_reaches_from_its_cell_as_far_as_its_sides_say() -> None:
    (box,) = (only := found((8, 3, 4, 15, 0.9, (1, 2, 3, 2)))).xyxy
    np.testing.assert_allclose(box, (28 - 8, 36 - 16, 28 + 24, 36 + 16), atol=1e-3)
    assert (only.label(0), only.score[0]) == ("cat", np.float32(0.9))


def test_boxes_are_placed_on_the_picture_through_the_letterbox() -> None:
    (box,) = found((16, 1, 1, 0, 0.9, (1, 0, 1, 1)), size=(128, 64)).xyxy
    # The picture fills the middle of the square at half its size: 16 rows above it are black.
    np.testing.assert_allclose(box, ((24 - 16) * 2, (24 - 16) * 2, (24 + 16) * 2, (24 + 16 - 16) * 2), atol=1e-3)


def test_boxes_end_where_the_picture_does() -> None:
    (box,) = found((16, 0, 0, 0, 0.9, (7, 7, 1, 1))).xyxy
    np.testing.assert_allclose(box, (0, 0, 24, 24), atol=1e-3)


def test_one_thing_seen_by_two_maps_is_found_once_and_two_kinds_twice() -> None:
    twice = (8, 3, 3, 2, 0.6, (2, 2, 2, 2)), (16, 1, 1, 2, 0.8, (1, 1, 1, 1))
    (sure,) = found(*twice).score
    assert sure == np.float32(0.8)
    other = (16, 1, 1, 7, 0.7, (1, 1, 1, 1))
    assert [found(twice[0], other).label(i) for i in range(2)] == ["truck", "car"]


def test_nothing_sure_is_nothing_found() -> None:
    assert len(found((8, 3, 3, 2, 0.3, (2, 2, 2, 2)))) == 0
    assert len(found()) == 0


corner = st.floats(0, 100, width=32)
box = st.tuples(corner, corner, st.floats(1, 50, width=32), st.floats(1, 50, width=32))


@given(st.lists(st.tuples(box, st.floats(0.0625, 1, width=32), st.integers(0, 2)), max_size=12), st.floats(0.1, 0.9))
def test_of_boxes_that_overlap_only_the_surest_stays(
    boxes: list[tuple[tuple[float, ...], float, int]], overlap: float
) -> None:
    xyxy = np.array([(x, y, x + w, y + h) for (x, y, w, h), _, _ in boxes], np.float32).reshape(-1, 4)
    score, kind = np.array([b[1] for b in boxes], np.float32), np.array([b[2] for b in boxes], np.int64)
    stay = suppressed(xyxy, score, kind, overlap)
    assert list(score[stay]) == sorted(score[stay], reverse=True)
    for gone in set(range(len(boxes))) - set(stay.tolist()):
        assert any(
            kind[i] == kind[gone] and score[i] >= score[gone] and _shared(xyxy[i], xyxy[gone]) > overlap - 1e-3
            for i in stay
        )
    for i in stay:
        for j in stay:
            assert i == j or kind[i] != kind[j] or _shared(xyxy[i], xyxy[j]) <= overlap + 1e-3


def _shared(one: np.ndarray, other: np.ndarray) -> float:
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    both = float(np.clip(high - low, 0, None).prod())
    return both / float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - both)


def test_choosing_by_name() -> None:
    frame = Frame.of(10, 10)
    boxes, score = np.array([(0, 0, 5, 5)] * 3, np.float32), np.array([0.9, 0.5, 0.8], np.float32)
    three = Detections(boxes, score, np.array([0, 1, 0]), ("Dog", "cat"), frame)
    assert list(run_node(choose, three, names="dog, bird").score) == [np.float32(0.9), np.float32(0.8)]
    assert len(run_node(choose, three, names=" ")) == 3
    assert len(run_node(choose, three, names="dog", score=0.85)) == 1


@pytest.mark.weights
def test_real_things_are_found(library: Library, frames_of: Frames) -> None:
    import cv2

    model = open_task("objects", "nanodet", device="cpu")
    pictures = {name: Image.from_bgr(np.asarray(cv2.imread(str(library.asset(name))))) for name in ("cat", "astronaut")}
    cat, astronaut = (model(pictures[name], score=0.5) for name in ("cat", "astronaut"))
    assert [cat.label(i) for i in range(len(cat))] == ["cat"]
    assert [astronaut.label(i) for i in range(len(astronaut))] == ["person"]
    # A woman comes into the picture from the right and walks to the left, nearer than anybody else.
    places = []
    for image in list(frames_of("walk", every=60))[1:]:
        people = run_node(choose, model(image, score=0.4), names="person")
        nearest = max(people.xyxy, key=lambda box: box[3])
        assert nearest[3] > image.height * 0.9
        places.append((nearest[0] + nearest[2]) / 2 / image.width)
    assert len(places) == 3
    assert 0.9 > places[0] > places[1] + 0.2 > places[2] + 0.4
