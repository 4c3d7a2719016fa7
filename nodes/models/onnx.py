"""Any ONNX model as a node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nodeflow.node import Context, ModelRef, file, model, node
from nodes.models.networks import BareNode, Seeing

if TYPE_CHECKING:
    from nodeflow.models.bare.model import Network


@node(
    "models.onnx",
    category="Models",
    title="ONNX model",
    adapts=True,
    time_limit=600,
    words="custom own load network neural",
)
class OnnxNode(BareNode):
    """Run any ONNX model: choose a file, and the node gets the inputs and outputs that the file has.

    Pictures are shown as the model's shape says (size, layout, channels); what it gives is read as its shapes suggest.
    Say otherwise in the inspector. Weights in files of their own must lie beside the model.
    """

    task: ClassVar = "onnx-model"

    class Setup(Seeing):
        file: str = file("", "*.onnx", doc="The model's file")
        model: ModelRef = model(task="onnx-model", default="", doc="A model of your library, in place of a file")

    @staticmethod
    def open_network(path: Path, ctx: Context, name: str) -> Network:
        from nodeflow.models import OnnxModel

        return OnnxModel(path, ctx.device, ctx.threads, name=name)
