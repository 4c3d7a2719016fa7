"""Things in pictures, as boxes with names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from nodeflow.node import Context, ModelRef, NodeError, Nothing, Params, Slider, Widget, model, node, slider
from nodeflow.values import Classes, Detections, Image
from nodes.same_source import require_same_source

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


@node(
    "objects.choose",
    category="Find/Objects",
    title="Choose objects",
    parallel=True,
    words="filter select only class names",
)
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


@node("objects.crops", category="Find/Objects", title="Crop boxes", parallel=True, words="cut out regions roi list")
def crops(
    image: Image,
    detections: Detections,
    margin: Annotated[float, Slider(0, 1, doc="Room around each box, as a share of its longer side")] = 0.05,
    square: Annotated[bool, Widget(doc="Make every crop square, as most models want it")] = True,
) -> list[Image | Nothing]:
    """Cut each box out of a picture, as a list of pictures in the order of the boxes."""
    require_same_source(detections.frame, image, "The boxes were")
    return [_crop(image, box, margin, square) for box in detections.on(image.frame)]


def _crop(image: Image, box: np.ndarray, margin: float, square: bool) -> Image | Nothing:
    middle, size = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    half = (np.full(2, size.max()) if square else size) / 2 + margin * size.max()
    left, top = np.floor(np.maximum(middle - half, 0)).astype(int).tolist()
    right, bottom = np.ceil(np.minimum(middle + half, image.frame.size)).astype(int).tolist()
    if right - left < 1 or bottom - top < 1:
        return Nothing("this box is outside the picture")
    return image.cropped(left, top, right - left, bottom - top)


@node("objects.name", category="Find/Objects", title="Name boxes", parallel=True, words="label tag rename classify")
def name(detections: Detections, classes: list[Classes]) -> Detections:
    """Give each box the likeliest of its classes as name, and its score.

    So what was told of the crops is put back on the picture.
    """
    if len(classes) != len(detections):
        raise NodeError(
            f"There are {len(detections)} boxes and {len(classes)} classes.",
            "Wire classes made from crops of these boxes.",
        )
    names = tuple(dict.fromkeys(name for each in classes if isinstance(each, Classes) for name in each.names))
    told = [each.top(1)[0] if isinstance(each, Classes) and each.names else ("?", 0.0) for each in classes]
    names = names if all(word in names for word, _ in told) else (*names, "?")
    return Detections(
        detections.xyxy,
        np.array([score for _, score in told], np.float32),
        np.array([names.index(word) for word, _ in told], np.int64),
        names,
        detections.frame,
        detections.track_id,
    )
