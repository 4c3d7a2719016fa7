"""Pictures changed where they are: what OpenCV does on the host, in torch, on any device.

Pictures are uint8 tensors 3xHxW as `Image.tensor` gives them. `resampled` and `sampled` give float32 3xhxw with levels
0..255, for networks; the others give pictures. Nothing here makes the host wait: sizes and affines come from Python
numbers, and no value is read back.

Each mirrors an OpenCV 5 call, and on the CPU its levels differ from that one's by at most 1, for rounding (a blur's by
2). tests/values/test_device_pixels.py holds them to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nodeflow.values.frame import Affine

if TYPE_CHECKING:
    import torch


def to_bytes(levels: torch.Tensor) -> torch.Tensor:
    """Levels rounded to the nearest of 0..255, ties to even as OpenCV does, as uint8."""
    import torch

    return levels.round().clamp(0, 255).to(torch.uint8)


LUMA = (0.299, 0.587, 0.114)
"""How much red, green and blue add to grey (ITU-R BT.601), as OpenCV has it."""


def grey(levels: torch.Tensor) -> torch.Tensor:
    """Float levels 3xHxW as whole levels of grey, 1xHxW."""
    red, green, blue = levels[:1], levels[1:2], levels[2:]
    return (red * LUMA[0] + green * LUMA[1] + blue * LUMA[2]).round()


def scaled(levels: torch.Tensor, scale: float | Sequence[float], shift: float | Sequence[float]) -> torch.Tensor:
    """Float levels CxHxW times `scale` plus `shift`, in place: one number for all channels, or one for each.

    They stay numbers: a tensor of them would be uploaded first, and the host would wait for that.
    """
    if isinstance(scale, Sequence) or isinstance(shift, Sequence):
        for place, channel in enumerate(levels):
            factor = scale[place] if isinstance(scale, Sequence) else scale
            channel.mul_(factor).add_(shift[place] if isinstance(shift, Sequence) else shift)
        return levels
    return levels.mul_(scale).add_(shift)


def resampled(pixels: torch.Tensor, width: int, height: int) -> torch.Tensor:
    """A picture at another size, float32: averaged along an axis that shrinks, bilinear along one that grows.

    As `cv2.resize` with INTER_AREA and INTER_LINEAR. Each axis is one product with a matrix of weights: torch's own
    "area" rounds its windows to whole pixels, and its antialiasing is a wider filter.
    """
    levels = pixels.float()
    if height != pixels.shape[1]:
        levels = _weights(pixels.shape[1], height, pixels.device) @ levels
    if width != pixels.shape[2]:
        levels = levels @ _weights(pixels.shape[2], width, pixels.device).T
    return levels


def _weights(old: int, new: int, device: torch.device) -> torch.Tensor:
    """How much of each old pixel goes into each new one, float32 new x old; rows sum to 1."""
    import torch

    scale = old / new
    to = torch.arange(new, dtype=torch.float32, device=device)[:, None]
    source = torch.arange(old, dtype=torch.float32, device=device)
    if scale > 1:
        covered = torch.minimum((to + 1) * scale, source + 1) - torch.maximum(to * scale, source)
        return covered.clamp(min=0) / scale
    centre = ((to + 0.5) * scale - 0.5).clamp(0, old - 1)
    return (1 - (source - centre).abs()).clamp(min=0)


def sampled(
    pixels: torch.Tensor, affine: Sequence[torch.Tensor | float], width: int, height: int, *, extend: bool = False
) -> torch.Tensor:
    """A picture, float32, whose pixel p shows what stands at `affine`(p); coordinates count from pixel centres.

    Bilinear. Outside it is black, or with `extend` the picture's edge goes on. As `cv2.warpAffine` with
    WARP_INVERSE_MAP. The six numbers may be float32 tensors of no dimension: the host does not look at them.
    """
    import torch
    from torch.nn.functional import grid_sample

    a, b, c, d, e, f = affine
    x = torch.arange(width, dtype=torch.float32, device=pixels.device)
    y = torch.arange(height, dtype=torch.float32, device=pixels.device)[:, None]
    # grid_sample counts from edge to edge, -1..1.
    across = (a * x + b * y + (c + 0.5)) * (2 / pixels.shape[2]) - 1
    down = (d * x + e * y + (f + 0.5)) * (2 / pixels.shape[1]) - 1
    grid = torch.stack((across, down), dim=-1)[None]
    outside = "border" if extend else "zeros"
    return grid_sample(pixels.float()[None], grid, mode="bilinear", padding_mode=outside, align_corners=False)[0]


def resized(pixels: torch.Tensor, width: int, height: int) -> torch.Tensor:
    """A picture scaled to another size, as `Image.resized` does on the host."""
    return to_bytes(resampled(pixels, width, height))


def warped(pixels: torch.Tensor, to_here: Affine, width: int, height: int) -> torch.Tensor:
    """A picture whose point p shows what stands at `to_here`(p), black outside; edge-based, as `Image.warped`."""
    return to_bytes(sampled(pixels, from_centres(to_here), width, height))


def from_centres(edge_based: Affine) -> Affine:
    """The same map between coordinates that count from pixel centres instead of the picture's edges."""
    a, b, c, d, e, f = edge_based
    return (a, b, a / 2 + b / 2 + c - 0.5, d, e, d / 2 + e / 2 + f - 0.5)


def blurred(pixels: torch.Tensor, sigma: float) -> torch.Tensor:
    """A picture softened by a Gaussian of `sigma` > 0 pixels, mirrored at its edges.

    As `cv2.GaussianBlur` on bytes: the kernel reaches 3 sigma to each side. Levels differ by at most 2, since OpenCV
    rounds its kernel to 1/256; by more on pictures smaller than the kernel.
    """
    import torch
    from torch.nn.functional import conv2d

    reach = blur_reach(sigma)
    steps = torch.arange(-reach, reach + 1, dtype=torch.float32, device=pixels.device)
    kernel = torch.exp(-(steps**2) / (2 * sigma * sigma))
    kernel = kernel / kernel.sum()
    levels = pixels.float()[:, None]
    for axis, shape in ((2, (1, 1, -1, 1)), (3, (1, 1, 1, -1))):
        around = _mirrored(levels.shape[axis], reach, pixels.device)
        levels = conv2d(levels.index_select(axis, around), kernel.view(shape))
    return to_bytes(levels[:, 0])


def blur_reach(sigma: float) -> int:
    """How many pixels to each side have a say in a blurred one, as OpenCV has it for bytes."""
    return int(round(sigma * 6 + 1) | 1) // 2


def _mirrored(length: int, reach: int, device: torch.device) -> torch.Tensor:
    """Indices of `length` pixels and `reach` more to each side, mirrored about the outermost pixels' centres."""
    import torch

    index = torch.arange(-reach, length + reach, device=device)
    if length == 1:
        return index * 0
    period = 2 * (length - 1)
    index = index % period
    return torch.minimum(index, period - index)
