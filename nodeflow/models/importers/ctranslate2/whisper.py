"""Whisper: an encoder that hears half a minute, and a decoder that writes down what was said, word piece by word piece.

Both are transformers that normalise before each step. The encoder's network also prepares, once for each sound, what
the decoder's layers look at in it; the decoder's takes the keys and values of the pieces written so far and gives them
back longer, so that each piece is computed once. After Radford et al., "Robust Speech Recognition via Large-Scale Weak
Supervision", 2022; names as CTranslate2 gives them. How many layers, heads and how wide is read from the file.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.net_ops import gelu, layer_norm
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Weights

from .reader import Packed

if TYPE_CHECKING:
    import onnx

FRAMES = 3000
"""Of 10 ms each: what the encoder hears."""
_BANDS = 80
_EPSILON = 1e-5
_FAR = np.float32(-1e9)


def whisper_encoder(packed: Packed) -> onnx.ModelProto:
    """Takes "mel", 1 x 80 x 3000; gives "keys", layers x heads x width x 1500, and "values", layers x heads x 1500 x
    width, for the decoder's layers."""
    sizes = _sizes(packed)
    looked_at = {f"decoder/layer_{n}/attention/linear_1/" for n in range(sizes.written_layers)}
    net = _Net("whisper-encoder", packed, sizes, ("encoder/", *looked_at))
    graph = net.graph
    x = graph.input("mel", np.float32, (1, _BANDS, FRAMES))
    x = gelu(graph, net.conv(x, "encoder/conv1", _BANDS, stride=1))
    x = gelu(graph, net.conv(x, "encoder/conv2", sizes.width, stride=2))
    x = graph.add("Reshape", graph.add("Transpose", x, perm=[0, 2, 1]), int64(FRAMES // 2, sizes.width))
    places = net.weights.take("encoder/position_encodings/encodings", FRAMES // 2, sizes.width)
    x = graph.add("Add", x, places)
    for number in range(sizes.heard_layers):
        name = f"encoder/layer_{number}"
        query, key, value = net.parts(
            net.normal(x, f"{name}/self_attention/layer_norm"), f"{name}/self_attention/linear_0", 3
        )
        seen = net.attend(query, graph.add("Transpose", key, perm=[0, 2, 1]), value)
        x = graph.add("Add", x, net.linear(seen, f"{name}/self_attention/linear_1"))
        x = net.thought(x, name)
    x = net.normal(x, "encoder/layer_norm")
    keys, values = [], []
    for number in range(sizes.written_layers):
        key, value = net.parts(x, f"decoder/layer_{number}/attention/linear_1", 2)
        keys.append(graph.add("Unsqueeze", graph.add("Transpose", key, perm=[0, 2, 1]), int64(0)))
        values.append(graph.add("Unsqueeze", value, int64(0)))
    graph.output("keys", graph.add("Concat", *keys, axis=0))
    graph.output("values", graph.add("Concat", *values, axis=0))
    net.weights.require_all_used()
    return graph.finish()


def whisper_decoder(packed: Packed) -> onnx.ModelProto:
    """Takes "pieces", int64 n, the last ones; "keys" and "values" of the p before, layers x heads x p x width; and
    "heard_keys" and "heard_values" by the encoder. Gives "logits", n x how many pieces there are, and "new_keys" and
    "new_values" of all p + n.
    """
    sizes = _sizes(packed)
    net = _Net("whisper-decoder", packed, sizes, ("decoder/",))
    graph = net.graph
    layers, heads, part = sizes.written_layers, sizes.heads, sizes.width // sizes.heads
    pieces = graph.input("pieces", np.int64, ("n",))
    keys, values = (graph.input(name, np.float32, (layers, heads, "p", part)) for name in ("keys", "values"))
    heard_keys = graph.input("heard_keys", np.float32, (layers, heads, part, FRAMES // 2))
    heard_values = graph.input("heard_values", np.float32, (layers, heads, FRAMES // 2, part))
    before = graph.add("Slice", graph.add("Shape", keys), int64(2), int64(3))
    total = graph.add("Add", before, graph.add("Shape", pieces))
    table = net.weights.take("decoder/embeddings/weight", sizes.pieces, sizes.width)
    places = net.weights.take("decoder/position_encodings/encodings", sizes.most, sizes.width)
    x = graph.add("Add", graph.add("Gather", table, pieces), graph.add("Slice", places, before, total, int64(0)))
    mask = _mask(graph, before, total)
    made: list[tuple[str, str]] = []
    for number in range(layers):
        name = f"decoder/layer_{number}"
        query, key, value = net.parts(
            net.normal(x, f"{name}/self_attention/layer_norm"), f"{name}/self_attention/linear_0", 3
        )
        key = graph.add("Concat", graph.add("Gather", keys, np.int64(number)), key, axis=1)
        value = graph.add("Concat", graph.add("Gather", values, np.int64(number)), value, axis=1)
        made.append((key, value))
        seen = net.attend(query, graph.add("Transpose", key, perm=[0, 2, 1]), value, mask)
        x = graph.add("Add", x, net.linear(seen, f"{name}/self_attention/linear_1"))
        (query,) = net.parts(net.normal(x, f"{name}/attention/layer_norm"), f"{name}/attention/linear_0", 1)
        heard = (graph.add("Gather", each, np.int64(number)) for each in (heard_keys, heard_values))
        x = graph.add("Add", x, net.linear(net.attend(query, *heard), f"{name}/attention/linear_2"))
        net.leave(f"{name}/attention/linear_1")
        x = net.thought(x, name)
    graph.output("logits", graph.add("Gemm", net.normal(x, "decoder/layer_norm"), table, transB=1))
    for name, each in (("new_keys", 0), ("new_values", 1)):
        graph.output(
            name, graph.add("Concat", *(graph.add("Unsqueeze", pair[each], int64(0)) for pair in made), axis=0)
        )
    net.weights.require_all_used()
    return graph.finish()


class _Sizes(NamedTuple):
    width: int
    heads: int
    heard_layers: int
    written_layers: int
    pieces: int
    most: int


def _sizes(packed: Packed) -> _Sizes:
    if packed.form != "WhisperSpec":
        raise Unsupported(f"it is a {packed.form}, not a WhisperSpec")

    def layers(side: str) -> int:
        return len(
            {name.split("/")[1] for name in packed.weights if name.startswith(f"{side}/layer_") and name.count("/") > 2}
        )

    pieces, width = packed.weights["decoder/embeddings/weight"].shape
    heads = packed.settings["encoder/num_heads"]
    if heads < 1 or width % heads or packed.settings["decoder/num_heads"] != heads:
        raise Unsupported(f"{heads} heads do not share a width of {width}")
    most = len(packed.weights["decoder/position_encodings/encodings"])
    return _Sizes(width, heads, layers("encoder"), layers("decoder"), pieces, most)


def _mask(graph: OnnxGraph, before: str, total: str) -> str:
    """0 where a piece may look at another, which is not behind it, and far below 0 elsewhere; n x (p + n)."""
    start, end = (graph.add("Squeeze", each, int64(0)) for each in (before, total))
    looking = graph.add("Unsqueeze", graph.add("Range", start, end, np.int64(1)), int64(1))
    looked_at = graph.add("Range", np.int64(0), end, np.int64(1))
    return graph.add("Where", graph.add("LessOrEqual", looked_at, looking), np.float32(0), _FAR)


class _Net:
    """The steps that both networks are made of."""

    def __init__(self, name: str, packed: Packed, sizes: _Sizes, mine: tuple[str, ...]) -> None:
        """`mine` are the beginnings of the names that belong to this network."""
        self.graph = OnnxGraph(name)
        self.weights = Weights({each: array for each, array in packed.weights.items() if each.startswith(mine)})
        self._sizes = sizes

    def conv(self, x: str, name: str, given: int, stride: int) -> str:
        width = self._sizes.width
        weight, bias = self.weights.take(f"{name}/weight", width, given, 3), self.weights.take(f"{name}/bias", width)
        return self.graph.add("Conv", x, weight, bias, kernel_shape=[3], strides=[stride], pads=[1, 1])

    def parts(self, x: str, name: str, count: int) -> list[str]:
        """One product cut into `count` parts, each heads x n x width of a head."""
        width, heads = self._sizes.width, self._sizes.heads
        product = self.linear(x, name, width, count * width)
        cut = (
            self.graph.add_many("Split", product, outputs=count, axis=1, num_outputs=count) if count > 1 else [product]
        )
        split = (self.graph.add("Reshape", each, int64(0, heads, width // heads)) for each in cut)
        return [self.graph.add("Transpose", each, perm=[1, 0, 2]) for each in split]

    def attend(self, query: str, key: str, value: str, mask: str | None = None) -> str:
        """What each piece sees of the values, n x width; `key` is turned already."""
        add, width = self.graph.add, self._sizes.width
        alike = add("Mul", add("MatMul", query, key), np.float32(math.sqrt(self._sizes.heads / width)))
        alike = alike if mask is None else add("Add", alike, mask)
        seen = add("MatMul", add("Softmax", alike, axis=-1), value)
        return add("Reshape", add("Transpose", seen, perm=[1, 0, 2]), int64(0, width))

    def thought(self, x: str, name: str) -> str:
        """Each piece by itself; what comes out is added to what went in."""
        width = self._sizes.width
        inner = self.linear(self.normal(x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0", width, 4 * width)
        inner = gelu(self.graph, inner)
        return self.graph.add("Add", x, self.linear(inner, f"{name}/ffn/linear_1", 4 * width, width))

    def linear(self, x: str, name: str, given: int = 0, made: int = 0) -> str:
        given, made = given or self._sizes.width, made or self._sizes.width
        weight = self.weights.take(f"{name}/weight", made, given)
        return self.graph.add("Gemm", x, weight, self.weights.take(f"{name}/bias", made), transB=1)

    def normal(self, x: str, name: str) -> str:
        scale, shift = (self.weights.take(f"{name}/{part}", self._sizes.width) for part in ("gamma", "beta"))
        return layer_norm(self.graph, x, scale, shift, _EPSILON)

    def leave(self, name: str) -> None:
        """What the other network uses of this one's."""
        self.weights.leave(f"{name}/weight", f"{name}/bias")
