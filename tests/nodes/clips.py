"""Small clips whose every frame carries its own number, as black and white squares that survive compression."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from nodeflow.values import Image

BITS = 8
SQUARE = 12
SIZE = (BITS * SQUARE, 64)


def numbered(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture that shows `number` (0..255) along its top edge; RGB uint8."""
    picture = np.full((size[1], size[0], 3), 128, np.uint8)
    for bit in range(BITS):
        picture[:SQUARE, bit * SQUARE : (bit + 1) * SQUARE] = 255 * (number >> bit & 1)
    picture[SQUARE:, : size[0] // 2, 0] = 200  # the left half is reddish, so that mirrors and turns show
    return picture


def number_in(picture: Image | NDArray[np.uint8]) -> int:
    """The number that a picture shows."""
    pixels = picture.array if isinstance(picture, Image) else picture
    middles = pixels[SQUARE // 2, SQUARE // 2 : BITS * SQUARE : SQUARE].mean(axis=1)
    return sum(1 << bit for bit, light in enumerate(middles) if light > 128)


def write_clip(
    path: Path,
    count: int = 12,
    *,
    rate: Fraction | int = 30,
    codec: str = "libx264",
    size: tuple[int, int] = SIZE,
    times: Sequence[float] | None = None,
    turned: int = 0,
    title: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """Write `count` numbered frames. `times` in seconds make the rate vary; `turned` degrees go into its metadata."""
    with av.open(str(path), "w", options=options or {}) as container:
        if title:
            container.metadata["title"] = title
        stream = container.add_stream(codec, rate=rate, options={"g": "8", "bf": "2"} if codec == "libx264" else {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        if turned:
            stream.set_display_rotation(turned)
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 12_800)
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(numbered(number, size), format="rgb24")
            if times is not None:
                frame.pts = round(times[number] * 12_800)
                frame.time_base = Fraction(1, 12_800)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
