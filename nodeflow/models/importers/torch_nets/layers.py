"""Layers by the names that torch gives to their arrays."""

from __future__ import annotations

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.net_ops import BatchNorm
from nodeflow.models.importers.weights import Array, Weights

_MOST_WIDE = 512


def scale_and_shift(weights: Weights, name: str, channels: int) -> tuple[Array, Array]:
    """What a normalisation has learned, for each channel."""
    return weights.take(f"{name}.weight", channels), weights.take(f"{name}.bias", channels)


def batch_norm(weights: Weights, name: str, channels: int, epsilon: float) -> BatchNorm:
    """A batch normalisation, trained."""
    mean, variance = (weights.take(f"{name}.running_{part}", channels) for part in ("mean", "var"))
    return BatchNorm.of(*scale_and_shift(weights, name, channels), mean, variance, epsilon)


def first_width(weights: Weights, name: str) -> int:
    """How many channels the first layer gives, whose weights have that name: networks come in several widths. Raises
    Unsupported for one that no network here has."""
    wide = weights.shape(name)[0]
    if not 1 <= wide <= _MOST_WIDE:
        raise Unsupported(f"its first layer gives {wide} channels")
    return wide
