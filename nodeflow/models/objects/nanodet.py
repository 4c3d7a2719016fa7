"""NanoDet: things of the COCO challenge on one square of a picture.

Three feature maps; each cell has a score for every kind, and for each side of its box how far it is: not as a number,
but as likelihoods of 0 to 7 or 0 to 10 strides, whose mean it is (Li et al., "Generalized Focal Loss", 2020). After
the NanoDet project (github.com/RangiLyu/nanodet). Use one instance per thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.boxes import anchors, suppressed
from nodeflow.models.errors import BadModel
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.objects.coco import NAMES
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.pictures import NanoDet as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Detections, Image, transform

Floats = NDArray[np.float32]

_MEAN, _STD = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)
"""Of blue, green and red, in levels of 255: those of ImageNet."""

MOST = 1000
"""Boxes that are looked at before overlapping ones are left out."""


def open_objects(parts: Parts) -> NanoDet:
    return NanoDet(parts.networks["detector"], parts.settings)


class NanoDet:
    """An `ObjectModel`."""

    def __init__(self, network: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        self._overlap = settings.overlap
        size = settings.size
        self._centres = [anchors(size, [(stride, 1)]) for stride in settings.strides]
        self._strides = settings.strides
        outputs = [*settings.scores, *settings.distances]
        scale, shift = tuple(1 / s for s in _STD), tuple(-m / s for m, s in zip(_MEAN, _STD, strict=True))
        sight = Sight(size, "upright", scale, shift, channels="bgr", layout="nchw")
        self._look = looks(network, sight, outputs)

    def __call__(self, image: Image, *, score: float) -> Detections:
        """Things that the model is at least `score` sure of, surest first. Raises BadModel."""
        outputs, affine = self._look(image, Square.around(image.width, image.height))
        boxes, sure, kinds = self._read(outputs, score)
        stay = suppressed(boxes, sure, kinds, self._overlap)
        corners = transform(affine, boxes[stay].reshape(-1, 2, 2))
        limits = np.array(image.frame.size, np.float32)
        inside = np.clip(corners, 0, limits).reshape(-1, 4)
        return Detections(inside, sure[stay], kinds[stay], NAMES, image.frame)

    def _read(self, outputs: Sequence[Floats], score: float) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """Boxes Nx4 in pixels of the square, their scores and kinds: the surest `MOST` of at least `score`."""
        maps = len(self._strides)
        found = []
        for scores, distances, centres, stride in zip(
            outputs[:maps], outputs[maps:], self._centres, self._strides, strict=True
        ):
            cells = (1, len(centres))
            if scores.shape != (*cells, len(NAMES)) or distances.shape[:2] != cells or distances.shape[2] % 4:
                raise BadModel(
                    f"the network gives scores {scores.shape} and distances {distances.shape} for {len(centres)} "
                    f"cells and {len(NAMES)} kinds; correct the card's size, strides and names of outputs"
                )
            best = scores[0].max(axis=1)
            sure = np.flatnonzero(best >= score)
            sides = _sides(distances[0, sure]) * np.float32(stride)
            boxes = np.concatenate((centres[sure] - sides[:, :2], centres[sure] + sides[:, 2:]), axis=1)
            found.append((boxes, best[sure], scores[0, sure].argmax(axis=1)))
        boxes, sure_of, kinds = (np.concatenate(parts) for parts in zip(*found, strict=True))
        most = np.argsort(-sure_of, kind="stable")[:MOST]
        return boxes[most], sure_of[most], kinds[most].astype(np.int64)

    def close(self) -> None:
        """Let the session go."""
        del self._look


def _sides(logits: Floats) -> Floats:
    """How far the four sides of each box are from its cell's centre, in strides: Nx4 from Nx(4 x bins)."""
    bins = logits.reshape(len(logits), 4, logits.shape[1] // 4)
    likely = np.exp(bins - bins.max(axis=2, keepdims=True))
    mean: Floats = (likely / likely.sum(axis=2, keepdims=True)) @ np.arange(bins.shape[2], dtype=np.float32)
    return mean
