"""Image files as a source of one still picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, NodeError, Params, file, node
from nodeflow.values import Image
from nodes.io.picture_size import claimed_pixels
from nodes.io.png import without_profile

IMAGE_FILES = ("*.png", "*.jpg", "*.jpeg", "*.webp", "*.bmp", "*.tif", "*.tiff")
MAX_BYTES = 512 * 1024 * 1024
MAX_PIXELS = 1 << 28  # 16384x16384, 800 MB as RGB
_OTHER = "Choose another picture, or save this one as PNG or JPEG."


@node(
    "io.image",
    category="Input",
    title="Image file",
    pure=True,
    resource="io",
    words="picture photo still png jpg load open",
)
class ImageFile:
    """A picture from a file."""

    class Setup(Params):
        file: str = file("", *IMAGE_FILES, doc="The picture; sample:astronaut is one to try things on")

    def open(self, setup: Setup, ctx: Context) -> None:
        if not setup.file:
            raise NodeError("No image file is chosen.", "Choose one, or write sample:astronaut.")
        self._image = read_image(ctx.path(setup.file))

    def run(self) -> Image:
        return self._image


def read_image(path: Path) -> Image:
    """Read a picture as 8-bit RGB, turned upright as its camera noted; transparency is shown over black.

    Grey pictures, palettes and 16 bits a channel are converted. Raises NodeError naming the file.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NodeError(f"{path.name} is larger than {MAX_BYTES >> 20} MB.", _OTHER)
        data = path.read_bytes()
    except OSError as fault:
        raise NodeError(
            f"{path.name} cannot be read ({fault.strerror}).", "Choose a file that you may read."
        ) from fault
    if claimed_pixels(data) > MAX_PIXELS:
        most = f"{MAX_PIXELS // 1_000_000} million pixels"
        raise NodeError(f"{path.name} claims more than {most}.", "Choose another picture, or save this one smaller.")
    pixels = _decoded(without_profile(data))
    if pixels is None:
        raise NodeError(f"{path.name} is not a picture that can be read.", _OTHER)
    return Image(pixels)


def _decoded(data: bytes) -> NDArray[np.uint8] | None:
    import cv2

    packed = np.frombuffer(data, np.uint8)
    if not len(packed):
        return None
    try:
        stored = cv2.imdecode(packed, cv2.IMREAD_UNCHANGED)
        if stored is not None and stored.ndim == 3 and stored.shape[2] == 4:
            return _over_black(cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA))
        upright = cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    return None if upright is None else np.asarray(upright, np.uint8)


def _over_black(rgba: NDArray[Any]) -> NDArray[np.uint8]:
    if rgba.dtype != np.uint8:
        rgba = rgba >> 8
    rgb, alpha = rgba[..., :3].astype(np.uint16), rgba[..., 3:].astype(np.uint16)
    return ((rgb * alpha + 127) // 255).astype(np.uint8)
