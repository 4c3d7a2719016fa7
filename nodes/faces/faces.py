"""Faces: where they are, and their points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nodeflow.node import Context, ModelRef, Params, model, node, number, slider
from nodeflow.values import Classes, Detections, Image, Poses

if TYPE_CHECKING:
    from nodeflow.models.classes import ClassModel
    from nodeflow.models.faces import FaceModel, MeshModel


class Faces(NamedTuple):
    detections: Detections
    points: Poses


@node("faces.find", category="Find/Faces", title="Faces")
class FindFaces:
    """Find faces, as boxes and as six points of each: eyes, nose, mouth, ears.

    It does not tell who somebody is.
    """

    class Setup(Params):
        model: ModelRef = model(
            task="faces", default="blazeface-short", doc="short: within two metres of the camera; full: within five"
        )

    class Live(Params):
        score: float = slider(0.5, 0, 1, doc="Leave out faces the model is less sure of")
        most: int = number(10, 1, 100, doc="Find at most so many", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: FaceModel = open_for(ctx, "faces", setup.model)

    def run(self, image: Image, live: Live) -> Faces:
        return Faces(*self._model(image, score=live.score, most=live.most))

    def close(self) -> None:
        self._model.close()


@node("faces.mesh", category="Find/Faces", title="Face mesh")
class FaceMesh:
    """Find 468 points of each face, and follow faces from frame to frame. With irises there are 478."""

    class Setup(Params):
        model: ModelRef = model(task="face-mesh", default="facemesh", doc="facemesh-iris: five points on each iris")

    class Live(Params):
        most: int = number(1, 1, 20, doc="Follow at most so many faces")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: MeshModel = open_for(ctx, "face-mesh", setup.model)

    def run(self, image: Image, live: Live) -> Poses:
        return self._model(image, most=live.most)

    def close(self) -> None:
        self._model.close()


@node("faces.emotion", category="Find/Faces", title="Expression")
class Emotion:
    """Tell which expression a face shows; wire it behind Crop boxes.

    An expression is not a feeling: see the card.
    """

    class Setup(Params):
        model: ModelRef = model(task="emotion", default="emotion", doc="Which expressions it knows is on its card")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: ClassModel = open_for(ctx, "emotion", setup.model)

    def run(self, image: Image) -> Classes:
        return self._model(image)

    def close(self) -> None:
        self._model.close()
