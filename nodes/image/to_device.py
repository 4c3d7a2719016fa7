"""Where the pictures of a branch live."""

from __future__ import annotations

from nodeflow.node import Context, node
from nodeflow.values import Image
from nodeflow.values.device import resolved


@node("image.to_device", category="Image", title="To the GPU", words="cuda upload tensor")
class ToDevice:
    """Bring a picture to the GPU: steps after it are made there. Without a GPU it stays as it is."""

    def open(self, ctx: Context) -> None:
        self._device = resolved(ctx.device)
        ctx.provider(self._device)

    def run(self, image: Image) -> Image:
        return image if self._device == "cpu" else image.on(self._device)
