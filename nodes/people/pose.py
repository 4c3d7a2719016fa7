"""People and their joints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nodeflow.node import Context, ModelRef, Params, choice, model, node, slider, toggle
from nodeflow.values import Image, Poses

if TYPE_CHECKING:
    from nodeflow.models import PoseModel


@node("people.pose", category="Find/People", title="Pose")
class Pose:
    """Find people and their joints. The first use of a model fetches it."""

    class Setup(Params):
        model: ModelRef = model(
            task="pose",
            default="blazepose-full",
            doc="BlazePose: one person, 33 joints, with depth. MoveNet MultiPose: up to six people, 17 joints",
        )

        precision: Literal["auto", "fp32", "fp16"] = choice(
            "auto", "auto", "fp32", "fp16", doc="On a GPU: fp16 is faster and a little less exact", essential=False
        )
        tensorrt: bool = toggle(False, doc="On a GPU: compile with TensorRT, where it is installed", essential=False)

    class Live(Params):
        score: float = slider(0.3, 0, 1, doc="Leave out people the model is less sure of")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: PoseModel = open_for(ctx, "pose", setup.model, precision=setup.precision, tensorrt=setup.tensorrt)

    def run(self, image: Image, live: Live) -> Poses:
        return self._model(image, score=live.score)

    def close(self) -> None:
        self._model.close()
