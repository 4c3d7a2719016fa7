"""Saying what pictures show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nodeflow.node import Context, ModelRef, Params, model, node, number
from nodeflow.values import Image, Number, Text

if TYPE_CHECKING:
    from nodeflow.models.captions import CaptionModel


class Said(NamedTuple):
    text: Text
    score: Number


@node("words.caption", category="Find/Text", title="Caption", time_limit=120)
class Caption:
    """Say in a sentence what a picture shows. The first use of a model fetches it.

    Score tells how sure the model was of its words, not whether they are true.
    """

    class Setup(Params):
        model: ModelRef = model(task="caption", default="vit-gpt2", doc="Which language it speaks is on its card")

    class Live(Params):
        most: int = number(24, 1, 100, doc="Pieces of words that are said at most", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: CaptionModel = open_for(ctx, "caption", setup.model)

    def run(self, image: Image, live: Live) -> Said:
        caption = self._model(image, most=live.most)
        return Said(Text(caption.text), Number(caption.score))

    def close(self) -> None:
        self._model.close()
