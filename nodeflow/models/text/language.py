"""The language of a text, by fastText's classifier. Use one instance per thread."""

from __future__ import annotations

import numpy as np

from nodeflow.models.opening import Parts
from nodeflow.models.text import Language
from nodeflow.models.text.fasttext import FastText, read_fasttext
from nodeflow.models.text.languages import NAMES
from nodeflow.values import Classes

_MOST_LETTERS = 10_000
"""Of a long text so much is read: that is enough to know."""


def open_language(parts: Parts) -> FastTextLanguage:
    return FastTextLanguage(read_fasttext(parts.assets["classifier"]))


class FastTextLanguage:
    """A `LanguageModel`."""

    provider = "NumPy"
    device = "cpu"

    def __init__(self, classifier: FastText) -> None:
        self._classifier = classifier
        self._names = tuple(NAMES.get(code, code) for code in classifier.labels)

    def __call__(self, text: str) -> Language | None:
        """What language a text is in; None if it holds no letters."""
        text = text[:_MOST_LETTERS]
        if not any(letter.isalpha() for letter in text):
            return None
        scores = np.clip(self._classifier.scores(text), 0, 1)
        return Language(Classes(scores, self._names), self._classifier.labels[int(scores.argmax())])

    def close(self) -> None:
        """Let the classifier go."""
        del self._classifier
