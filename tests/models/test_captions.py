"""Captions: pieces of words and bytes, and saying one after the other until the end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, open_task
from nodeflow.models.byte_letters import BYTES
from nodeflow.models.captions.pieces import Pieces
from nodeflow.testing.nodes import open_node
from nodeflow.values import Image
from nodes.words.captions import Caption

from .small_nets import END, ROOM, caption_decoder, captions, nothing, picture_net
from .stand_in import StandIn

LETTERS = {byte: letter for letter, byte in BYTES.items()}


def test_it_says_what_it_sees_until_the_end(stand_in: StandIn) -> None:
    stand_in("vit-gpt2", **captions(), pipeline={"start": 0, "end": 0})
    dark, bright = (Image(np.full((30, 50, 3), level, np.uint8)) for level in (10, 240))
    with open_node(Caption) as caption:
        text, score = caption(dark)
        assert text.value == "a dark room"
        lean = 2 * (127.5 - 10) / 127.5
        assert score.value == pytest.approx((1 + 1 / (1 + np.exp(-lean)) + 1) / 3, abs=1e-3)
        assert caption(bright)[0].value == "a bright room"
        assert caption(bright, most=2)[0].value == "a bright"


def test_a_picture_of_which_nothing_is_said_has_an_empty_caption(stand_in: StandIn) -> None:
    stand_in("vit-gpt2", **captions(), pipeline={"start": ROOM, "end": END})
    assert open_task("caption", "vit-gpt2")(Image(np.zeros((9, 9, 3), np.uint8)), most=5) == ("", 0.0)


def test_networks_and_vocabularies_of_others_are_refused(stand_in: StandIn) -> None:
    whole = captions()
    picture = Image(np.zeros((9, 9, 3), np.uint8))

    def fails(says: str, **changes: object) -> None:
        stand_in("vit-gpt2", **(whole | changes), pipeline={"start": 0, "end": 0})
        with pytest.raises(BadModel, match=says):
            open_task("caption", "vit-gpt2")(picture, most=5)

    fails("takes input_ids, encoder_hidden_states, cache", decoder=caption_decoder("cache"))
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
