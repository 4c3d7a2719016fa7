"""Points of generators that draw kinds of things: where in the space of latents, how much of each kind, how near the
middle.

    point = KindPoint(latent(seed=3, length=128, truncation=0.4), mix_of({"tabby": 0.5, "airliner": 0.5}), 0.4)
    image = gan(point)

On a wire the three lie in one vector: the latent, the 1000 shares, and the truncation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.generate import between
from nodeflow.values import Vector

Floats = NDArray[np.float32]

_PLACES = {name.lower(): place for place, name in enumerate(KINDS)}
_SLACK = 1e-3
"""How far from 1 the shares of a mix may add up."""


class KindPoint(NamedTuple):
    """`latent`, float32, multiplied by `truncation` (above 0, up to 1) already; `mix`, float32 1000, adds up to 1."""

    latent: Floats
    mix: Floats
    truncation: float

    @classmethod
    def of(cls, vector: Vector, length: int) -> KindPoint:
        """Out of a vector, whose latent has so many numbers. Raises ValueError where that is none."""
        numbers = vector.values
        if len(numbers) != length + len(KINDS) + 1:
            raise ValueError(f"{len(numbers)} numbers are not {length}, {len(KINDS)} shares of kinds and a truncation")
        where, mix, truncation = numbers[:length], numbers[length:-1], float(numbers[-1])
        if not np.isfinite(numbers).all() or mix.min() < 0 or abs(float(mix.sum()) - 1) > _SLACK:
            raise ValueError("the shares of kinds are not numbers of 0 and more that add up to 1")
        if not 0 < truncation <= 1:
            raise ValueError(f"the truncation is {truncation:g}, which is not above 0 and at most 1")
        return cls(where, mix, truncation)

    def vector(self, family: str) -> Vector:
        """As it travels on a wire."""
        return Vector(np.concatenate((self.latent, self.mix, [self.truncation])).astype(np.float32), family)

    def towards(self, other: KindPoint, way: float) -> KindPoint:
        """The point `way` (0..1) from here to another: the latent along its arc, the rest along a line."""
        mix = self.mix * np.float32(1 - way) + other.mix * np.float32(way)
        return KindPoint(
            between(self.latent, other.latent, way), mix, self.truncation * (1 - way) + other.truncation * way
        )


def mix_of(shares: Mapping[str, float]) -> Floats:
    """How much of each of the 1000 kinds, by name, whatever the case of its letters: made to add up to 1.

    Raises ValueError for a kind that is not there, shares below 0, and none at all.
    """
    mix = np.zeros(len(KINDS), np.float32)
    for name, share in shares.items():
        if name.strip().lower() not in _PLACES:
            raise ValueError(f"there is no kind {name.strip()[:40]!r}")
        if not 0 <= share < np.inf:
            raise ValueError(f"there cannot be {share} of {name!r}")
        mix[_PLACES[name.strip().lower()]] += share
    if not mix.sum() > 0:
        raise ValueError("no kind has any share")
    made: Floats = mix / mix.sum()
    return made


def kinds_like(name: str, most: int = 4) -> list[str]:
    """Names of kinds that may be meant: those that hold the word, then those that are written like it."""
    import difflib

    word = name.strip().lower()[:60]
    holds = [place for known, place in _PLACES.items() if word and word in known]
    like = [_PLACES[each] for each in difflib.get_close_matches(word, _PLACES, n=most)]
    return [KINDS[place] for place in dict.fromkeys([*holds, *like])][:most]
