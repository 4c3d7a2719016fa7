"""GPT-2's pieces of words: any bytes, written as letters.

The vocabulary names each piece by letters that stand for bytes: those that print stand for themselves, the others are
moved up into letters that do (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019). A space is
a byte like any other, and begins the piece that follows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from nodeflow.models.errors import BadModel

_PRINTED = (*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1))
_OTHERS = [byte for byte in range(256) if byte not in _PRINTED]
BYTES = {chr(byte): byte for byte in _PRINTED} | {chr(256 + place): byte for place, byte in enumerate(_OTHERS)}
"""The byte that each letter stands for."""


class Pieces:
    """Pieces by number."""

    def __init__(self, vocabulary: Path) -> None:
        """Read a JSON file of numbers by piece. Raises BadModel."""
        try:
            numbers = json.loads(vocabulary.read_text("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadModel(f"{vocabulary.name} is no vocabulary: {error}") from error
        if not isinstance(numbers, dict) or not all(type(number) is int for number in numbers.values()):
            raise BadModel(f"{vocabulary.name} is no vocabulary: it must give a number for each piece")
        self._of_number = {number: piece for piece, number in numbers.items()}

    def text(self, numbers: Iterable[int]) -> str:
        """What the pieces say, one after the other. Raises BadModel for a number without a piece."""
        said = bytearray()
        for number in numbers:
            piece = self._of_number.get(number)
            if piece is None:
                raise BadModel(f"the network says piece {number}, which is not in its vocabulary")
            # A letter that stands for no byte is part of a sign of the model's own, such as <|endoftext|>.
            said += bytes(BYTES[letter] for letter in piece if letter in BYTES)
        return said.decode("utf-8", "replace")
