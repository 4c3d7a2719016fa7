"""Things in pictures, as boxes with names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from nodeflow.node import Context, ModelRef, Params, Slider, Widget, model, node, slider
from nodeflow.values import Detections, Image

if TYPE_CHECKING:
    from nodeflow.models.objects import ObjectModel


@node("objects.find", category="Find/Objects", title="Objects")
class Objects:
    """Find everyday things, people and animals, as boxes with names. The first use of a model fetches it."""

    class Setup(Params):
        model: ModelRef = model(task="objects", default="nanodet", doc="Which things it knows is on its card")

    class Live(Params):
        score: float = slider(0.4, 0, 1, doc="Leave out what the model is less sure of")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: ObjectModel = open_for(ctx, "objects", setup.model)

    def run(self, image: Image, live: Live) -> Detections:
        return self._model(image, score=live.score)

    def close(self) -> None:
        self._model.close()


@node("objects.choose", category="Find/Objects", title="Choose objects", parallel=True)
def choose(
    detections: Detections,
    names: Annotated[str, Widget(doc="Which to keep, with commas between: person, dog. Empty keeps all")] = "person",
    score: Annotated[float, Slider(0, 1, doc="Leave out what the model is less sure of")] = 0.0,
) -> Detections:
    """Keep the boxes of some names."""
    wanted = {name.strip().lower() for name in names.split(",") if name.strip()}
    kinds = [i for i, name in enumerate(detections.names) if not wanted or name.lower() in wanted]
    kept = np.isin(detections.class_id, kinds) & (detections.score >= score)
    return Detections(
        detections.xyxy[kept],
        detections.score[kept],
        detections.class_id[kept],
        detections.names,
        detections.frame,
        None if detections.track_id is None else detections.track_id[kept],
    )
