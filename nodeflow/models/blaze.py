"""MediaPipe's small detectors: people, faces and palms by one scheme (BlazeFace; Bazarevsky et al., 2019).

The network gives, for each of its anchors, how sure it is, a box and some points, all relative to the anchor. Boxes
that overlap enough with a surer one are taken for the same thing, and are averaged with it by their scores. Sampling,
anchors, decoding and weighted suppression follow MediaPipe's detection graphs (github.com/google-ai-edge/mediapipe).
Coordinates count from pixel centres, as MediaPipe's do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from math import exp, fsum, log
from operator import itemgetter, mul
from typing import NamedTuple

from nodeflow.models.boxes import anchors
from nodeflow.models.errors import BadModel
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.pipelines.people import SsdNumbers
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Affine, Image

Box = tuple[float, float, float, float]


class Found(NamedTuple):
    """One thing: `score` 0..1; its `box` (left, top, right, bottom) and K `points` (x, y), in pixels of the picture and
    from pixel centres."""

    score: float
    box: Box
    points: list[tuple[float, float]]


class BlazeDetector:
    """Finds things in a picture, surest first. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, numbers: SsdNumbers, sight: Sight, looks: Looks = look_for) -> None:
        """`sight` must be of the size that `numbers` say."""
        self._anchors = anchors(numbers.size, numbers.maps)
        self._logit = log(max(numbers.least, 1e-9) / max(1 - numbers.least, 1e-9))
        self._overlap = numbers.overlap
        if len(network.outputs) < 2:
            raise BadModel("the detector must give boxes and scores; correct the card's networks")
        boxes, scores = list(network.outputs)[:2]
        if network.outputs[boxes][-1:] == (1,):
            boxes, scores = scores, boxes
        self._look = looks(network, sight, [boxes, scores])

    def __call__(self, image: Image, most: int = 1) -> list[Found]:
        """The `most` surest things of a picture. Raises BadModel."""
        (raw, logits), affine = self._look(image, Square.around(image.width, image.height))
        if logits.size != len(self._anchors) or raw.shape[:2] != logits.shape[:2]:
            raise BadModel(
                f"the detector gives boxes {raw.shape} and scores {logits.shape} where its card says "
                f"{len(self._anchors)} anchors; correct the card's size and maps"
            )
        logits = logits[0, :, 0]
        likely = (logits >= self._logit).nonzero()[0]
        if not len(likely):
            return []
        # A handful of things are left of a thousand anchors: plain numbers take half the time of small arrays.
        rows = (each.take(likely, axis=0).tolist() for each in (logits, raw[0], self._anchors))
        things = [
            _Thing(logit, _box(numbers, *anchor), numbers, anchor) for logit, numbers, anchor in zip(*rows, strict=True)
        ]
        things.sort(key=itemgetter(0), reverse=True)
        return [_found(same, affine) for same in islice(_grouped(things, self._overlap), most)]


class _Thing(NamedTuple):
    """What the network says of one anchor. `box` is in pixels of its input, `numbers` are relative to the anchor: the
    box's centre and size, then points."""

    logit: float
    box: Box
    numbers: list[float]
    anchor: list[float]


def _box(numbers: list[float], x: float, y: float) -> Box:
    x, y, across, down = x + numbers[0], y + numbers[1], numbers[2] / 2, numbers[3] / 2
    return x - across, y - down, x + across, y + down


def _grouped(things: list[_Thing], overlap: float) -> Iterator[list[_Thing]]:
    """Each thing with those that overlap with it by more than `overlap`, the surest first in each group and of all."""
    while things:
        surest, *others = things
        same, things = [surest], []
        for thing in others:
            (same if _overlap(surest.box, thing.box) > overlap else things).append(thing)
        yield same


def _found(same: list[_Thing], affine: Affine) -> Found:
    """The mean of `same` by their scores, with the score of the first."""
    scores = [1 / (1 + exp(-thing.logit)) for thing in same]
    total = sum(scores)
    x, y, wide, high, *points = (
        _mean(column, scores, total) for column in zip(*(thing.numbers for thing in same), strict=True)
    )
    across, down = (_mean(column, scores, total) for column in zip(*(thing.anchor for thing in same), strict=True))
    a, b, c, d, e, f = affine

    def moved(x: float, y: float) -> tuple[float, float]:
        return a * (x + across) + b * (y + down) + c, d * (x + across) + e * (y + down) + f

    box = moved(x - wide / 2, y - high / 2) + moved(x + wide / 2, y + high / 2)
    return Found(scores[0], box, list(map(moved, points[::2], points[1::2])))


def _mean(numbers: Iterable[float], weights: list[float], total: float) -> float:
    return fsum(map(mul, numbers, weights)) / total


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if not (wide > 0 and high > 0):
        return 0.0
    shared = wide * high
    return shared / max(_area(one) + _area(other) - shared, 1e-6)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
