"""What each part of a picture is, and the outline of what is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, ModelRef, NodeError, Params, choice, model, node, number, slider, text
from nodeflow.values import Classes, Detections, Image, Mask
from nodes.same_source import require_same_source

if TYPE_CHECKING:
    from nodeflow.models.masks import Prompt, PromptedMaskModel, SegmentModel, Segments


class Parts(NamedTuple):
    mask: Mask
    picture: Image
    shares: Classes


@node("masks.segments", category="Find/Masks", title="Segments", time_limit=120)
class FindSegments:
    """Tell what each pixel is, of the things that the model knows. The first use of a model fetches it.

    Mask holds the kinds that are named, picture has a colour for each kind, shares tell how much of the picture each
    kind takes.
    """

    class Setup(Params):
        model: ModelRef = model(task="segments", default="deeplab-v3", doc="Which things it knows is on its card")

    class Live(Params):
        names: str = text("", doc="Which to hold, with commas between: person, dog. Empty holds all but the rest")
        longest: int = number(520, 64, 2048, unit="px", doc="Larger pictures are shrunk first: time grows with size")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: SegmentModel = open_for(ctx, "segments", setup.model)

    def run(self, image: Image, live: Live) -> Parts:
        found = self._model(image, longest=live.longest)
        held = np.isin(found.classes, wanted(live.names, found.names)).astype(np.float32)
        return Parts(Mask(held, found.frame), Image(colored(found.classes), found.frame), shares(found))

    def close(self) -> None:
        self._model.close()


def wanted(names: str, known: tuple[str, ...]) -> list[int]:
    """Places of the named kinds; of all but the first where none is named. Raises NodeError for a strange name."""
    asked = [name.strip().lower() for name in names.split(",") if name.strip()]
    if not asked:
        return list(range(1, len(known)))
    places = {name.lower(): place for place, name in enumerate(known)}
    strange = next((name for name in asked if name not in places), None)
    if strange is not None:
        raise NodeError(f"The model knows no {strange[:40]!r}.", f"It knows {', '.join(known)[:400]}.")
    return [places[name] for name in asked]


def shares(found: Segments) -> Classes:
    """How much of the picture each kind takes, 0 to 1."""
    counts = np.bincount(found.classes.reshape(-1), minlength=len(found.names))
    return Classes((counts / found.classes.size).astype(np.float32), found.names)


def colored(classes: NDArray[np.int32]) -> NDArray[np.uint8]:
    """A colour for each class, RGB uint8 HxWx3; the first is black. Neighbours in the list are far apart in colour."""
    bits = np.arange(classes.max() + 1)
    colors = np.zeros((len(bits), 3), np.uint8)
    for place in range(8):  # as in the pictures of PASCAL VOC: each bit of the number is a bit of a colour
        for channel in range(3):
            colors[:, channel] |= (((bits >> (3 * place + channel)) & 1) << (7 - place)).astype(np.uint8)
    made: NDArray[np.uint8] = colors[classes]
    return made


@node("masks.pointed", category="Find/Masks", title="Mask of a thing", time_limit=300)
class Pointed:
    """Find the outline of whatever stands at a point or in a box, without knowing what it is.

    Wire boxes in, from Objects say, and it finds the outline of what stands in each, the likeliest first.
    """

    class Setup(Params):
        model: ModelRef = model(task="prompted-mask", default="efficientsam", doc="Slow on a CPU: for single pictures")

    class Live(Params):
        by: Literal["point", "box"] = choice("point", doc="What points at the thing, where no boxes are wired in")
        x: float = slider(0.5, 0, 1, doc="Of the point, or of the middle of the box: 0 is left, 1 right")
        y: float = slider(0.5, 0, 1, doc="Of the point, or of the middle of the box: 0 is above, 1 below")
        width: float = slider(0.5, 0.01, 1, doc="Of the box, as a share of the picture")
        height: float = slider(0.5, 0.01, 1, doc="Of the box, as a share of the picture")
        most: int = number(3, 1, 32, doc="Boxes that are looked at: each takes as long as one", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: PromptedMaskModel = open_for(ctx, "prompted-mask", setup.model)

    def run(self, image: Image, detections: Detections | None = None, *, live: Live) -> Mask:
        prompts = [prompted(image, live)] if detections is None else boxed(image, detections, live.most)
        if not prompts:
            return Mask(np.zeros((image.height, image.width), np.float32), image.frame)
        masks = [self._model(image, prompt) for prompt in prompts]
        return Mask(np.maximum.reduce([mask.weight for mask in masks]), masks[0].frame)

    def close(self) -> None:
        self._model.close()


def prompted(image: Image, live: Pointed.Live) -> Prompt:
    """The prompt that the parameters make, in pixels of the picture."""
    from nodeflow.models.masks import Prompt

    x, y = live.x * image.width, live.y * image.height
    if live.by == "point":
        return Prompt(inside=((x, y),))
    wide, high = live.width * image.width / 2, live.height * image.height / 2
    return Prompt(box=(max(0.0, x - wide), max(0.0, y - high), min(image.width, x + wide), min(image.height, y + high)))


def boxed(image: Image, detections: Detections, most: int) -> list[Prompt]:
    """A prompt for each of the likeliest boxes, in pixels of the picture."""
    from nodeflow.models.masks import Prompt

    require_same_source(detections.frame, image, "The boxes were")
    boxes = detections.on(image.frame)[np.argsort(-detections.score, kind="stable")[:most]]
    held = np.clip(boxes, 0, np.tile(image.frame.size, 2))
    return [Prompt(box=(left, top, right, bottom)) for left, top, right, bottom in held.tolist()]
