"""Pictures made of numbers and of names of things, by generative adversarial networks, and of words.

    gan = open_task("picture-generator", "dcgan-faces")
    image = gan(Vector(latent(seed=3, length=gan.length), gan.family))

    gan = open_task("kind-generator", "biggan-deep-128")
    image = gan(KindPoint(latent(3, gan.length, 0.4), mix_of({"tabby": 1.0}), 0.4))     # see `kinds`

    draw = open_task("text-to-picture", "sd-turbo")
    image = draw("a lighthouse in a storm", seed=1)

A latent is a point in the space from which the network draws; near points give pictures that are alike, so a way from
one point to another is a film.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Image, Vector

if TYPE_CHECKING:
    from nodeflow.models.generate.kinds import KindPoint

__all__ = ["GeneratorModel", "KindGeneratorModel", "TextToPictureModel", "between", "latent"]


class GeneratorModel(Opened, Protocol):
    """Makes a picture of a latent."""

    @property
    def family(self) -> str:
        """Whose latents it takes."""
        ...

    @property
    def length(self) -> int:
        """How many numbers a latent has."""
        ...

    def __call__(self, latent: Vector) -> Image:
        """The picture of a latent. Raises BadModel; ValueError for a latent of another family or length."""
        ...


class KindGeneratorModel(Opened, Protocol):
    """Draws kinds of things."""

    @property
    def family(self) -> str:
        """Whose points it takes from a wire."""
        ...

    @property
    def length(self) -> int:
        """How many numbers the latent of a point has."""
        ...

    def __call__(self, point: KindPoint) -> Image:
        """The picture of a point. Raises BadModel."""
        ...


class TextToPictureModel(Opened, Protocol):
    """Draws what words say."""

    def __call__(self, words: str, *, seed: int) -> Image:
        """A picture of what the words say: another for each seed, the same for the same seed. Raises BadModel."""
        ...


def latent(seed: int, length: int, truncation: float = 1.0) -> NDArray[np.float32]:
    """A point by its number, float32 `length`: the same for the same seed on every machine.

    Normally distributed; numbers beyond 2 are drawn again, and all are multiplied by `truncation` (0..1): less variety,
    fewer failures (Brock et al., "Large Scale GAN Training", 2018).
    """
    random = np.random.RandomState(seed % 2**32)  # its stream never changes between numpy's versions
    point = random.standard_normal(length)
    while (far := np.abs(point) > 2).any():
        point[far] = random.standard_normal(int(far.sum()))
    return np.asarray(point * truncation, np.float32)


def between(one: NDArray[np.float32], other: NDArray[np.float32], way: float) -> NDArray[np.float32]:
    """The point `way` (0..1) from one latent to another, along the arc between them.

    A straight line would pass nearer to the middle than normally distributed points ever lie (White, "Sampling
    Generative Networks", 2016).
    """
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    if min(lengths) < 1e-9:
        return np.asarray(one * (1 - way) + other * way, np.float32)
    angle = np.arccos(np.clip(np.dot(one / lengths[0], other / lengths[1]), -1, 1))
    if np.sin(angle) < 1e-6:
        return np.asarray(one * (1 - way) + other * way, np.float32)
    point = (np.sin((1 - way) * angle) * one + np.sin(way * angle) * other) / np.sin(angle)
    return np.asarray(point, np.float32)
