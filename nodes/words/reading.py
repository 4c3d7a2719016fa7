"""Reading what is written in pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.node import Context, ModelRef, Params, model, node, slider
from nodeflow.values import Detections, Image, Text

if TYPE_CHECKING:
    from nodeflow.models.words import ReadModel


class Read(NamedTuple):
    text: Text
    lines: Detections


@node("words.read", category="Find/Text", title="Read text", time_limit=120)
class ReadText:
    """Read what is written in a picture.

    It gives all of it as text, and each line as a box with its text for a name.
    """

    class Setup(Params):
        model: ModelRef = model(task="text-in-pictures", default="ppocr-v4", doc="Latin letters, digits and Chinese")

    class Live(Params):
        score: float = slider(0.5, 0, 1, doc="Leave out lines the model is less sure of")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: ReadModel = open_for(ctx, "text-in-pictures", setup.model)

    def run(self, image: Image, live: Live) -> Read:
        lines = self._model(image, score=live.score)
        text = Text("\n".join(line.text for line in lines))
        if not lines:
            return Read(text, Detections.none((), image.frame))
        names = tuple(dict.fromkeys(line.text for line in lines))
        corners = np.stack([line.corners for line in lines])
        boxes = Detections(
            np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1),
            np.array([line.score for line in lines], np.float32),
            np.array([names.index(line.text) for line in lines], np.int64),
            names,
            image.frame,
        )
        return Read(text, boxes)

    def close(self) -> None:
        self._model.close()
