"""A latent diffusion model that needs one step: words to numbers, noise to a latent picture, that to a picture.

The denoiser is shown noise of strength `sigma`, scaled to what it was trained on, and says what of it is noise; taken
away, the picture is left (Sauer et al., "Adversarial Diffusion Distillation", 2023). Names and numbers of inputs as in
onnxruntime's own example of SD-Turbo. One instance per thread.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.generate.clip_words import ClipWords
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.prompts import OneStepDiffusion as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats, pixels
from nodeflow.models.whole import planes
from nodeflow.values import Image

_CHANNELS = 4


def open_diffusion(parts: Parts) -> OneStepDiffusion:
    words = ClipWords(parts.assets["vocabulary"], parts.assets["merges"])
    networks = parts.networks
    return OneStepDiffusion(networks["words"], networks["denoiser"], networks["decoder"], words, parts.settings)


class OneStepDiffusion:
    """A `TextToPictureModel`."""

    def __init__(
        self, encoder: OnnxModel, denoiser: OnnxModel, decoder: OnnxModel, words: ClipWords, settings: Settings
    ) -> None:
        if {"sample", "timestep", "encoder_hidden_states"} != denoiser.inputs.keys():
            raise BadModel(f"the denoiser takes {', '.join(denoiser.inputs)}; it does not belong to this pipeline")
        self.provider = denoiser.provider
        self.device = denoiser.device
        self._encoder, self._denoiser, self._decoder = encoder, denoiser, decoder
        self._words, self._settings = words, settings
        self._meant: tuple[str, Floats] | None = None

    def __call__(self, words: str, *, seed: int) -> Image:
        """A picture of what the words say. Raises BadModel."""
        numbers = self._settings
        noise = noise_of(seed, numbers.side) * np.float32(numbers.sigma)
        feeds = {
            "sample": noise / np.float32(sqrt(numbers.sigma**2 + 1)),
            "timestep": np.array([numbers.step], np.int64),
            "encoder_hidden_states": self._meaning(words),
        }
        said = np.asarray(self._denoiser.run(feeds)[0], np.float32)
        if said.shape != noise.shape:
            raise BadModel(f"the denoiser gives {said.shape} for {noise.shape}; correct the card")
        left = (noise - np.float32(numbers.sigma) * said) / np.float32(numbers.latent_scale)
        made = planes(self._decoder.run({next(iter(self._decoder.inputs)): left})[0])
        if len(made) != 3:
            raise BadModel(f"the decoder gives {len(made)} planes, not red, green and blue; correct the card")
        return Image(pixels(made.transpose(1, 2, 0) / np.float32(2) + np.float32(0.5)))

    def _meaning(self, words: str) -> Floats:
        """What the words mean, as the denoiser takes it; the same words are not read again."""
        if self._meant is None or self._meant[0] != words:
            # The denoiser looks at what only fills up, too: it was trained with it.
            pieces = np.array([self._words(words, self._settings.most, self._settings.pad)], np.int32)
            (meaning, *_) = self._encoder.run({next(iter(self._encoder.inputs)): pieces})
            self._meant = words, np.asarray(meaning, np.float32)
        return self._meant[1]

    def close(self) -> None:
        """Let the sessions go."""
        del self._encoder, self._denoiser, self._decoder
        self._meant = None


def noise_of(seed: int, side: int) -> Floats:
    """Normally distributed noise, 1 x 4 x side x side: the same for the same seed on every machine."""
    random = np.random.RandomState(seed % 2**32)  # its stream never changes between numpy's versions
    return random.standard_normal((1, _CHANNELS, side, side)).astype(np.float32)
