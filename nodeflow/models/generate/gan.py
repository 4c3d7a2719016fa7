"""A generator network: latent in, picture of -1 to 1 out, channels first. Use one instance per thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.making import Gan as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.values import Image, Vector


def open_generator(parts: Parts) -> Gan:
    return Gan(parts.networks["generator"], parts.settings)


class Gan:
    """A `GeneratorModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        self.provider = network.provider
        self.device = network.device
        self.family, self.length = settings.family, settings.length
        self._network = network
        self._name = next(iter(network.inputs))

    def __call__(self, latent: Vector) -> Image:
        """The picture of a latent. Raises BadModel, ValueError."""
        if (latent.family, len(latent.values)) != (self.family, self.length):
            raise ValueError(
                f"this model takes {self.length} numbers of {self.family}, not {len(latent.values)} of {latent.family}"
            )
        return picture(self._network.run({self._name: latent.values[None]})[0])

    def close(self) -> None:
        """Let the session go."""
        del self._network


def picture(made: Any) -> Image:
    """The first picture of what a network made, n x 3 x rows x columns, -1 to 1. Raises BadModel for other shapes."""
    levels = np.asarray(made, np.float32)
    if levels.ndim != 4 or levels.shape[1] != 3 or 0 in levels.shape:
        raise BadModel(
            f"the network gives {levels.shape}, which is no picture in red, green and blue; correct the card"
        )
    bytes_of = (levels[0].transpose(1, 2, 0) + 1) * np.float32(127.5)
    return Image(np.clip(bytes_of + np.float32(0.5), 0, 255).astype(np.uint8))
