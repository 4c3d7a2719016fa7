"""MiniLM-L6: a small BERT that gives one vector for a whole text.

Word pieces become vectors, which look at one another through six layers of attention; their mean, of length 1, stands
for the text. After Devlin et al., "BERT", 2018, Wang et al., "MiniLM", 2020, and Reimers and Gurevych, "Sentence-BERT",
2019; names as in sentence-transformers/all-MiniLM-L6-v2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nodeflow.models.importers.net_ops import gelu, layer_norm
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.models.importers.weights import Weights

from .layers import scale_and_shift

if TYPE_CHECKING:
    import onnx

_WORDS, _PLACES, _WIDTH, _INNER, _HEADS, _LAYERS = 30522, 512, 384, 1536, 12, 6
_EPSILON = 1e-12


def minilm_l6(weights: Weights) -> onnx.ModelProto:
    """Takes "pieces", int64 1 x n, at most 512 of them; gives "embedding", 1 x 384, of length 1."""
    net = _Net(weights)
    graph = net.graph
    pieces = graph.input("pieces", np.int64, (1, "n"))
    count = graph.add("Slice", graph.add("Shape", pieces), int64(1), int64(2))
    places = graph.add("Slice", weights.take("embeddings.position_embeddings.weight", _PLACES, _WIDTH), int64(0), count)
    words = graph.add("Gather", weights.take("embeddings.word_embeddings.weight", _WORDS, _WIDTH), pieces)
    kinds = weights.take("embeddings.token_type_embeddings.weight", 2, _WIDTH)
    x = net.normal(graph.add("Add", graph.add("Add", words, places), kinds[0]), "embeddings.LayerNorm")
    for number in range(_LAYERS):
        x = net.layer(x, f"encoder.layer.{number}")
    graph.output("embedding", graph.add("LpNormalization", graph.add("ReduceMean", x, int64(1), keepdims=0), axis=1))
    weights.leave("pooler.dense.weight", "pooler.dense.bias")
    weights.require_all_used()
    return graph.finish()


class _Net:
    def __init__(self, weights: Weights) -> None:
        self.graph = OnnxGraph("minilm-l6")
        self._weights = weights

    def layer(self, x: str, name: str) -> str:
        """Each piece looks at all, then thinks for itself; what comes out is added to what went in."""
        seen = self.linear(self._attention(x, f"{name}.attention.self"), f"{name}.attention.output.dense")
        x = self.normal(self.graph.add("Add", x, seen), f"{name}.attention.output.LayerNorm")
        inner = gelu(self.graph, self.linear(x, f"{name}.intermediate.dense", _WIDTH, _INNER))
        thought = self.linear(inner, f"{name}.output.dense", _INNER, _WIDTH)
        return self.normal(self.graph.add("Add", x, thought), f"{name}.output.LayerNorm")

    def _attention(self, x: str, name: str) -> str:
        add = self.graph.add
        width = _WIDTH // _HEADS
        query, key, value = (
            add(
                "Transpose",
                add("Reshape", self.linear(x, f"{name}.{part}"), int64(0, 0, _HEADS, width)),
                perm=[0, 2, 3, 1] if part == "key" else [0, 2, 1, 3],
            )
            for part in ("query", "key", "value")
        )
        alike = add("Softmax", add("Mul", add("MatMul", query, key), np.float32(1 / math.sqrt(width))), axis=-1)
        seen = add("Transpose", add("MatMul", alike, value), perm=[0, 2, 1, 3])
        return add("Reshape", seen, int64(0, 0, _WIDTH))

    def linear(self, x: str, name: str, given: int = _WIDTH, made: int = _WIDTH) -> str:
        weight = self._weights.take(f"{name}.weight", made, given)
        product = self.graph.add("MatMul", x, np.ascontiguousarray(weight.T))
        return self.graph.add("Add", product, self._weights.take(f"{name}.bias", made))

    def normal(self, x: str, name: str) -> str:
        return layer_norm(self.graph, x, *scale_and_shift(self._weights, name, _WIDTH), _EPSILON)
