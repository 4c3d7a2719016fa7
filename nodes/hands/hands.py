"""Hands: their points, and what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.node import Context, ModelRef, NodeError, Params, model, node, number
from nodeflow.values import Detections, Image, Poses
from nodes.hands.gestures import GESTURES, gesture

if TYPE_CHECKING:
    from nodeflow.models.hands import HandsModel

_POINTS = 21


class Hands(NamedTuple):
    poses: Poses
    sides: Detections


@node("hands.find", category="Find/Hands", title="Hands")
class FindHands:
    """Find hands, 21 points of each, and follow them from frame to frame.

    Sides are the same hands as boxes, named left or right: the person's own.
    """

    class Setup(Params):
        model: ModelRef = model(task="hands", default="hands-full", doc="lite takes half the time")

    class Live(Params):
        most: int = number(2, 1, 20, doc="Follow at most so many hands")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: HandsModel = open_for(ctx, "hands", setup.model)

    def run(self, image: Image, live: Live) -> Hands:
        poses, right = self._model(image, most=live.most)
        sure = np.maximum(right, 1 - right)
        return Hands(poses, _boxes(poses, sure, (right >= 0.5).astype(np.int64), ("left", "right")))

    def close(self) -> None:
        self._model.close()


@node("hands.gesture", category="Find/Hands", title="Gesture", parallel=True, words="sign thumb fist pointing")
def gestures(poses: Poses) -> Detections:
    """Tell what each hand shows from the way its fingers are bent: a box named by the gesture.

    It knows open, fist, point, victory, three, four, thumb, ok, horns and call; anything else is "hand".
    """
    if poses.skeleton.joints and len(poses.skeleton.joints) != _POINTS:
        raise NodeError(f"These are poses of {poses.skeleton.name}, not of hands.", "Wire the poses of a Hands node.")
    kinds = np.array([GESTURES.index(gesture(hand)) for hand in poses.xy], np.int64)
    return _boxes(poses, poses.person, kinds, GESTURES)


def _boxes(poses: Poses, score: np.ndarray, kinds: np.ndarray, names: tuple[str, ...]) -> Detections:
    """The hands as boxes around their points."""
    if not len(poses):
        return Detections.none(names, poses.frame)
    boxes = np.concatenate([poses.xy.min(axis=1), poses.xy.max(axis=1)], axis=1)
    return Detections(boxes, score, kinds, names, poses.frame, poses.track_id)
