"""A generator that is told what to draw: latent, kinds and truncation in, picture of -1 to 1 out, channels first.

Use one instance per thread.
"""

from __future__ import annotations

import numpy as np

from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.errors import BadModel
from nodeflow.models.generate.gan import picture
from nodeflow.models.generate.kinds import KindPoint
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.making import KindGan as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.values import Image


def open_generator(parts: Parts) -> KindGan:
    return KindGan(parts.networks["generator"], parts.settings)


class KindGan:
    """A `KindGeneratorModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        """Raises BadModel where the network takes something else than the card says."""
        wanted = {"latent": settings.latent, "kinds": len(KINDS), "truncation": "n"}
        given = {name: shape[-1] if shape else None for name, shape in network.inputs.items()}
        if given != wanted:
            raise BadModel(f"the network takes {given}, not {wanted}; it does not belong to this pipeline")
        self.provider = network.provider
        self.device = network.device
        self.family, self.length = settings.family, settings.latent
        self._network = network

    def __call__(self, point: KindPoint) -> Image:
        """The picture of a point. Raises BadModel."""
        feeds = {
            "latent": point.latent[None],
            "kinds": point.mix[None],
            "truncation": np.array([point.truncation], np.float32),
        }
        return picture(self._network.run(feeds)[0])

    def close(self) -> None:
        """Let the session go."""
        del self._network
