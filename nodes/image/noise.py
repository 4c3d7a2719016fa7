"""Noise in pictures: made, measured, and smoothed by filters."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Slider, Tick, Widget, node
from nodeflow.values import Image

_REACH = 1.8
"""How far the bilateral filter looks, in pixels (Zhang and Gunturk, "Multiresolution Bilateral Filtering", 2008)."""

_ALIKE = {"bilateral": 4.0, "non-local means": 0.6}
"""How much, in deviations of the noise, may lie between what is taken for alike: what was closest to three photographs
before noise of 5 to 50 levels was added."""


@node("image.grain", category="Image", title="Grain", parallel=True, words="film noise add")
def grain(
    image: Image,
    strength: Annotated[float, Slider(0, 75, doc="Its deviation, in levels of 255")] = 15.0,
    colored: Annotated[bool, Widget(doc="In each colour by itself, as in a camera; else as on film")] = True,
    moving: Annotated[bool, Widget(doc="Another on each frame")] = True,
    *,
    tick: Tick,
) -> Image:
    """Add grain: normally distributed noise, as of a camera in the dark.

    The same frame gets the same grain in each run.
    """
    import cv2

    if strength <= 0:
        return image
    random = np.random.default_rng(tick.index if moving else 0)
    shape = (image.height, image.width, 3 if colored else 1)
    levels = random.standard_normal(shape, np.float32) * np.float32(strength)
    noisy = cv2.add(image.array, np.broadcast_to(levels, (*shape[:2], 3)), dtype=cv2.CV_8U)
    return image.replaced(np.asarray(noisy, np.uint8))


@node(
    "image.denoise",
    category="Image",
    title="Smooth noise",
    parallel=True,
    time_limit=120,
    words="filter median bilateral clean",
)
def smooth_noise(
    image: Image,
    method: Annotated[
        Literal["bilateral", "non-local means", "median"],
        Widget(doc="Bilateral is fast; non-local means takes a second and stands strong noise; median is for specks"),
    ] = "bilateral",
    noise: Annotated[float, Slider(0, 75, doc="How strong it is, in levels of 255; 0 measures it")] = 0.0,
) -> Image:
    """Denoise a picture with a filter that keeps edges.

    Denoise, which has a model, keeps more and takes longer.
    """
    import cv2

    source = image.array
    level = noise or noise_in(source)
    if method == "median":
        made = cv2.medianBlur(source, 3 if level < 25 else 5)
    elif method == "bilateral":
        made = cv2.bilateralFilter(source, -1, _ALIKE[method] * level, _REACH)
    else:
        made = cv2.fastNlMeansDenoisingColored(source, None, _ALIKE[method] * level, _ALIKE[method] * level, 7, 21)
    return image.replaced(np.asarray(made, np.uint8))


def noise_in(pixels: NDArray[np.uint8]) -> float:
    """The deviation of the noise in a picture, rows x columns x 3, in levels of 255, 0 where it is too small to tell.

    Noise is what changes in both directions at once from one pixel to the next; edges do so rarely, so half of the
    places tell it (Donoho and Johnstone, "Ideal spatial adaptation by wavelet shrinkage", 1994). Fine textures count
    as noise.
    """
    height, width = (length // 2 * 2 for length in pixels.shape[:2])
    if not height or not width:
        return 0.0
    p = pixels[:height, :width].astype(np.int16)
    across = np.abs(p[::2, ::2] - p[1::2, ::2] - p[::2, 1::2] + p[1::2, 1::2])
    return float(np.mean([_middle(across[..., color]) for color in range(3)])) / 2 / 0.6745


def _middle(steps: NDArray[np.int16]) -> float:
    """The median of whole numbers, as if each were spread evenly from half a step below it to half a step above."""
    counts = np.bincount(steps.ravel())
    below = np.concatenate(([0], np.cumsum(counts)))
    half = steps.size / 2
    at = int(np.searchsorted(below, half, "left")) - 1
    return max(0.0, float(at - 0.5 + (half - below[at]) / counts[at]))
