"""BigGAN-deep in torch's own layers, as small as one likes: what ours is held to.

Names are those of the published files. Here each picture is made by itself, weights are normalised by torch's own
spectral norm, and statistics are looked up and mixed in Python.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.nn.functional import batch_norm, interpolate, max_pool2d, relu
from torch.nn.utils import spectral_norm

KINDS, LENGTH, STATISTICS, EPSILON = 1000, 128, 51, 1e-4


def normed(layer: nn.Module) -> nn.Module:
    return spectral_norm(layer, eps=EPSILON)


class Normal(nn.Module):
    """Batch normalisation by what was counted at a truncation; scaled and shifted by the condition, or always alike."""

    running_means: torch.Tensor
    running_vars: torch.Tensor

    def __init__(self, wide: int, given: int = 0) -> None:
        super().__init__()
        self.register_buffer("running_means", torch.zeros(STATISTICS, wide))
        self.register_buffer("running_vars", torch.ones(STATISTICS, wide))
        if given:
            self.scale, self.offset = (normed(nn.Linear(given, wide, bias=False)) for _ in range(2))
        else:
            self.weight, self.bias = (nn.Parameter(torch.ones(wide)) for _ in range(2))

    def forward(self, x: Any, truncation: float, condition: Any = None) -> Any:
        place = truncation * (STATISTICS - 1)
        low = min(int(place), STATISTICS - 2)
        mean, variance = (
            torch.lerp(rows[low], rows[low + 1], place - low) for rows in (self.running_means, self.running_vars)
        )
        if condition is None:
            return batch_norm(x, mean, variance, self.weight, self.bias, eps=EPSILON)
        plain = batch_norm(x, mean, variance, eps=EPSILON)
        return plain * (1 + self.scale(condition))[..., None, None] + self.offset(condition)[..., None, None]


class Block(nn.Module):
    def __init__(self, given: int, made: int, *, larger: bool) -> None:
        super().__init__()
        self.larger, self.made = larger, made
        inner = given // 4
        widths = (given, inner, inner, inner, made)
        for place, (one, other) in enumerate(pairwise(widths)):
            side = 3 if place in (1, 2) else 1
            self.add_module(f"bn_{place}", Normal(one, 2 * LENGTH))
            self.add_module(f"conv_{place}", normed(nn.Conv2d(one, other, side, padding=side // 2)))

    def forward(self, x: Any, truncation: float, condition: Any) -> Any:
        kept, y = x[:, : self.made], x
        for place in range(4):
            y = relu(getattr(self, f"bn_{place}")(y, truncation, condition))
            if self.larger and place == 1:
                y, kept = interpolate(y, scale_factor=2), interpolate(kept, scale_factor=2)
            y = getattr(self, f"conv_{place}")(y)
        return kept + y


class Attention(nn.Module):
    snconv1x1_theta: nn.Module
    snconv1x1_phi: nn.Module
    snconv1x1_g: nn.Module
    snconv1x1_o_conv: nn.Module

    def __init__(self, wide: int) -> None:
        super().__init__()
        for part, given, made in (("theta", wide, wide // 8), ("phi", wide, wide // 8), ("g", wide, wide // 2),
                                  ("o_conv", wide // 2, wide)):  # fmt: skip
            self.add_module(f"snconv1x1_{part}", normed(nn.Conv2d(given, made, 1, bias=False)))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x: Any, _truncation: float, _condition: Any) -> Any:
        def flat(y: torch.Tensor) -> torch.Tensor:
            """n x places x channels"""
            return y.flatten(2).transpose(1, 2)

        asks = flat(self.snconv1x1_theta(x))
        answers, values = (flat(max_pool2d(part(x), 2)) for part in (self.snconv1x1_phi, self.snconv1x1_g))
        found = torch.einsum("nij,njc->nci", torch.softmax(torch.einsum("nic,njc->nij", asks, answers), -1), values)
        return x + self.gamma * self.snconv1x1_o_conv(found.unflatten(2, x.shape[2:]))


class Generator(nn.Module):
    """`widths` of what the blocks are given and of what the last one makes; attention stands before block `looks`."""

    def __init__(self, widths: tuple[int, ...], looks: int) -> None:
        super().__init__()
        self.first = widths[0]
        self.gen_z = normed(nn.Linear(2 * LENGTH, 16 * widths[0]))
        parts: list[nn.Module] = [
            Block(given, made, larger=place % 2 == 1) for place, (given, made) in enumerate(pairwise(widths))
        ]
        parts.insert(looks, Attention(widths[looks]))
        self.layers = nn.ModuleList(parts)
        self.bn = Normal(widths[-1])
        self.conv_to_rgb = normed(nn.Conv2d(widths[-1], widths[-1], 3, padding=1))

    def forward(self, condition: Any, truncation: float) -> Any:
        x = self.gen_z(condition).reshape(-1, 4, 4, self.first).permute(0, 3, 1, 2)
        for part in self.layers:
            x = part(x, truncation, condition)
        return torch.tanh(self.conv_to_rgb(relu(self.bn(x, truncation)))[:, :3])


class BigGan(nn.Module):
    def __init__(self, widths: tuple[int, ...] = (32, 32, 16, 16, 8), looks: int = 3) -> None:
        super().__init__()
        self.embeddings = nn.Linear(KINDS, LENGTH, bias=False)
        self.generator = Generator(widths, looks)

    def forward(self, latent: Any, mix: Any, truncation: float) -> Any:
        return self.generator(torch.cat([latent, self.embeddings(mix)], 1), truncation)


def shaken_gan(**how: Any) -> BigGan:
    """With numbers at random wherever training begins with zeros and ones."""
    torch.manual_seed(0)
    net = BigGan(**how)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if name.endswith("running_vars"):
                value.uniform_(0.5, 2)
            elif name.endswith(("running_means", ".bias")):
                value.normal_(0, 0.2)
            elif name.endswith(("gamma", "bn.weight")):
                value.uniform_(0.5, 1.5)
        net(torch.randn(1, LENGTH), torch.eye(KINDS)[:1], 1.0)  # while it trains, each call finds the norms nearer
    return net.eval()
