"""Gestures by rule: on hands made of straight and bent fingers, turned and scaled at will."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models.faces.skeletons import FACE
from nodeflow.models.hands.skeleton import HAND
from nodeflow.node import NodeError
from nodeflow.testing.nodes import run_node
from nodeflow.values import Frame, Poses
from nodes.hands.gestures import GESTURES, gesture, stretched
from nodes.hands.hands import gestures


def hand(fingers: tuple[int, ...], meet: bool = False) -> np.ndarray:
    """A right hand seen from behind, upright, its palm 100 long: y up is -y."""
    xy = np.zeros((21, 2), np.float32)
    thumb = (
        [(30, -25), (55, -50), (80, -70), (105, -88)] if fingers[0] else [(28, -25), (45, -50), (40, -70), (20, -75)]
    )
    xy[1:5] = thumb
    for number, x in enumerate((30, 10, -10, -28)):
        first = 5 + 4 * number
        ys = (-100, -140, -165, -185) if fingers[number + 1] else (-100, -130, -110, -85)
        xy[first : first + 4] = [(x, y) for y in ys]
    if meet:
        xy[4] = xy[8] = (60, -110)
    return xy


@given(
    st.tuples(*[st.integers(0, 1)] * 5), st.floats(-math.pi, math.pi), st.floats(0.2, 20), st.booleans(),
    st.floats(-500, 500),
)  # fmt: skip
def test_fingers_are_told_however_the_hand_lies(
    fingers: tuple[int, ...], turn: float, scale: float, mirrored: bool, shift: float
) -> None:
    c, s = math.cos(turn) * scale, math.sin(turn) * scale
    flip = np.array([-1 if mirrored else 1, 1], np.float32)
    xy = (hand(fingers) * flip) @ np.array([[c, s], [-s, c]], np.float32) + shift
    assert stretched(xy) == fingers


def test_gestures_have_their_names() -> None:
    shown = {"open": (1, 1, 1, 1, 1), "fist": (0,) * 5, "point": (0, 1, 0, 0, 0), "victory": (0, 1, 1, 0, 0)}
    assert {gesture(hand(fingers)): fingers for fingers in shown.values()} == shown
    assert gesture(hand((0, 0, 1, 1, 1), meet=True)) == "ok"
    assert gesture(hand((0, 0, 1, 0, 1))) == "hand"


def test_each_hand_is_a_box_with_the_name_of_its_gesture() -> None:
    two = np.stack([hand((1, 1, 1, 1, 1)) + 300, hand((0, 0, 0, 0, 0)) + 600])
    poses = Poses(two, np.ones((2, 21), np.float32), HAND, Frame.of(1000, 1000), np.ones(2, np.float32))
    found = run_node(gestures, poses)
    assert [found.label(i) for i in range(2)] == ["open", "fist"]
    np.testing.assert_allclose(found.xyxy[0], (*two[0].min(axis=0), *two[0].max(axis=0)))
    none = run_node(gestures, Poses.none(HAND, Frame.of(10, 10)))
    assert (len(none), none.names) == (0, GESTURES)


def test_poses_of_something_else_are_refused() -> None:
    with pytest.raises(NodeError, match="face-6"):
        run_node(gestures, Poses.none(FACE, Frame.of(10, 10)))
