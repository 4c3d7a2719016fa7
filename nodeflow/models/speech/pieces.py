"""Word pieces of GPT-2 and Whisper: which bytes a number stands for, and which numbers are signs.

    pieces = Pieces.read(path_to_vocabulary_txt)
    pieces.text([15496, 995])                # "Hello world"
    pieces.sign("<|endoftext|>")             # its number

Each byte is written as one printable letter in the list: those that have one as themselves, the others from 256 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nodeflow.models.errors import BadModel

_PRINTABLE = (*range(33, 127), *range(161, 173), *range(174, 256))
_BYTE_OF = {chr(byte): byte for byte in _PRINTABLE} | {
    chr(256 + number): byte for number, byte in enumerate(sorted(set(range(256)) - set(_PRINTABLE)))
}
_LARGEST = 16 << 20


class Pieces:
    """The list, in the order of the numbers."""

    def __init__(self, written: Sequence[str]) -> None:
        self._written = written
        self._numbers = {each: number for number, each in enumerate(written) if each.startswith("<|")}

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """From a file with one piece on each line. Raises BadModel."""
        try:
            if path.stat().st_size > _LARGEST:
                raise BadModel(f"{path.name} is too large for a list of word pieces; fetch it again")
            return cls(path.read_text("utf-8").rstrip("\n").split("\n"))
        except (OSError, UnicodeDecodeError) as fault:
            raise BadModel(f"{path.name} is no list of word pieces ({fault}); fetch it again") from fault

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
        return bytes(_BYTE_OF.get(letter, 0x3F) for letter in letters).decode("utf-8", errors="replace")
