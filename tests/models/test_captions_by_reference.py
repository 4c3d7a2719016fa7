"""Captions by a small ViT-GPT2 that is made here, against the same network written plainly in torch.

The networks have the real ones' inputs and outputs and their way of working: patches of the picture that look at one
another; pieces of words that look at those before them and at the patches. The weights are drawn, so a caption means
nothing, but every number of picture and pieces has a say in which piece is next.
"""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest
import torch

from nodeflow.models import open_task
from nodeflow.models.captions import Caption
from nodeflow.models.importers.onnx_graph import OnnxGraph, int64
from nodeflow.values import Image

from .stand_in import StandIn

F = torch.nn.functional

WIDTH, PATCH, PIECES, LONGEST = 16, 56, 40, 32
PATCHES = (224 // PATCH) ** 2
START = END = 0
VOCABULARY = {"<|endoftext|>": END} | {f"{'Ġ' * (number % 3 > 0)}w{number}": number for number in range(1, PIECES)}


Weights = dict[str, np.ndarray]


def weights(seed: int) -> Weights:
    """Drawn by name, so large that neither the picture nor the pieces before lose their say."""
    random = np.random.default_rng(seed)
    shapes = {"patches": (WIDTH, 3, PATCH, PATCH), "places": (PATCHES, WIDTH), "turns": (LONGEST, WIDTH)}
    shapes |= {"pieces": (PIECES, WIDTH), "up": (WIDTH, 4 * WIDTH), "down": (4 * WIDTH, WIDTH)}
    for part in ("seeing", "saying", "looking"):
        shapes |= {f"{part}.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value", "out")}
    spread = dict.fromkeys(shapes, WIDTH**-0.5) | {"places": 1, "turns": 1, "pieces": 1, "patches": 2 / PATCH}
    spread["patches"] /= WIDTH**0.5
    return {name: (random.standard_normal(shape) * spread[name]).astype(np.float32) for name, shape in shapes.items()}


def attention(graph: OnnxGraph, w: Weights, part: str, asks: str, tells: str, mask: str | None = None) -> str:
    query, key, value = (
        graph.add("MatMul", of, w[f"{part}.{name}"]) for name, of in (("query", asks), ("key", tells), ("value", tells))
    )
    scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 2, 1]))
    scores = graph.add("Mul", scores, np.float32(1 / np.sqrt(WIDTH)))
    if mask is not None:
        scores = graph.add("Add", scores, mask)
    heard = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    return graph.add("Add", asks, graph.add("MatMul", heard, w[f"{part}.out"]))


def level(graph: OnnxGraph, x: str) -> str:
    return graph.add("LayerNormalization", x, np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32), axis=-1)


def encoder(w: Weights) -> onnx.ModelProto:
    graph = OnnxGraph("encoder")
    seen = graph.add(
        "Conv", graph.input("pixel_values", np.float32, (1, 3, 224, 224)), w["patches"], strides=[PATCH] * 2
    )
    rows = graph.add("Transpose", graph.add("Reshape", seen, int64(1, WIDTH, PATCHES)), perm=[0, 2, 1])
    rows = graph.add("Add", rows, w["places"])
    graph.output("last_hidden_state", level(graph, attention(graph, w, "seeing", rows, rows)))
    return graph.finish()


def decoder(w: Weights) -> onnx.ModelProto:
    graph = OnnxGraph("decoder")
    said = graph.input("input_ids", np.int64, (1, "said"))
    seen = graph.input("encoder_hidden_states", np.float32, (1, "seen", WIDTH))
    count = graph.add("Shape", said, start=1)
    turns = graph.add("Slice", w["turns"], int64(0), count, int64(0))
    rows = level(graph, graph.add("Add", graph.add("Gather", w["pieces"], said), turns))
    square = graph.add("Expand", np.float32(-1e9), graph.add("Concat", count, count, axis=0))
    later = graph.add("Trilu", square, np.array(1, np.int64), upper=1)
    rows = level(graph, attention(graph, w, "saying", rows, rows, later))
    rows = level(graph, attention(graph, w, "looking", rows, seen))
    thought = graph.add("Tanh", graph.add("MatMul", rows, w["up"]))
    rows = level(graph, graph.add("Add", rows, graph.add("MatMul", thought, w["down"])))
    graph.output("logits", graph.add("MatMul", rows, w["pieces"].T.copy()))
    return graph.finish()


def plain(w: Weights, picture: np.ndarray, most: int) -> Caption:
    """The same in torch: `picture` is uint8 224 x 224 x 3."""
    t = {name: torch.from_numpy(each) for name, each in w.items()}

    def attend(part: str, asks: torch.Tensor, tells: torch.Tensor, causal: bool = False) -> torch.Tensor:
        q, k, v = asks @ t[f"{part}.query"], tells @ t[f"{part}.key"], tells @ t[f"{part}.value"]
        heard = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=causal)[0]
        return F.layer_norm(asks + heard @ t[f"{part}.out"], (WIDTH,))

    pixels = (torch.from_numpy(picture.copy()).permute(2, 0, 1).double() / 127.5 - 1).float()
    rows = F.conv2d(pixels[None], t["patches"], stride=PATCH).flatten(2)[0].T + t["places"]
    seen = attend("seeing", rows, rows)
    said, likely = [START], []
    for _ in range(most):
        rows = F.layer_norm(t["pieces"][said] + t["turns"][: len(said)], (WIDTH,))
        rows = attend("looking", attend("saying", rows, rows, causal=True), seen)
        rows = F.layer_norm(rows + torch.tanh(rows @ t["up"]) @ t["down"], (WIDTH,))
        chances = torch.softmax(rows[-1] @ t["pieces"].T, dim=0)
        best = int(chances.argmax())
        if best == END:
            break
        said.append(best)
        likely.append(float(chances[best]))
    of_number = {number: piece for piece, number in VOCABULARY.items()}
    text = "".join(of_number[number] for number in said[1:]).replace("Ġ", " ").strip()
    return Caption(text, float(np.mean(likely)) if likely else 0.0)


@pytest.mark.parametrize("seed", range(6))
def test_a_small_vit_gpt2_says_what_the_plain_one_says(seed: int, stand_in: StandIn) -> None:
    w, random = weights(seed), np.random.default_rng(seed)
    parts = {"encoder": encoder(w), "decoder": decoder(w), "vocabulary": json.dumps(VOCABULARY).encode()}
    stand_in("vit-gpt2", **parts, pipeline={"start": START, "end": END})
    describe = open_task("caption", "vit-gpt2")
    heard = set()
    for most in (1, 5, 24):
        picture = random.integers(0, 256, (224, 224, 3)).astype(np.uint8)
        ours, theirs = describe(Image(picture), most=most), plain(w, picture, most)
        assert ours.text == theirs.text
        assert ours.score == pytest.approx(theirs.score, abs=2e-5)
        larger = picture.repeat(2, axis=0).repeat(2, axis=1)  # which is shown at the network's size
        assert describe(Image(larger), most=most) == ours
        heard |= set(theirs.text.split())
    assert len(heard) > 2, "a caption of one word proves little"
