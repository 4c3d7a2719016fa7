"""The values of single pixels, as they are told and written into the picture. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodeflow.engine.look import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Values = tuple[float, ...]
"""Red, green and blue, 0..255; or a mask's weight."""


def pixel_at(picture: Picture, x: int, y: int) -> Values | None:
    """The exact value of the pixel (x, y) of the full picture, if it is among those that were brought along."""
    column, row = x - picture.part[0], y - picture.part[1]
    if not picture.exact or not (0 <= column < picture.part[2] and 0 <= row < picture.part[3]):
        return None
    if picture.weights is not None:
        return (float(picture.weights[row, column]),)
    red, green, blue = picture.pixels[row, column]
    return float(red), float(green), float(blue)


def in_words(values: Values) -> str:
    """A pixel's value on one line: "255 128 0  #ff8000", or a weight."""
    if len(values) == 1:
        return f"{values[0]:.4f}"
    red, green, blue = (round(value) for value in values)
    return f"{red} {green} {blue}  #{red:02x}{green:02x}{blue:02x}"


def pixel_words(picture: Picture, x: int, y: int) -> str:
    """What is said of the pixel (x, y), as far as it is known: of a picture that is shown shrunk, what was asked for
    last."""
    values = pixel_at(picture, x, y) or picture.pixel
    return in_words(values) if values else ""


def whole_parts(words: str, fits: Callable[[str], bool]) -> str:
    """What is told, without its last parts where it does not fit, down to the first: half a number is another one."""
    while "  " in words and not fits(words):
        words = words.rpartition("  ")[0].rstrip()
    return words


def in_lines(values: Values) -> list[str]:
    """A pixel's value as it is written into the pixel."""
    return [f"{values[0]:.3f}"] if len(values) == 1 else [f"{value:.0f}" for value in values]


def is_bright(values: Values) -> bool:
    """Whether dark letters can be read on it."""
    if len(values) == 1:
        return values[0] > 0.5
    return 0.299 * values[0] + 0.587 * values[1] + 0.114 * values[2] > 140


def curve(counts: NDArray[np.int64]) -> list[float]:
    """A histogram as heights, 0..1: the root of each count, so that what is rare can be seen too. The ends, where
    clipped values pile up, do not flatten the rest."""
    inner = [math.sqrt(float(count)) for count in counts[1:-1]]
    most = max(inner, default=0.0) or max(math.sqrt(float(count)) for count in counts) or 1.0
    return [min(1.0, math.sqrt(float(count)) / most) for count in counts]
