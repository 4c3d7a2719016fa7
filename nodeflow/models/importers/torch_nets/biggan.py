"""The generator of BigGAN-deep, at any of its sizes: numbers at random and a kind of thing become a picture of it.

Blocks of four convolutions, every other of which doubles the picture; what they normalise by depends on the kind and on
the numbers. One layer of attention lets far parts of a picture know of one another. After Brock et al., "Large Scale
GAN Training for High Fidelity Natural Image Synthesis", 2019 (appendix B), and Zhang et al., "Self-Attention Generative
Adversarial Networks", 2019; names as in pytorch-pretrained-BigGAN. How wide and how long it is, its weights tell.

Means and variances that it normalises by were counted at 51 truncations from 0 to 1. Between two of them they are
mixed here in proportion; the package weighs them the other way round, which is the same at the 51 themselves.

Weights are spectrally normalised: the file holds them as they were learned, with the two vectors that show their norm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.net_ops import twice_as_large
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Array, Weights

from .layers import scale_and_shift

if TYPE_CHECKING:
    import onnx

_FIRST = 4
"""The side of the square that the first block is given."""

_MOST_BLOCKS, _MOST_WIDE, _MOST_KINDS, _MOST_STATISTICS = 16, 2048, 10_000, 1001
_EPSILON = 1e-4


def biggan_deep(weights: Weights) -> onnx.ModelProto:
    """Takes "latent", n x 128, normally distributed, "kinds", n x 1000, how much of each, and "truncation", n, 0 to 1;
    gives "image", n x 3 x side x side, -1 to 1."""
    length, kinds = weights.shape("embeddings.weight")
    if not (1 <= length <= _MOST_WIDE and 2 <= kinds <= _MOST_KINDS):
        raise Unsupported(f"it has {kinds} kinds of {length} numbers each")
    net = _Net(weights, 2 * length)
    graph = net.graph
    latent = graph.input("latent", np.float32, ("n", length))
    mix = graph.input("kinds", np.float32, ("n", kinds))
    net.at(graph.input("truncation", np.float32, ("n",)))
    embedded = graph.add("MatMul", mix, np.ascontiguousarray(weights.take("embeddings.weight", length, kinds).T))
    net.condition = graph.add("Concat", latent, embedded, axis=1)
    x, wide = net.first()
    places, block = net.places(), 0
    for place in range(places):
        name = f"generator.layers.{place}"
        if f"{name}.gamma" in weights:
            x = net.attention(x, name, wide)
        else:
            x, wide = net.block(x, name, wide, larger=block % 2 == 1)
            block += 1
    x = graph.add("Relu", net.last_normal(x, wide))
    image = net.conv(x, "generator.conv_to_rgb", wide, wide, 3, kept=3)  # the others were never looked at
    graph.output("image", graph.add("Tanh", image))
    weights.require_all_used()
    return graph.finish()


class _Net:
    """The graph, and what all of its blocks depend on: `condition`, n x 256, and the truncation."""

    def __init__(self, weights: Weights, given: int) -> None:
        self.graph = OnnxGraph("biggan-deep")
        self.condition = ""
        self._given = given
        self._weights = weights
        self._low = self._high = self._near = self._far = ""

    def at(self, truncation: str) -> None:
        """Which two of the counted truncations this one lies between, and how near it is to each."""
        add = self.graph.add
        counted, _ = self._weights.shape("generator.bn.running_means")
        if not 2 <= counted <= _MOST_STATISTICS:
            raise Unsupported(f"it has statistics of {counted} truncations")
        self._counted = counted
        last = np.float32(counted - 1)
        place = add("Clip", add("Mul", truncation, last), np.float32(0), last)
        whole = add("Min", add("Floor", place), np.float32(counted - 2))
        self._far = add("Unsqueeze", add("Sub", place, whole), int64(1))
        self._near = add("Sub", np.float32(1), self._far)
        self._low = self.graph.cast(whole, np.int64)  # type: ignore[assignment]
        self._high = add("Add", self._low, np.int64(1))

    def places(self) -> int:
        """How many blocks and layers of attention follow one another."""
        for place in range(_MOST_BLOCKS + 1):
            if not any(f"generator.layers.{place}.{part}" in self._weights for part in ("gamma", "conv_0.bias")):
                return place
        raise Unsupported(f"it has more than {_MOST_BLOCKS} layers")

    def first(self) -> tuple[str, int]:
        """A square of 4x4, channels last in the file, and how many channels it has."""
        made, _ = self._weights.shape("generator.gen_z.weight_orig")
        wide = made // _FIRST**2
        if not 1 <= wide <= _MOST_WIDE:
            raise Unsupported(f"its first layer gives {made} numbers")
        weight, bias = self._weight("generator.gen_z", made, self._given), self._bias("generator.gen_z", made)
        x = self.graph.add("Gemm", self.condition, weight, bias, transB=1)
        x = self.graph.add("Reshape", x, int64(-1, _FIRST, _FIRST, wide))
        return self.graph.add("Transpose", x, perm=[0, 3, 1, 2]), wide

    def block(self, x: str, name: str, given: int, *, larger: bool) -> tuple[str, int]:
        """What four convolutions change, added to what went in; of that, as many channels as there still are."""
        inner = given // 4
        made = self._weights.shape(f"{name}.conv_3.bias")[0]
        if made not in (given, given // 2):
            raise Unsupported(f"{name!r} makes {made} channels of {given}")
        y = self.conv(self._bent(x, f"{name}.bn_0", given), f"{name}.conv_0", given, inner, 1)
        y = self._bent(y, f"{name}.bn_1", inner)
        y = self.conv(twice_as_large(self.graph, y) if larger else y, f"{name}.conv_1", inner, inner, 3)
        y = self.conv(self._bent(y, f"{name}.bn_2", inner), f"{name}.conv_2", inner, inner, 3)
        y = self.conv(self._bent(y, f"{name}.bn_3", inner), f"{name}.conv_3", inner, made, 1)
        if made != given:
            x = self.graph.add("Slice", x, int64(0), int64(made), int64(1))
        return self.graph.add("Add", y, twice_as_large(self.graph, x) if larger else x), made

    def attention(self, x: str, name: str, wide: int) -> str:
        """Each place looks at all places of the picture at half its size, and adds what it finds there."""
        add, few, half = self.graph.add, wide // 8, wide // 2

        def seen(part: str, made: int, *, small: bool) -> str:
            y = add("Conv", x, self._weight(f"{name}.snconv1x1_{part}", made, wide, 1, 1), kernel_shape=[1, 1])
            y = add("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2]) if small else y
            return add("Reshape", y, int64(0, made, -1))

        asks = add("Transpose", seen("theta", few, small=False), perm=[0, 2, 1])
        looks = add("Softmax", add("MatMul", asks, seen("phi", few, small=True)), axis=-1)
        found = add("MatMul", seen("g", half, small=True), add("Transpose", looks, perm=[0, 2, 1]))
        shape = add("Concat", int64(0, half), add("Slice", add("Shape", x), int64(2), int64(4)), axis=0)
        weight = self._weight(f"{name}.snconv1x1_o_conv", wide, half, 1, 1) * self._weights.take(f"{name}.gamma", 1)
        return add("Add", x, add("Conv", add("Reshape", found, shape), weight, kernel_shape=[1, 1]))

    def last_normal(self, x: str, wide: int) -> str:
        """The one normalisation that is the same for all kinds."""
        return self._normal(x, "generator.bn", wide, *scale_and_shift(self._weights, "generator.bn", wide))

    def conv(self, x: str, name: str, given: int, made: int, kernel: int, *, kept: int | None = None) -> str:
        """A convolution that keeps the size of the picture; of what it gives, the first `kept` channels."""
        weight, bias = self._weight(name, made, given, kernel, kernel)[:kept], self._bias(name, made)[:kept]
        return self.graph.add("Conv", x, weight, bias, kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4)

    def _bent(self, x: str, name: str, wide: int) -> str:
        """Normalised as the kind and the latent say, and what is negative cut off."""
        scale = self.graph.add("Add", self._of_condition(f"{name}.scale", wide), np.float32(1))
        return self.graph.add("Relu", self._normal(x, name, wide, scale, self._of_condition(f"{name}.offset", wide)))

    def _of_condition(self, name: str, wide: int) -> str:
        weight = self._weight(name, wide, self._given)
        return self.graph.add("MatMul", self.condition, np.ascontiguousarray(weight.T))

    def _normal(self, x: str, name: str, wide: int, scale: str | Array, shift: str | Array) -> str:
        """(x - mean) / deviation * scale + shift, as one product and one sum."""
        add = self.graph.add
        mean, variance = self._counted_at(f"{name}.running_means", wide), self._counted_at(f"{name}.running_vars", wide)
        factor = add("Div", scale, add("Sqrt", add("Add", variance, np.float32(_EPSILON))))
        rest = add("Sub", shift, add("Mul", mean, factor))
        shape = int64(-1, wide, 1, 1)
        return add("Add", add("Mul", x, add("Reshape", factor, shape)), add("Reshape", rest, shape))

    def _counted_at(self, name: str, wide: int) -> str:
        """A row of what was counted, of the truncation at hand."""
        add, rows = self.graph.add, self._weights.take(name, self._counted, wide)
        below = add("Mul", add("Gather", rows, self._low), self._near)
        return add("Add", below, add("Mul", add("Gather", rows, self._high), self._far))

    def _weight(self, name: str, *shape: int) -> Array:
        """Weights divided by their spectral norm: left . weights . right, the vectors that lie beside them."""
        weight = self._weights.take(f"{name}.weight_orig", *shape)
        rows = weight.reshape(shape[0], -1)
        left, right = (
            self._weights.take(f"{name}.weight_{part}", length) for part, length in zip("uv", rows.shape, strict=True)
        )
        norm = float(left @ (rows @ right))
        if not norm > 0:
            raise Unsupported(f"{name!r} has the spectral norm {norm}")
        return np.asarray(weight / np.float32(norm), np.float32)

    def _bias(self, name: str, made: int) -> Array:
        return self._weights.take(f"{name}.bias", made)
