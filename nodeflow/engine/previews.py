"""Pictures of what passes: for each watched node, the last thing it gave, shrunk on the thread that made it.

A picture is made at most 30 times a second for a node, so watching costs little however fast the graph runs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.engine.messages import Preview
from nodeflow.engine.packets import Failed
from nodeflow.node import Nothing
from nodeflow.values import Image, Mask, summary

log = logging.getLogger(__name__)

_PERIOD = 1 / 30


class Previews:
    """The watched nodes and their last pictures. `show` runs on worker threads, one call at a time for a node."""

    def __init__(self) -> None:
        self.sides: Mapping[str, int] = {}
        self.latest: dict[str, Preview] = {}
        self._shown: dict[str, float] = {}

    def due(self, node: str) -> bool:
        """Whether `node` is watched and its last picture is old enough."""
        return node in self.sides and time.perf_counter() - self._shown.get(node, 0.0) >= _PERIOD

    def show(self, node: str, frame: int, values: tuple[Any, ...]) -> None:
        """Keep a picture of the first of `values` that can be shown. Never raises: a picture is not worth a run."""
        try:
            self._show(node, frame, values)
        except Exception:
            log.exception("no picture could be made of what %r gave", node)

    def _show(self, node: str, frame: int, values: tuple[Any, ...]) -> None:
        value = next((v for v in values if isinstance(v, Image | Mask)), next(iter(values), None))
        if value is None or isinstance(value, Nothing | Failed):
            return
        self._shown[node] = time.perf_counter()
        before = self.latest.get(node)
        serial = before.serial + 1 if before else 1
        if isinstance(value, Image | Mask):
            picture = shrink(value, self.sides.get(node, 256))
            size = value.frame.size
            self.latest[node] = Preview(serial, frame, picture, *size, text=summary(value))
        else:
            self.latest[node] = Preview(serial, frame, None, text=summary(value))

    def keep_only(self, known: frozenset[str]) -> None:
        """Drop the pictures of nodes that are gone."""
        for node in self.latest.keys() - known:
            del self.latest[node]


def shrink(value: Image | Mask, side: int) -> NDArray[np.uint8]:
    """RGB uint8 HxWx3 whose longer side is at most `side` pixels."""
    import cv2

    if isinstance(value, Image):
        pixels = value.array
    else:
        grey = np.clip(value.weight * 255 + 0.5, 0, 255).astype(np.uint8)
        pixels = np.repeat(grey[:, :, None], 3, axis=2)
    height, width = pixels.shape[:2]
    scale = side / max(width, height)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Area averaging is slow at large ratios; halving by strides first keeps it under a millisecond at 1080p.
    step = max(1, int(1 / scale) // 2)
    return np.asarray(cv2.resize(pixels[::step, ::step], size, interpolation=cv2.INTER_AREA), np.uint8)
