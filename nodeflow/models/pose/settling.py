"""Points that a network gives, settled by the heatmaps that it gives with them: on the host, and on a device.

A point moves to the centre of mass of its heatmap near it. After MediaPipe's RefineLandmarksFromHeatmapCalculator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.answers import in_order

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float32]

_STEPS = np.arange(-3, 4)
"""Cells of a heatmap, to each side of a point, that have a say in where it is."""
_NEAR = np.stack(np.meshgrid(_STEPS, _STEPS), -1).reshape(-1, 2)
"""Those cells, row after row: columns and rows from the point."""
_MIDDLE = len(_NEAR) // 2
_MOMENTS = np.hstack((np.ones((len(_NEAR), 1)), _NEAR)).astype(np.float32)
"""What the weight of each of those cells is multiplied by: 1, its column and its row."""
_LEAST = 1e-9


def settle(points: Floats, heatmaps: Floats, threshold: float) -> Floats:
    """Move points to the centre of mass of their heatmaps near them.

    `points` Kx2 in parts of the square, `heatmaps` HxWxC logits with C >= K. A point stays where it is if it lies
    outside, or if its heatmap nowhere near it reaches `threshold`.
    """
    height, width = heatmaps.shape[:2]
    cells = np.array((width, height), np.float32)
    at = (points * cells).astype(np.int64)
    near = at[:, :, None] + _STEPS
    there = near.clip(0, ((width - 1,), (height - 1,)))
    which = np.arange(len(points))[:, None, None]
    weight = 1 / (1 + np.exp(-heatmaps[there[:, 1, :, None], there[:, 0, None, :], which]))
    if (outside := near != there).any():
        weight[outside[:, 1, :, None] | outside[:, 0, None, :]] = 0
    weight = weight.reshape(len(points), -1)
    moments = np.einsum("kn,nm->km", weight, _MOMENTS)
    mean = at + moments[:, 1:] / np.maximum(moments[:, :1], _LEAST)
    sure = (weight.max(axis=1) >= threshold) & ((at >= 0) & (at < cells)).all(axis=1)
    settled: Floats = np.where(sure[:, None], mean / cells, points).astype(np.float32)
    return settled


class DeviceSettle:
    """The same on tensors, where they are. For one stream: what it needs of numbers is made at the first call."""

    def __init__(self) -> None:
        self._there: dict[tuple[torch.device, torch.Size, int], tuple[torch.Tensor, ...]] = {}

    def __call__(self, points: torch.Tensor, heatmaps: torch.Tensor, threshold: float) -> torch.Tensor:
        """As `settle`, with tensors of its shapes."""
        cells, last, strides, which, near, moment = self._numbers(heatmaps, len(points))
        at = (points * cells).long()
        asked = at[:, None] + near
        found = asked.clamp_min(0).minimum(last)
        outside = (asked != found).any(dim=2)
        places = (found * strides).sum(dim=2) + which
        weight = heatmaps.flatten().index_select(0, places.flatten()).view(outside.shape).sigmoid()
        weight = weight.masked_fill(outside, 0)
        moments = (weight[..., None] * moment).sum(dim=1)
        mean = at + moments[:, 1:] / moments[:, :1].clamp_min(_LEAST)
        sure = (weight.amax(dim=1) >= threshold) & ~outside[:, _MIDDLE]
        return (mean / cells).where(sure[:, None], points)

    def _numbers(self, heatmaps: torch.Tensor, count: int) -> tuple[torch.Tensor, ...]:
        """Of heatmaps of this shape: how many columns and rows they have, the last of each, how far it is from one to
        the next in memory, the number of each point's own; of the cells near a point: where they are, and what their
        weight is multiplied by."""
        key = heatmaps.device, heatmaps.shape, count
        if key not in self._there:
            import torch

            height, width, deep = heatmaps.shape
            numbers = (
                np.array((width, height), np.float32),
                np.array((width - 1, height - 1)),
                np.array((deep, width * deep)),
                np.arange(count)[:, None],
                _NEAR,
                _MOMENTS,
            )
            self._there[key] = tuple(torch.from_numpy(each).to(heatmaps.device) for each in numbers)
        return self._there[key]


class Settled:
    """A `Reading` of a landmark network, which gives points, presence, heatmaps and places in space in this order.

    What is read: the first points, settled, float32 Nx2 in pixels of the square; all points with their other numbers
    as the network gives them, float32 Kx5; presence, float32 1x1; places in space, float32 Kx3.
    """

    def __init__(self, points: int, settled: int, size: int, threshold: float) -> None:
        """The network gives so many points, of which the first are settled; its square is `size` wide and high."""
        self._points, self._settled = points, settled
        self._size, self._threshold = size, threshold
        self._settle_there = DeviceSettle()

    def on_host(self, outputs: Sequence[Any]) -> Sequence[Any]:
        flat, presence, heatmaps, places = in_order(
            outputs, points=5 * self._points, presence=1, heatmaps=None, places=3 * self._points
        )
        points = flat.reshape(-1, 5)
        settled = settle(points[: self._settled, :2] / self._size, heatmaps[0], self._threshold)
        return settled * self._size, points, presence.reshape(1, 1), places.reshape(-1, 3)

    def on_device(self, outputs: Sequence[torch.Tensor]) -> Sequence[torch.Tensor]:
        flat, presence, heatmaps, places = outputs
        points = flat.view(-1, 5)
        settled = self._settle_there(points[: self._settled, :2] / self._size, heatmaps[0], self._threshold)
        return settled * self._size, points, presence.view(1, 1), places.view(-1, 3)
