"""What a text means, as a vector: a transformer over the pieces of its words. Use one instance per thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nodeflow.models.assets import asset_bytes
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.values import Vector


def open_embedding(parts: Parts) -> SentenceEmbedding:
    return SentenceEmbedding(
        parts.networks["encoder"], parts.assets["tokenizer"], parts.settings.family, parts.settings.most
    )


class SentenceEmbedding:
    """An `EmbeddingModel`."""

    def __init__(self, encoder: OnnxModel, tokenizer: Path, family: str, most: int) -> None:
        from tokenizers import Tokenizer

        self.provider = encoder.provider
        self.device = encoder.device
        self._encoder, self._family = encoder, family
        self._name = next(iter(encoder.inputs))
        try:
            self._tokenizer = Tokenizer.from_buffer(asset_bytes(tokenizer))
        except Exception as error:  # the library raises Exception itself
            raise BadModel(f"{tokenizer.name} is no tokenizer ({error}); fetch it again") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(most)

    def __call__(self, text: str) -> Vector:
        """A vector of length 1. Of a long text only the beginning counts. Raises BadModel."""
        pieces = np.array([self._tokenizer.encode(text).ids], np.int64)
        (values,) = self._encoder.run({self._name: pieces})
        return Vector(np.asarray(values, np.float32).reshape(-1), self._family)

    def close(self) -> None:
        """Let the session go."""
        del self._encoder
