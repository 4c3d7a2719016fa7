"""A network that gives one number for each class, on a square of a picture. Use one instance per thread."""

from __future__ import annotations

import numpy as np

from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.errors import BadModel
from nodeflow.models.likely import softmax
from nodeflow.models.looks import Looks, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.pictures import Classifier as Named
from nodeflow.models.pipelines.pictures import ImageNetClassifier, NamedClassifier
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Classes, Image


def open_classes(parts: Parts) -> Classifier:
    return Classifier(parts.networks["classifier"], parts.settings, tuple(parts.settings.names))


def open_imagenet(parts: Parts) -> Classifier:
    return Classifier(parts.networks["classifier"], parts.settings, KINDS)


class Classifier:
    """A `ClassModel`."""

    def __init__(
        self,
        network: OnnxModel,
        settings: Named | ImageNetClassifier | NamedClassifier,
        names: tuple[str, ...],
        looks: Looks = look_for,
    ) -> None:
        self.provider = network.provider
        self.device = network.device
        self._names = names
        self._fit, self._give = settings.fit, settings.give
        self._look = looks(network, settings.shown.sight(), None)

    def __call__(self, image: Image) -> Classes:
        """How likely the picture shows each of the names. Raises BadModel."""
        (numbers, *_), _ = self._look(image, _square(image, self._fit))
        flat = np.asarray(numbers, np.float32).reshape(-1)
        if len(flat) != len(self._names):
            raise BadModel(f"the network gives {len(flat)} numbers for {len(self._names)} names; correct the card")
        return Classes(softmax(flat) if self._give == "logits" else np.minimum(np.maximum(flat, 0), 1), self._names)

    def close(self) -> None:
        """Let the session go."""
        del self._look


def _square(image: Image, fit: str) -> Square:
    """The square that is looked at: the "middle" of the picture, or the "whole" with black beside it."""
    side = min(image.frame.size) if fit == "middle" else max(image.frame.size)
    return Square(image.width / 2, image.height / 2, side)
