"""Texts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.pipelines.settings import Settings
from nodeflow.models.sources import Text


class FastTextLanguages(Settings):
    """The language of a text, by a classifier that fastText has quantised."""

    assets: ClassVar = ("classifier",)
    tasks: ClassVar = ("language",)
    code: ClassVar = "nodeflow.models.text.language:open_language"

    kind: Literal["fasttext-languages"]


class SentenceEmbedding(Settings):
    """What a text means, as a vector of a family; at most so many pieces of words are read."""

    roles: ClassVar = ("encoder",)
    assets: ClassVar = ("tokenizer",)
    tasks: ClassVar = ("text-embedding",)
    code: ClassVar = "nodeflow.models.text.embedding:open_embedding"

    kind: Literal["sentence-embedding"]
    family: Text
    most: Annotated[int, Field(ge=8, le=512)] = 256
