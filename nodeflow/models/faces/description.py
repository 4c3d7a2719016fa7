"""What one network reads from a face: a guess at age and gender, and numbers by which a person can be known again.

After Savchenko, "Efficient facial representations for age, gender and identity recognition", 2019, and his code
(github.com/av-savchenko/HSE_FaceRec_tf). The network takes levels of 0 to 255 less their mean, blue first, and gives
one likelihood for each year of age from 1 on, one for being taken for a man, and an embedding. The age is the mean of
the two likeliest years. Use one instance per thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.faces import FaceDescription
from nodeflow.models.looks import Looks, Sight, look_for
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.people import FaceDescription as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.squares import Square
from nodeflow.values import Classes, Image, Vector

FAMILY = "faceres"
_MEAN = (103.939, 116.779, 123.68)
"""Of blue, green and red, in levels of 255."""
_YEARS = 2
"""So many of the likeliest years have a say."""


def open_description(parts: Parts) -> Describer:
    return Describer(parts.networks["description"], parts.settings)


class Describer:
    """A `DescriptionModel`."""

    family = FAMILY

    def __init__(self, network: OnnxModel, settings: Settings, looks: Looks = look_for) -> None:
        self.provider = network.provider
        self.device = network.device
        outputs = [settings.age, settings.gender, settings.embedding]
        missing = next((name for name in outputs if name not in network.outputs), None)
        if missing is not None:
            raise BadModel(f"{network.path.name} has no output {missing!r}; it has {', '.join(network.outputs)}")
        sight = Sight(settings.size, "upright", shift=tuple(-each for each in _MEAN), channels="bgr")
        self._look = looks(network, sight, outputs)

    def __call__(self, image: Image) -> FaceDescription:
        """Describe the face that fills a picture. Raises BadModel."""
        side = min(image.frame.size)
        (ages, man, numbers), _ = self._look(image, Square(image.width / 2, image.height / 2, side))
        likely = float(np.asarray(man).reshape(-1)[0])
        embedding = np.asarray(numbers, np.float32).reshape(-1)
        return FaceDescription(
            age(np.asarray(ages, np.float32).reshape(-1)),
            Classes(np.array([likely, 1 - likely], np.float32).clip(0, 1), ("man", "woman")),
            Vector(embedding / max(float(np.linalg.norm(embedding)), 1e-9), FAMILY),
        )

    def close(self) -> None:
        """Let the session go."""
        del self._look


def age(likely: NDArray[np.float32]) -> float:
    """The age, in years, of likelihoods of the first year, the second and so on."""
    best = np.argsort(-likely, kind="stable")[:_YEARS]
    weight = likely[best]
    return 1 + float(weight @ best / max(float(weight.sum()), 1e-9))
