"""Pictures drawn from words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, Params, lines, model, node, number
from nodeflow.values import Image, Text

if TYPE_CHECKING:
    from nodeflow.models.generate import TextToPictureModel


@node("generate.from_words", category="Generate", title="Picture from words", time_limit=600)
class FromWords:
    """Draw what words say. Each seed draws another picture.

    The words are those that are wired in, or the ones typed here.
    """

    class Setup(Params):
        model: ModelRef = model(task="text-to-picture", default="sd-turbo", doc="Large: look at its card first")

    class Live(Params):
        words: str = lines("a lighthouse in a storm, oil painting", doc="What to draw, where no text is wired in")
        seed: int = number(1, 0, 2**31 - 1, doc="Which of the many pictures that the words could mean")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: TextToPictureModel = open_for(ctx, "text-to-picture", setup.model)

    def run(self, text: Text | None = None, *, live: Live) -> Image:
        return self._model(live.words if text is None else text.value, seed=live.seed)

    def close(self) -> None:
        self._model.close()
