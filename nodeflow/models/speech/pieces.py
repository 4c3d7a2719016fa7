"""Word pieces of GPT-2 and Whisper: which bytes a number stands for, and which numbers are signs.

    pieces = Pieces.read(path_to_vocabulary_txt)
    pieces.text([15496, 995])                # "Hello world"
    pieces.sign("<|endoftext|>")             # its number

In the list each byte is written as a letter (see `byte_letters`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nodeflow.models.assets import asset_text
from nodeflow.models.byte_letters import BYTES
from nodeflow.models.errors import BadModel

_UNKNOWN = ord("?")
"""In place of a letter that stands for no byte."""


class Pieces:
    """The list, in the order of the numbers."""

    def __init__(self, written: Sequence[str]) -> None:
        self._written = written
        self._numbers = {each: number for number, each in enumerate(written) if each.startswith("<|")}

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """From a file with one piece on each line. Raises BadModel."""
        return cls([line.removesuffix("\r") for line in asset_text(path).rstrip("\n").split("\n")])

    def __len__(self) -> int:
        return len(self._written)

    def sign(self, *names: str) -> int:
        """The number of a sign, by the first of its names that is known. Raises BadModel."""
        for name in names:
            if name in self._numbers:
                return self._numbers[name]
        raise BadModel(f"the list of word pieces has no {names[0]}; fetch it again")

    def text(self, numbers: Sequence[int]) -> str:
        """What pieces say together; bytes that are no UTF-8 are shown as such."""
        letters = "".join(self._written[number] for number in numbers)
        return bytes(BYTES.get(letter, _UNKNOWN) for letter in letters).decode("utf-8", errors="replace")
