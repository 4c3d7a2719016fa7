"""Networks that do not belong to their pipeline say so, whatever they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel
from nodeflow.models.answers import in_order, part
from nodeflow.models.faces.mesh import Mesh, _iris
from nodeflow.models.hands.mediapipe import MediaPipeHands
from nodeflow.models.pipelines.people import BlazePose as PoseSettings
from nodeflow.models.pipelines.people import FaceMesh, SsdNumbers
from nodeflow.models.pipelines.people import MediaPipeHands as HandSettings
from nodeflow.models.pose.blazepose import LandmarkReader
from nodeflow.models.pose.movenet import MultiPose, SinglePose
from nodeflow.models.squares import Square
from nodeflow.values import Image

from .on_host import Scripted, model

PICTURE = Image(np.zeros((64, 64, 3), np.uint8))
SQUARE = Square(32, 32, 64)
DETECTOR = SsdNumbers(size=32, maps=((8, 1),))

SHAPES = st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=3).map(tuple), min_size=1, max_size=5)


def _network(outputs: list[Any]) -> Any:
    return model(Scripted(tuple(f"out{number}" for number in range(max(2, len(outputs)))), lambda _: outputs))


def _mesh(outputs: list[Any]) -> object:
    settings = FaceMesh(kind="face-mesh", detector=DETECTOR)
    return Mesh(_network(outputs), _network(outputs), None, settings)._mesh(PICTURE, SQUARE)


def _hand(outputs: list[Any]) -> object:
    settings = HandSettings(kind="mediapipe-hands", detector=DETECTOR)
    return MediaPipeHands(_network(outputs), _network(outputs), settings)._hand(PICTURE, SQUARE)


PIPELINES: dict[str, Callable[[list[Any]], object]] = {
    "mesh": _mesh,
    "iris": lambda outputs: _iris(outputs, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)),
    "hand": _hand,
    "body": lambda outputs: LandmarkReader(
        _network(outputs),
        PoseSettings(kind="blazepose"),
    )(PICTURE, SQUARE),
    "people": lambda outputs: MultiPose(_network(outputs), 32)(PICTURE, score=0.5),
    "person": lambda outputs: SinglePose(_network(outputs), 32)(PICTURE, score=0.5),
}


@pytest.mark.parametrize("pipeline", PIPELINES)
@given(shapes=SHAPES)
def test_a_network_of_another_kind_is_told(pipeline: str, shapes: list[tuple[int, ...]]) -> None:
    outputs = [np.zeros(shape, np.float32) for shape in shapes]
    try:
        PIPELINES[pipeline](outputs)
    except BadModel as error:
        assert "correct the card" in str(error)  # noqa: PT017 - else it gave something, which is as good


def test_parts_are_known_by_their_size() -> None:
    outputs = [np.zeros((1, 3, 2)), np.ones((1, 1)), np.ones(6)]
    assert part(outputs, 6, "points").tolist() == [0] * 6
    assert list(in_order(outputs, points=6, sure=1, rest=None)) == outputs
    with pytest.raises(BadModel, match=r"gives 1x3x2, 1x1, 6, and points would be 5 numbers"):
        part(outputs, 5, "points")
    with pytest.raises(BadModel, match=r"not points \(6 numbers\), rest \(any numbers\)"):
        in_order(outputs, points=6, rest=None)
