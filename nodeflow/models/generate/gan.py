"""A generator network: latent in, picture of -1 to 1 out, channels first. Use one instance per thread."""

from __future__ import annotations

import numpy as np

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
                f"This model takes {self.length} numbers of {self.family}, not {len(latent.values)} of {latent.family}"
            )
        (made, *_) = self._network.run({self._name: latent.values[None]})
        levels = (np.asarray(made[0], np.float32).transpose(1, 2, 0) + 1) * np.float32(127.5)
        return Image(np.clip(levels + np.float32(0.5), 0, 255).astype(np.uint8))

    def close(self) -> None:
        """Let the session go."""
        del self._network
