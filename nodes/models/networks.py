"""What the nodes for bare networks have in common: their parameters, ports from a file's signature, and running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from nodeflow.node import (
    Adapted,
    Context,
    ModelRef,
    NodeError,
    Params,
    Ports,
    Widget,
    choice,
    model,
    number,
    slider,
    text,
)
from nodeflow.node import file as a_file

if TYPE_CHECKING:
    from nodeflow.models.bare import BareModel, Options, Plan
    from nodeflow.models.bare.model import Network

_IMAGENET = ("0.485 0.456 0.406", "0.229 0.224 0.225")


class Seeing(Params):
    """The setup of every bare network."""

    file: str = a_file("", doc="The model's file")
    model: ModelRef = model(task="", default="", doc="A model of your library, in place of a file")
    gives: str = choice(
        "auto",
        *("auto", "tensors", "picture", "mask", "classes", "boxes", "keypoints"),
        doc="What the outputs are read as; auto guesses from their shapes",
    )
    takes: str = choice(
        "auto",
        "auto",
        "picture",
        "tensors",
        doc="auto shows pictures to the first input that looks like it",
        essential=False,
    )
    width: int = number(0, 0, 8192, unit="px", doc="What it is shown; 0: as the model says", essential=False)
    height: int = number(0, 0, 8192, unit="px", doc="What it is shown; 0: as the model says", essential=False)
    fit: str = choice(
        "stretch",
        *("stretch", "letterbox", "crop"),
        doc="How pictures of another shape fit: stretched, with room beside them, or their middle",
        essential=False,
    )
    layout: str = choice(
        "auto",
        "auto",
        "nchw",
        "nhwc",
        doc="Whether channels come first or last; auto: as the shape says",
        essential=False,
    )
    channels: str = choice("auto", "auto", "rgb", "bgr", "grey", doc="The order of the channels", essential=False)
    levels: str = choice(
        "auto",
        *("auto", "0..1", "-1..1", "0..255"),
        doc="What black and white become, before mean and std; auto: 0..1, whole numbers 0..255",
        essential=False,
    )
    mean: Annotated[
        str,
        Widget(
            "text",
            choices=("0", _IMAGENET[0], "0.5"),
            doc="Taken away from each channel: one number, or three",
            essential=False,
        ),
    ] = "0"
    std: Annotated[
        str,
        Widget(
            "text",
            choices=("1", _IMAGENET[1], "0.5"),
            doc="Each channel is divided by it: one number, or three",
            essential=False,
        ),
    ] = "1"
    padding: int = number(114, 0, 255, doc="The level beside a letterboxed picture", essential=False)
    output: str = text("", doc="The output that is read, by name; empty: the first that fits", essential=False)
    names: str = a_file("", "*.txt", "*.names", "*.json", doc="Names of classes or points, one a line", essential=False)
    squash: str = choice(
        "auto",
        *("auto", "none", "softmax", "sigmoid"),
        doc="What makes numbers likelihoods; auto: what they need",
        essential=False,
    )
    boxes: str = choice(
        "auto",
        *("auto", "yolov8", "yolov5", "end-to-end", "boxes-scores-labels", "detr"),
        doc="How outputs hold boxes; auto: as their shapes say",
        essential=False,
    )
    keypoints: str = choice(
        "auto",
        *("auto", "heatmaps", "xy", "xy-score", "yx", "yx-score", "yolo-pose"),
        doc="How an output holds points; auto: as its shape says",
        essential=False,
    )
    unit: str = choice(
        "auto", "auto", "pixels", "shares", doc="Whether coordinates are pixels of the input, or 0..1", essential=False
    )
    gives_levels: str = choice(
        "auto",
        "auto",
        "0..1",
        "-1..1",
        "0..255",
        doc="Black and white of a picture it gives; auto: as it takes",
        essential=False,
    )


class Reading(Params):
    """What may change while it runs."""

    score: float = slider(0.25, 0, 1, doc="Leave out boxes and figures that are less sure")
    overlap: float = slider(0.45, 0, 1, doc="Boxes that overlap more than this are one", essential=False)
    top: int = number(0, 0, 1000, doc="Keep only the likeliest classes; 0 keeps all", essential=False)
    channel: int = number(0, 0, 4095, doc="The channel that a mask is taken from", essential=False)


class BareNode:
    """Everything of a node for bare networks but how its network is opened. `task` is that of the cards it takes."""

    task: ClassVar[str]
    Live = Reading

    @staticmethod
    def open_network(path: Path, ctx: Context, name: str) -> Network:
        raise NotImplementedError

    @classmethod
    def adapt(cls, setup: Seeing, changed: str, place: Callable[[str], Path]) -> Adapted:
        """Ports of the model that is chosen now. Choosing a file lets go of the library's model, and the other way."""
        params: dict[str, Any] = {}
        if changed == "file" and setup.file and setup.model:
            setup, params = replace(setup, model=ModelRef("")), {"model": ""}
        elif changed == "model" and setup.file and setup.model:
            setup, params = replace(setup, file=""), {"file": ""}
        path = cls.find(setup, place)
        if path is None:
            return Adapted(Ports(), params)
        plan = cls.plan(path, setup)
        return Adapted(Ports(plan.inputs, plan.outputs), params)

    @classmethod
    def find(cls, setup: Seeing, place: Callable[[str], Path], ctx: Context | None = None) -> Path | None:
        """The file of the model that is chosen; None if none is. Fetches one of the library where it is not here."""
        if not setup.model:
            return place(setup.file) if setup.file.strip() else None
        from nodeflow.models import ModelError, library

        shelf = library()
        card = shelf.card(setup.model)
        if card.task != cls.task:
            known = ", ".join(shelf.ids(cls.task)) or "none yet; `nodeflow models add FILE` makes one"
            raise ModelError(f"{setup.model!r} is a model for {card.task}, and this node takes {cls.task}: {known}")
        stopping = (lambda: ctx.stopping) if ctx else None
        return shelf.fetch(setup.model, ctx.progress if ctx else None, stopping)["model"]

    @staticmethod
    def plan(path: Path, setup: Seeing) -> Plan:
        """How the model in a file is used."""
        from nodeflow.models.bare import plan_for
        from nodeflow.models.signature import read_signature

        return plan_for(read_signature(path), _options(setup))

    def open(self, setup: Seeing, ctx: Context, ports: Ports) -> None:
        from nodeflow.models import library
        from nodeflow.models.bare import BareModel, names_in, read_names
        from nodeflow.models.proving import prove
        from nodeflow.models.watch import Watch

        path = self.find(setup, ctx.path, ctx)
        if path is None:
            raise NodeError("No model is chosen.", "Choose a file, or a model of your library.")
        plan = self.plan(path, setup)
        if Ports(plan.inputs, plan.outputs) != ports:
            raise NodeError(
                f"{path.name} has other inputs and outputs than this node: {plan.signature}.",
                "Choose it again in the inspector, so that the node's ports are those of the file.",
            )
        prove(path, library().cache, Watch.of(ctx.progress, lambda: ctx.stopping))
        network = self.open_network(path, ctx, setup.model or path.stem)
        names = read_names(ctx.path(setup.names)) if setup.names else names_in(getattr(network, "metadata", {}))
        self._model: BareModel = BareModel(network, plan, names)
        ctx.provider(network.provider, network.device)

    def run(self, *inputs: Any, live: Reading) -> Any:
        from nodeflow.models.bare import Limits

        made = self._model(inputs, Limits(live.score, live.overlap, live.top, live.channel))
        return made[0] if len(made) == 1 else tuple(made)

    def close(self) -> None:
        self._model.close()


def _options(setup: Seeing) -> Options:
    from nodeflow.models.bare import Options

    said = {name: getattr(setup, name) for name in Options.__slots__ if name not in ("mean", "std")}
    return Options(**said, mean=_numbers("mean", setup.mean), std=_numbers("std", setup.std))


def _numbers(what: str, text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in text.replace(",", " ").split())
    except ValueError:
        found = ()
    if len(found) not in (1, 3) or not all(map(isfinite, found)):
        raise NodeError(f"{what} is {text!r}.", "Write one number, or three with spaces between: 0.485 0.456 0.406.")
    return found
