"""From what a network gives to how likely that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def sigmoid(logits: Floats) -> Floats:
    """Likelihoods, 0 to 1, each by itself, of logits of any size."""
    made: Floats = np.float32(0.5) * (np.tanh(np.float32(0.5) * logits) + np.float32(1))
    return made


def softmax(logits: Floats, axis: int = -1) -> Floats:
    """Likelihoods, 0 to 1, that make 1 along an axis."""
    grown = np.exp(logits - logits.max(axis=axis, keepdims=True))
    likely: Floats = grown / grown.sum(axis=axis, keepdims=True)
    return likely
