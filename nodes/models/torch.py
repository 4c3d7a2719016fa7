"""Any torch archive as a node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nodeflow.node import Context, ModelRef, file, model, node
from nodes.models.networks import BareNode, Seeing

if TYPE_CHECKING:
    from nodeflow.models.bare.model import Network


@node(
    "models.torch",
    category="Models",
    title="Torch model",
    adapts=True,
    time_limit=600,
    words="custom own load network neural pytorch torchscript",
)
class TorchNode(BareNode):
    """Run a network that was saved with torch.export.save (.pt2), or as TorchScript.

    The node gets the inputs and outputs that the file has. TorchScript says no shapes: set `takes`, `width` and
    `height` where it sees pictures. Nothing is unpickled; files that hold more than a network are refused.
    """

    task: ClassVar = "torch-model"

    class Setup(Seeing):
        file: str = file("", "*.pt2", "*.pt", "*.ts", "*.torchscript", "*.safetensors", doc="The network's file")
        model: ModelRef = model(task="torch-model", default="", doc="A model of your library, in place of a file")

    @staticmethod
    def open_network(path: Path, ctx: Context, name: str) -> Network:
        from nodeflow.models.torch_runtime import TorchModel

        return TorchModel(path, ctx.device, ctx.threads, name=name)
