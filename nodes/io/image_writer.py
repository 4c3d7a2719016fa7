"""Writing pictures as files, one for each frame."""

from __future__ import annotations

import re

import numpy as np

from nodeflow.node import Context, NodeError, Params, Tick, node, save, slider
from nodeflow.values import Image
from nodes.io.draft import Draft

_FIELD = re.compile(r"\{(index|time)(?::(0?\d{1,2}|\.\df))?\}")
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")


@node("io.image_writer", category="Output", resource="io", words="save export picture photo png jpg frames sequence")
class ImageWriter:
    """Write every picture into a file of its own. Each appears when it is whole."""

    class Setup(Params):
        path: str = save(
            "out/frame_{index:05}.png",
            "*.png",
            "*.jpg",
            "*.webp",
            doc="Where to; {index} is the frame's number, {time} its seconds, {index:05} pads with zeros",
        )
        quality: int = slider(92, 1, 100, doc="Of JPEG and WebP pictures", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        first = ctx.output(setup.path)
        self._folder, self._pattern = first.parent, first.name
        self._quality = setup.quality
        file_name(self._pattern, Tick(0, 0.0))

    def run(self, image: Image, tick: Tick) -> None:
        import cv2

        target = self._folder / file_name(self._pattern, tick)
        ending = target.suffix.lower()
        lossy = {".jpg": cv2.IMWRITE_JPEG_QUALITY, ".jpeg": cv2.IMWRITE_JPEG_QUALITY, ".webp": cv2.IMWRITE_WEBP_QUALITY}
        options = [lossy[ending], self._quality] if ending in lossy else []  # OpenCV complains of what is not its own
        try:
            bgr = cv2.cvtColor(image.array, cv2.COLOR_RGB2BGR)
            _, data = cv2.imencode(ending, bgr, options)
        except cv2.error as fault:
            message = f"{image.width}x{image.height} cannot be written as {target.suffix}."
            raise NodeError(message, "Choose PNG, or make the picture smaller.") from fault
        with Draft(target) as draft:
            draft.place.write_bytes(np.asarray(data).tobytes())


def file_name(pattern: str, tick: Tick) -> str:
    """Fill {index} and {time} into a file name. Raises NodeError for anything else in braces, or no known ending.

    Not `str.format`: a pattern from a stranger's graph could look into objects with it, or ask for a billion zeros.
    """
    name = _FIELD.sub(lambda found: format(getattr(tick, found[1]), found[2] or ""), pattern)
    if "{" in name or "}" in name:
        raise NodeError(f"{pattern} has braces that mean nothing.", "Use {index}, {index:05}, {time} or {time:.3f}.")
    if not name.lower().endswith(_ENDINGS):
        raise NodeError(f"{pattern} does not end like a picture.", f"End it with {', '.join(_ENDINGS)}.")
    return name
