"""GPT-2's pieces of words by number: any bytes, written as letters (see `byte_letters`). A space begins the piece that
follows it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nodeflow.models.assets import asset_json
from nodeflow.models.byte_letters import BYTES
from nodeflow.models.errors import BadModel


class Pieces:
    """Pieces by number."""

    def __init__(self, vocabulary: Path) -> None:
        """Read a JSON file of numbers by piece. Raises BadModel."""
        numbers = asset_json(vocabulary)
        if not isinstance(numbers, dict) or not all(type(number) is int for number in numbers.values()):
            raise BadModel(
                f"{vocabulary.name} is no vocabulary: it must give a number for each piece; correct the card"
            )
        self._of_number = {number: piece for piece, number in numbers.items()}

    def text(self, numbers: Iterable[int]) -> str:
        """What the pieces say, one after the other. Raises BadModel for a number without a piece."""
        said = bytearray()
        for number in numbers:
            piece = self._of_number.get(number)
            if piece is None:
                raise BadModel(f"the network says piece {number}, which is not in its vocabulary; correct the card")
            # A letter that stands for no byte is part of a sign of the model's own, such as <|endoftext|>.
            said += bytes(BYTES[letter] for letter in piece if letter in BYTES)
        return said.decode("utf-8", "replace")
