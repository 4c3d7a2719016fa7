"""MediaPipe's small detectors: people, faces and palms by one scheme (BlazeFace; Bazarevsky et al., 2019).

The network gives, for each of its anchors, how sure it is, a box and some points, all relative to the anchor. Boxes
that overlap enough with a surer one are taken for the same thing, and are averaged with it by their scores. Sampling,
anchors, decoding and weighted suppression follow MediaPipe's detection graphs (github.com/google-ai-edge/mediapipe).
Coordinates count from pixel centres, as MediaPipe's do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
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
    """One thing: `score` 0..1; `places` float32 (2 + K)x2 in pixels of the picture, from pixel centres: the top left
    and the bottom right corner of its box, then its points."""

    score: float
    places: Floats

    @property
    def box(self) -> Floats:
        return self.places[:2]

    @property
    def points(self) -> Floats:
        return self.places[2:]


class BlazeDetector:
    """Finds things in a picture, surest first. Keeps buffers: for one thread."""

    def __init__(self, network: OnnxModel, numbers: SsdNumbers, sight: Sight, looks: Looks = look_for) -> None:
        """`sight` must be of the size that `numbers` say."""
        self._anchors = anchors(numbers.size, numbers.maps)
        self._logit = log(max(numbers.least, 1e-9) / max(1 - numbers.least, 1e-9))
        self._overlap = numbers.overlap
        boxes, scores = list(network.outputs)[:2]
        if network.outputs[boxes][-1:] == (1,):
            boxes, scores = scores, boxes
        self._look = looks(network, sight, [boxes, scores])

    def __call__(self, image: Image, most: int = 1) -> list[Found]:
        """The `most` surest things of a picture."""
        (raw, logits), affine = self._look(image, Square.around(image.width, image.height))
        logits = logits[0, :, 0]
        likely = (logits >= self._logit).nonzero()[0]  # few of many: what follows is for those alone
        if not len(likely):
            return []
        doubt = -logits.take(likely)
        order = doubt.argsort(kind="stable")
        sure = likely.take(order)
        scores = 1 / (1 + np.exp(doubt.take(order)))
        places = transform(affine, _places(raw[0].take(sure, axis=0), self._anchors.take(sure, axis=0)))
        return list(islice(_merged(scores, places, self._overlap), most))


def _places(raw: Floats, anchors: Floats) -> Floats:
    """Places of N things in pixels of the input, Nx(2 + K)x2: the corners of each box, then its points.

    `raw` is Nx(4 + 2K) in pixels of the input, relative to the anchors, Nx2: the box's centre and size, then K points.
    """
    places = raw.reshape(len(raw), raw.shape[1] // 2, 2) + anchors[:, None]
    half = raw[:, 2:4] * np.float32(0.5)  # which stands where a box's second corner belongs
    np.add(places[:, 0], half, out=places[:, 1])
    places[:, 0] -= half
    return places


def _merged(scores: Floats, places: Floats, overlap: float) -> Iterator[Found]:
    """Each thing once, surest first: what overlaps with a surer one by `overlap` or more is averaged with it."""
    areas = _areas(places[:, 1] - places[:, 0])
    while True:
        agree = _overlaps(places, areas) >= overlap
        agree[0] = True  # also a box without an area
        same = agree.nonzero()[0]
        weights = scores.take(same)
        mean: Floats = (places.take(same, axis=0) * weights[:, None, None]).sum(axis=0) / weights.sum()
        yield Found(float(scores[0]), mean)
        if len(same) == len(scores):
            return
        rest = (~agree).nonzero()[0]
        scores, places, areas = scores.take(rest), places.take(rest, axis=0), areas.take(rest)


def _overlaps(places: Floats, areas: Floats) -> Floats:
    """Intersection over union of the first box with each, N: by their corners, the first two of each place."""
    shared = _areas(np.minimum(places[:, 1], places[0, 1]) - np.maximum(places[:, 0], places[0, 0]))
    union: Floats = shared / np.maximum(areas + (areas[0] - shared), np.float32(1e-6))
    return union


def _areas(sizes: Floats) -> Floats:
    sizes = np.maximum(sizes, 0)
    areas: Floats = sizes[:, 0] * sizes[:, 1]
    return areas
