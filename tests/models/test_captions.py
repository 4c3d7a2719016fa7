"""Captions: pieces of words and bytes, and saying one after the other until the end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, open_task
from nodeflow.models.captions.pieces import BYTES, Pieces
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.testing.nodes import open_node
from nodeflow.values import Image
from nodes.words.captions import Caption

from .small_nets import nothing, picture_net
from .stand_in import StandIn

LETTERS = {byte: letter for letter, byte in BYTES.items()}
END, A, DARK, BRIGHT, ROOM = range(5)
VOCABULARY = json.dumps({"<|endoftext|>": END, "a": A, "Ġdark": DARK, "Ġbright": BRIGHT, "Ġroom": ROOM}).encode()


def encoder() -> onnx.ModelProto:
    """ViT's input and output: 1 x 2 x 3 numbers, all the brightness, -1 to 1."""

    def mean(graph: OnnxGraph, x: str) -> str:
        light = graph.add("ReduceMean", x, np.array([1, 2, 3], np.int64), keepdims=1)
        return graph.add("Mul", graph.add("Squeeze", light, np.array([3], np.int64)), np.ones((1, 2, 3), np.float32))

    return picture_net((1, 3, 224, 224), mean, name="pixel_values")


def decoder(extra: str = "") -> onnx.ModelProto:
    """GPT-2's inputs and outputs. It says "a", then "dark" or "bright", then "room", then the end."""
    graph = OnnxGraph("decoder")
    said = graph.input("input_ids", np.int64, (1, "said"))
    seen = graph.input("encoder_hidden_states", np.float32, (1, "seen", 3))
    follows = np.full((5, 5), -20, np.float32)
    for piece, after in ((END, A), (DARK, ROOM), (BRIGHT, ROOM), (ROOM, END)):
        follows[piece, after] = 0
    follows[A, [DARK, BRIGHT]] = 0
    light = graph.add("ReduceMean", seen, np.array([1, 2], np.int64), keepdims=1)
    towards = np.array([0, 0, -1, 1, 0], np.float32)
    scores = graph.add("Add", graph.add("Gather", follows, said), graph.add("Mul", light, towards))
    graph.output("logits", scores)
    graph.output("present.0.key", graph.add("Identity", light))
    if extra:
        graph.output("too_much", graph.input(extra, np.float32, (1,)))
    return graph.finish()


def test_it_says_what_it_sees_until_the_end(stand_in: StandIn) -> None:
    stand_in("vit-gpt2", encoder=encoder(), decoder=decoder(), vocabulary=VOCABULARY, pipeline={"start": 0, "end": 0})
    dark, bright = (Image(np.full((30, 50, 3), level, np.uint8)) for level in (10, 240))
    with open_node(Caption) as caption:
        text, score = caption(dark)
        assert text.value == "a dark room"
        lean = 2 * (127.5 - 10) / 127.5
        assert score.value == pytest.approx((1 + 1 / (1 + np.exp(-lean)) + 1) / 3, abs=1e-3)
        assert caption(bright)[0].value == "a bright room"
        assert caption(bright, most=2)[0].value == "a bright"


def test_a_picture_of_which_nothing_is_said_has_an_empty_caption(stand_in: StandIn) -> None:
    parts = {"encoder": encoder(), "decoder": decoder(), "vocabulary": VOCABULARY}
    stand_in("vit-gpt2", **parts, pipeline={"start": ROOM, "end": END})
    assert open_task("caption", "vit-gpt2")(Image(np.zeros((9, 9, 3), np.uint8)), most=5) == ("", 0.0)


def test_networks_and_vocabularies_of_others_are_refused(stand_in: StandIn) -> None:
    whole = {"encoder": encoder(), "decoder": decoder(), "vocabulary": VOCABULARY}
    picture = Image(np.zeros((9, 9, 3), np.uint8))

    def fails(says: str, **changes: object) -> None:
        stand_in("vit-gpt2", **(whole | changes), pipeline={"start": 0, "end": 0})
        with pytest.raises(BadModel, match=says):
            open_task("caption", "vit-gpt2")(picture, most=5)

    fails("takes input_ids, encoder_hidden_states, cache", decoder=decoder("cache"))
    fails("takes image", decoder=picture_net((1, 3, 8, 8), nothing))
    fails("says piece 2", vocabulary=b'{"a": 1}')
    fails("no JSON", vocabulary=b'{"a": ')
    fails("no vocabulary", vocabulary=b"[1, 2]")
    fails("no vocabulary", vocabulary=b'{"a": true}')


@given(st.text(max_size=40), st.integers(1, 5))
def test_pieces_spell_any_text(text: str, length: int) -> None:
    spelled = "".join(LETTERS[byte] for byte in text.encode())
    pieces = [spelled[i : i + length] for i in range(0, len(spelled), length)]
    numbers = {piece: place for place, piece in enumerate(dict.fromkeys(pieces))}
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder, "vocab.json")).write_text(json.dumps(numbers), "utf-8")
        assert Pieces(path).text(numbers[piece] for piece in pieces) == text


def test_letters_stand_for_bytes_as_in_gpt_2() -> None:
    assert sorted(BYTES.values()) == list(range(256))
    assert (LETTERS[ord(" ")], LETTERS[ord("\n")], LETTERS[ord("a")], LETTERS[0xAD]) == ("Ġ", "Ċ", "a", "Ń")
