"""What a text is: its language, and what it means, as numbers.

    tell = open_task("language", "lid-176")
    tell("Guten Tag").top(1)                # [("German", 0.93)]
    embed = open_task("text-embedding", "minilm-l6")
    embed("See you at lunch") @ ...         # texts that mean alike have embeddings that point alike

Text in pictures is another room's: `words`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Classes, Vector

__all__ = ["EmbeddingModel", "Language", "LanguageModel"]


class Language(NamedTuple):
    """How likely a text is in each language, by its English name, and the likeliest one's code (ISO 639)."""

    names: Classes
    code: str


class LanguageModel(Opened, Protocol):
    """Tells languages."""

    def __call__(self, text: str) -> Language | None:
        """What language a text is in; None if it holds no letters."""
        ...


class EmbeddingModel(Opened, Protocol):
    """Reads what a text means."""

    def __call__(self, text: str) -> Vector:
        """A vector of length 1: the more alike two texts are, the nearer their product is to 1. Raises BadModel."""
        ...
