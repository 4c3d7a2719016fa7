"""Texts: fastText files, fair and foul; languages by its own numbers; an encoder by torch's own layers; sorts."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library
from nodeflow.models.text.embedding import SentenceEmbedding
from nodeflow.models.text.fasttext import read_fasttext
from nodeflow.models.text.languages import NAMES
from nodeflow.node import NodeError, Nothing
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Text
from nodes.text.lines import Lines
from nodes.text.meaning import Sort, TellLanguage, read_examples

REFERENCE = json.loads((Path(__file__).parent / "data" / "fasttext_languages.json").read_text("utf-8"))["texts"]


def tiny() -> bytes:
    """A classifier of two labels by the words "ja" and "yes" and no parts of words; vectors of two numbers."""
    head = struct.pack("<ii12id", 793712314, 12, 2, 5, 5, 1, 5, 1, 1, 3, 10, 2, 3, 100, 0.1)
    entries = [(b"ja", 9, 0), (b"yes", 8, 0), (b"</s>", 7, 0), (b"__label__de", 6, 1), (b"__label__en", 5, 1)]
    words = b"".join(name + b"\0" + struct.pack("<qb", count, sort) for name, count, sort in entries)
    dictionary = struct.pack("<iiiqq", 5, 3, 2, 35, 0) + words
    centres = np.zeros((256, 2), np.float32)
    centres[:3] = (8, 0), (-8, 0), (0, 0)
    vectors = struct.pack("<?qqi", False, 3, 2, 3) + bytes([0, 1, 2]) + struct.pack("<iiii", 2, 1, 2, 2)
    forks = struct.pack("<?qq", False, 2, 2) + np.array([(1, 0), (0, 0)], "<f4").tobytes()
    return head + dictionary + b"\1" + vectors + centres.tobytes() + forks


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.ftz"
    path.write_bytes(tiny())
    return path


def test_a_word_leads_down_the_tree_to_its_label(written: Path) -> None:
    known = read_fasttext(written)
    assert known.labels == ("de", "en")
    for word, label in (("ja", "de"), ("yes", "en")):
        scores = known.scores(word)
        assert scores.sum() == pytest.approx(1, abs=1e-5)
        assert known.labels[int(scores.argmax())] == label
        assert scores.max() == pytest.approx(1 / (1 + np.exp(-4)), abs=1e-4)  # the mean of the word and the line's end
    assert known.scores("ja yes") == pytest.approx([0.5, 0.5])
    assert known.scores("") == pytest.approx([0.5, 0.5])


@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = tiny()
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if broken:
            broken[data.draw(st.integers(0, min(len(broken), 300) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "broken.ftz"
    path.write_bytes(bytes(broken))
    try:
        scores = read_fasttext(path).scores("ja yes")
    except BadModel:
        return
    assert len(scores) >= 2


def test_a_small_file_cannot_ask_for_a_matrix_larger_than_the_memory(tmp_path: Path) -> None:
    rows, width = 5_000_000, 4096  # 80 GB of numbers, of 20 MB
    whole = tiny()
    head = bytearray(whole[: whole.index(b"__label__en") + 12 + 9])
    head[8:12] = struct.pack("<i", width)
    lie = struct.pack("<?qqi", False, rows, width, rows) + bytes(rows) + struct.pack("<iiii", width, 1, width, width)
    (tmp_path / "large.ftz").write_bytes(bytes(head) + b"\1" + lie + bytes(4 * 256 * width))
    with pytest.raises(BadModel, match="5000000 x 4096, more than is read"):
        read_fasttext(tmp_path / "large.ftz")


@pytest.mark.weights
def test_languages_are_fasttexts_own_to_the_fourth_digit(library: Library) -> None:
    classifier = read_fasttext(library.fetch("lid-176")["classifier"])
    for text, told in REFERENCE.items():
        scores = classifier.scores(text)
        for code, score in told.items():
            assert scores[classifier.labels.index(code)] == pytest.approx(score, abs=2e-4), (text, code)
    assert set(classifier.labels) == set(NAMES)


@pytest.mark.weights
@pytest.mark.usefixtures("library")
def test_a_text_gets_its_language_and_no_letters_get_none() -> None:
    names, text = run_node(TellLanguage, Text("Wo ist die Bibliothek, bitte?"))
    assert names.top(1)[0][0] == "German"
    assert text == Text("Wo ist die Bibliothek, bitte?", "de")
    assert run_node(TellLanguage, Text("1, 2, 3!")) == (Nothing("no letters"),) * 2


TEXTS = ("See you at lunch.", "a", "Is the meeting moved to three o'clock, or was that yesterday's plan? " * 30)


@pytest.mark.weights
def test_the_encoder_gives_what_torchs_own_layers_give(library: Library) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    files = library.files("minilm-l6")
    saved = load_file(files["model.safetensors"])
    layer = torch.nn.TransformerEncoderLayer(384, 12, 1536, 0.0, "gelu", 1e-12, batch_first=True)
    encoder = torch.nn.TransformerEncoder(layer, 6, enable_nested_tensor=False).eval()
    for number, each in enumerate(encoder.layers):
        part = {name.removeprefix(f"encoder.layer.{number}."): value for name, value in saved.items()}
        each.load_state_dict(
            {
                f"{ours}.{kind}": torch.cat([part[f"{name}.{kind}"] for name in theirs])
                for ours, theirs in _LAYER.items()
                for kind in ("weight", "bias")
            }
            | {
                f"self_attn.in_proj_{kind}": torch.cat(
                    [part[f"attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                )
                for kind in ("weight", "bias")
            }
        )
    tokenizer = Tokenizer.from_file(str(files["tokenizer.json"]))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    from nodeflow.models import open_task

    ours: SentenceEmbedding = open_task("text-embedding", "minilm-l6", device="cpu")
    for text in TEXTS:
        pieces = torch.tensor([tokenizer.encode(text).ids])
        with torch.no_grad():
            x = saved["embeddings.word_embeddings.weight"][pieces] + saved["embeddings.token_type_embeddings.weight"][0]
            x = x + saved["embeddings.position_embeddings.weight"][: pieces.shape[1]]
            scale, shift = (saved[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias"))
            x = encoder(torch.nn.functional.layer_norm(x, (384,), scale, shift, 1e-12))
            wanted = torch.nn.functional.normalize(x.mean(1), dim=-1)[0].numpy()
        assert ours(text).values == pytest.approx(wanted, abs=2e-5), text[:20]
    ours.close()


_LAYER = {
    "self_attn.out_proj": ("attention.output.dense",),
    "norm1": ("attention.output.LayerNorm",),
    "linear1": ("intermediate.dense",),
    "linear2": ("output.dense",),
    "norm2": ("output.LayerNorm",),
}

SPAM = (
    "WINNER!! You have been selected to receive a £900 prize reward! Call 09061701461 now",
    "Last chance: cheap loans approved within minutes, click here",
    "URGENT! Your account will be suspended. Click the link to verify your password",
    "Congratulations, claim your free holiday voucher today by texting YES",
    "Lose weight fast with this miracle pill, 70% off only tonight",
)
OTHER = (
    "Hey, are you coming to the game tonight?",
    "Can you send me the numbers for the third quarter?",
    "The meeting is moved to three o'clock",
    "Mum says dinner is at seven, don't be late",
    "I left the keys on the kitchen table",
)


@pytest.mark.weights
@pytest.mark.usefixtures("library")
def test_messages_that_the_examples_never_saw_are_sorted() -> None:
    with open_node(Sort) as sort:
        told = {text: sort(Text(text)).top(1)[0][0] for text in (*SPAM, *OTHER)}
        assert isinstance(sort(Text("  ")), Nothing)
    assert told == dict.fromkeys(SPAM, "spam") | dict.fromkeys(OTHER, "other")


def test_examples_are_read_by_sort() -> None:
    assert read_examples("a: one\n\n b :two: 2\na:three") == {"a": ["one", "three"], "b": ["two: 2"]}
    for typed, says in (("a: one\nno sort", "Line 2"), ("a: one\nb:", "Line 2"), ("a: one", "fewer than two")):
        with pytest.raises(NodeError, match=says):
            read_examples(typed)


def test_lines_come_one_by_one_from_a_file_or_as_typed(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes("\ufeffone\r\n\r\n  two \nthree".encode())
    (tmp_path / "odd.txt").write_bytes(b"\xff\xfe\x00")
    assert [text.value for text in _lines(path=str(tmp_path / "list.txt"))] == ["one", "two", "three"]
    assert [text.value for text in _lines(typed="a\n\nb")] == ["a", "b"]
    for setup, says in (
        ({"path": str(tmp_path / "odd.txt")}, "UTF-8"),
        ({"path": str(tmp_path / "none.txt")}, "does not exist"),
        ({"typed": " \n"}, "no lines"),
    ):
        with pytest.raises(NodeError, match=says):
            _lines(**setup)


def _lines(**setup: Any) -> list[Text]:
    with open_node(Lines, **setup) as node:
        return [value for _, value in node.frames()]
