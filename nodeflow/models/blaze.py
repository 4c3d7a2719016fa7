"""MediaPipe's small detectors: people, faces and palms by one scheme (BlazeFace; Bazarevsky et al., 2019).

The network gives, for each of its anchors, how sure it is, a box and some points, all relative to the anchor. Boxes
that overlap enough with a surer one are taken for the same thing, and are averaged with it by their scores. Sampling,
anchors, decoding and weighted suppression follow MediaPipe's detection graphs (github.com/google-ai-edge/mediapipe).
Coordinates count from pixel centres, as MediaPipe's do.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.boxes import anchors
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.pipelines.people import SsdNumbers
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Image, transform

Floats = NDArray[np.float32]


class Found(NamedTuple):
    """One thing: `score` 0..1; `box` float32 2x2, its top left and bottom right corner; `points` float32 Kx2; both in
    pixels of the picture, from pixel centres."""

    score: float
    box: Floats
    points: Floats


class BlazeDetector:
    """Finds things in a picture, surest first. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, numbers: SsdNumbers, sight: Sight, looks: Looks = look_for) -> None:
        """`sight` must be of the size that `numbers` say."""
        self._anchors = anchors(numbers.size, numbers.maps)
        self._score, self._overlap = numbers.least, numbers.overlap
        self._logit = log(max(self._score, 1e-9) / max(1 - self._score, 1e-9)) - 0.01  # just below: rounding
        boxes, scores = list(network.outputs)[:2]
        if network.outputs[boxes][-1:] == (1,):
            boxes, scores = scores, boxes
        self._look = looks(network, sight, [boxes, scores])

    def __call__(self, image: Image, most: int = 1) -> list[Found]:
        """The `most` surest things of a picture."""
        (raw, logits), affine = self._look(image, Square.around(image.width, image.height))
        found = []
        for score, places in self._read(raw[0], logits[0, :, 0]):
            moved = transform(affine, places)
            found.append(Found(score, moved[:2], moved[2:]))
            if len(found) == most:
                break
        return found

    def _read(self, raw: Floats, logits: Floats) -> Iterator[tuple[float, Floats]]:
        """Score and places of each thing: the corners of its box, then its points, in pixels of the input.

        `raw` is Nx(4 + 2K) in pixels of the input, relative to its anchor: the box's centre and size, then K points.
        """
        likely = np.flatnonzero(logits >= self._logit)  # few of many: what follows is for those alone
        scores = 1 / (1 + np.exp(-logits[likely]))
        order = np.argsort(-scores, kind="stable")
        sure = likely[order[: np.count_nonzero(scores >= self._score)]]
        scores = scores[order[: len(sure)]]
        raw, anchor = raw[sure], self._anchors[sure]
        places = raw.reshape(len(raw), raw.shape[1] // 2, 2) + anchor[:, None]
        half = raw[:, 2:4] * np.float32(0.5)  # which stands where a box's second corner belongs
        places[:, 1] = places[:, 0] + half
        places[:, 0] -= half
        areas = _areas(places[:, 1] - places[:, 0])
        while len(scores):
            agree = _overlaps(places, areas) >= self._overlap
            agree[0] = True  # also a box without an area
            weights = scores[agree]
            mean: Floats = (weights @ places[agree].reshape(len(weights), -1)).reshape(-1, 2) / weights.sum()
            yield float(scores[0]), mean
            rest = ~agree
            places, scores, areas = places[rest], scores[rest], areas[rest]


def _overlaps(places: Floats, areas: Floats) -> Floats:
    """Intersection over union of the first box with each, N: by their corners, the first two of each place."""
    shared = _areas(np.minimum(places[:, 1], places[0, 1]) - np.maximum(places[:, 0], places[0, 0]))
    union: Floats = shared / np.maximum(areas + areas[0] - shared, np.float32(1e-6))
    return union


def _areas(sizes: Floats) -> Floats:
    sizes = np.maximum(sizes, 0)
    areas: Floats = sizes[:, 0] * sizes[:, 1]
    return areas
