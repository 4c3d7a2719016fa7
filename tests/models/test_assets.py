"""Files that pipelines read themselves, as a stranger may make them."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.models import BadModel
from nodeflow.models.assets import LARGEST, asset_bytes, asset_json, asset_text
from nodeflow.models.byte_letters import BYTES
from nodeflow.models.captions.pieces import Pieces
from nodeflow.models.classes.named import read_names
from nodeflow.models.generate.clip_words import ClipWords
from nodeflow.models.sound.events import read_names as read_events
from nodeflow.models.speech.hearing import _suppressed
from nodeflow.models.speech.pieces import Pieces as WhisperPieces
from nodeflow.models.speech.pronouncing import read_lexicon
from nodeflow.models.speech.speaking import read_sounds
from nodeflow.models.text.fasttext import read_fasttext

READERS: dict[str, Callable[[Path], object]] = {
    "names": read_names,
    "events": read_events,
    "vocabulary": Pieces,
    "word pieces": WhisperPieces.read,
    "settings": lambda path: _suppressed(path, 100),
    "sounds": read_sounds,
    "dictionary": read_lexicon,
    "languages": read_fasttext,
    "merges": lambda path: ClipWords(path, path),
}
DEEP = b"[" * 200_000
DAMAGED = {"missing": None, "no text": b"\xff\xfe\x00x", "deep": DEEP, "packed and cut off": gzip.compress(DEEP)[:-9]}
A_LINE_LIKE_ANY_OTHER = {("deep", "names"), ("deep", "word pieces")}


@pytest.mark.parametrize(
    ("damage", "what"),
    [each for each in itertools.product(DAMAGED, READERS) if each not in A_LINE_LIKE_ANY_OTHER],
    ids=" ".join,
)
def test_a_damaged_file_is_told_by_its_name(tmp_path: Path, what: str, damage: str) -> None:
    path, content = tmp_path / "asset.bin", DAMAGED[damage]
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadModel, match=r"asset\.bin"):
        READERS[what](path)


def test_no_more_is_read_than_that_however_it_is_packed(tmp_path: Path) -> None:
    with (tmp_path / "long").open("wb") as file:
        file.truncate(LARGEST + 1)
    with gzip.open(tmp_path / "packed", "wb", 1) as packed:
        for _ in range(65):
            packed.write(bytes(1 << 20))
    with pytest.raises(BadModel, match="larger than 67 MB"):
        asset_text(tmp_path / "long")
    with pytest.raises(BadModel, match="larger than 67 MB"):
        asset_json(tmp_path / "packed", packed=True)
    assert len(asset_bytes(tmp_path / "packed")) < 1 << 20


def test_what_is_no_number_of_a_sound_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sounds.json"
    path.write_text(json.dumps({"a": 1, "b": 2**70, "c": -1, "d": "x", "e": 1.5}))
    assert read_sounds(path) == {"a": 1}


def test_each_byte_has_a_letter_of_its_own_that_prints() -> None:
    assert sorted(BYTES.values()) == list(range(256))
    assert all(letter.isprintable() and not letter.isspace() for letter in BYTES)
    assert (BYTES["Ġ"], BYTES["a"], BYTES["Ċ"]) == (ord(" "), ord("a"), ord("\n"))
