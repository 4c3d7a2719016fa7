"""Networks of a person's own, of which nothing is known but their signature."""

from __future__ import annotations

from typing import ClassVar, Literal

from nodeflow.models.pipelines.settings import Settings


class AnyOnnx(Settings):
    """A network that is used by its signature alone; the node that runs it says the rest."""

    roles: ClassVar = ("model",)
    tasks: ClassVar = ("onnx-model",)
    code: ClassVar = "nodeflow.models.bare.opened:open_onnx"

    kind: Literal["any-onnx"]


class AnyTorch(Settings):
    """The same for a torch archive."""

    assets: ClassVar = ("model",)
    run_by_torch: ClassVar = ("model",)
    tasks: ClassVar = ("torch-model",)
    code: ClassVar = "nodeflow.models.bare.opened:open_torch"

    kind: Literal["any-torch"]
