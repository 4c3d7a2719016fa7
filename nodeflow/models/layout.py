"""Tensors one after the other in one piece of memory, so that a single copy brings them all to the host.

layout = Layout({"boxes": ((1, 100, 4), "float32"), "labels": ((1, 100), "int64")})
block = torch.zeros(layout.size, dtype=torch.uint8, device="cuda:0")
boxes = layout.tensors(block)["boxes"]                  # parts of the block: what is written there stands in it
boxes = layout.arrays(on_host.copy_(block).numpy())["boxes"]
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Shapes = Mapping[str, tuple[tuple[int, ...], str]]
"""Shapes and types, as numpy and torch both name them."""

_STEP = 256
"""Bytes from one place where a tensor may begin to the next. It is CUDA's own, on which fast kernels count."""


class Layout:
    """Where tensors of these shapes lie. `size` is what they need together, in bytes."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._spans: dict[str, slice] = {}
        begin = 0
        for name, (shape, dtype) in shapes.items():
            self._spans[name] = slice(begin, begin + prod(shape) * np.dtype(dtype).itemsize)
            begin = -(-self._spans[name].stop // _STEP) * _STEP
        self.size = begin

    def tensors(self, block: torch.Tensor) -> dict[str, torch.Tensor]:
        """Those that lie in a block of uint8."""
        import torch

        return {
            name: block[self._spans[name]].view(getattr(torch, dtype)).view(shape)
            for name, (shape, dtype) in self._shapes.items()
        }

    def arrays(self, block: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """Those that lie in a block of uint8."""
        return {
            name: block[self._spans[name]].view(dtype).reshape(shape) for name, (shape, dtype) in self._shapes.items()
        }
