"""What pictures show: things, classes, text, and what belongs to something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from nodeflow.models.pipelines.settings import Length, Score, Settings, Side, Stride
from nodeflow.models.sources import Strict, Text

if TYPE_CHECKING:
    from nodeflow.models.looks import Sight


class NanoDet(Settings):
    """Boxes around things, from feature maps whose outputs are named here, in the order of their strides."""

    roles: ClassVar = ("detector",)
    tasks: ClassVar = ("objects",)
    code: ClassVar = "nodeflow.models.objects.nanodet:open_objects"

    kind: Literal["nanodet"]
    size: Side
    strides: Annotated[tuple[Stride, ...], Field(min_length=1, max_length=8)]
    scores: tuple[Text, ...]
    distances: tuple[Text, ...]
    overlap: Score = 0.5

    @model_validator(mode="after")
    def _each_map_has_both(self) -> NanoDet:
        if not len(self.strides) == len(self.scores) == len(self.distances):
            raise ValueError("there must be as many scores and distances as strides")
        return self


class Shown(Strict):
    """What a network is shown of a picture: a square of `size`, each level times `scale` plus `shift`.

    `scale` and `shift` may differ by channel, in the order of `channels`.
    """

    size: Side
    scale: float | tuple[float, float, float] = 1.0
    shift: float | tuple[float, float, float] = 0.0
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    layout: Literal["nhwc", "nchw"] = "nhwc"

    def sight(self) -> Sight:
        from nodeflow.models.looks import Sight

        return Sight(self.size, "upright", self.scale, self.shift, channels=self.channels, layout=self.layout)


class _Classifying(Settings):
    """One number for each class: its likelihood, or the logarithm of it up to a shift."""

    roles: ClassVar = ("classifier",)

    shown: Shown
    fit: Literal["middle", "whole"] = "middle"
    give: Literal["logits", "likelihoods"] = "logits"


class Classifier(_Classifying):
    """Classes whose names stand in the card."""

    tasks: ClassVar = ("classes", "emotion")
    code: ClassVar = "nodeflow.models.classes.classifier:open_classes"

    kind: Literal["classifier"]
    names: Annotated[tuple[Text, ...], Field(min_length=1, max_length=1000)]


class ImageNetClassifier(_Classifying):
    """ImageNet's 1000 classes, in the order of their numbers."""

    tasks: ClassVar = ("classes",)
    code: ClassVar = "nodeflow.models.classes.classifier:open_imagenet"

    kind: Literal["imagenet"]


class NamedClassifier(_Classifying):
    """Classes whose names are the lines of a file."""

    tasks: ClassVar = ("classes",)
    code: ClassVar = "nodeflow.models.classes.named:open_classes"
    assets: ClassVar = ("names",)

    kind: Literal["named-classifier"]


class MaskNetwork(Settings):
    """One weight of 0 to 1 for each pixel of the whole picture, which is shown at this size.

    A network that gives scores of several `classes` for each pixel says 1 where the class `holds` has the highest.
    """

    roles: ClassVar = ("mask",)
    tasks: ClassVar = ("person-mask",)
    code: ClassVar = "nodeflow.models.masks.network:open_mask"

    kind: Literal["mask"]
    width: Length
    height: Length
    scale: float = 1 / 255
    shift: float = 0.0
    layout: Literal["nhwc", "nchw"] = "nhwc"
    classes: Annotated[int, Field(ge=1, le=1000)] = 1
    holds: Annotated[int, Field(ge=0, le=999)] = 0


class PpOcr(Settings):
    """A text detector, then a reader of each line. The detector sees the picture's shorter side with at least so many
    pixels, its longer side with at most so many."""

    roles: ClassVar = ("detector", "reader")
    tasks: ClassVar = ("text-in-pictures",)
    code: ClassVar = "nodeflow.models.words.reader:open_reader"

    kind: Literal["pp-ocr"]
    shortest: Side = 736
    longest: Side = 1984
