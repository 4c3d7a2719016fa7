"""CLIP's pieces of words: lower case, split at spaces and signs, then joined by the merges it learned."""

from __future__ import annotations

from pathlib import Path

from nodeflow.models.assets import asset_json, asset_text
from nodeflow.models.errors import BadModel

_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


class ClipWords:
    """Numbers for words, by a vocabulary and merges as CLIP's tokenizer has them."""

    def __init__(self, vocabulary: Path, merges: Path) -> None:
        """Read both files. Raises BadModel."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

        numbers, lines = asset_json(vocabulary), asset_text(merges).splitlines()
        pairs = [(one, other) for one, _, other in (line.partition(" ") for line in lines if not line.startswith("#v"))]
        try:
            pieces = models.BPE(numbers, pairs, end_of_word_suffix="</w>", unk_token=_END)
        except Exception as error:  # the library raises Exception itself
            raise BadModel(
                f"{vocabulary.name} and {merges.name} are no tokenizer ({error}); fetch them again"
            ) from error
        self._tokenizer = Tokenizer(pieces)
        self._tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
        )
        self._tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        )
        start, end = self._tokenizer.token_to_id(_START), self._tokenizer.token_to_id(_END)
        if start is None or end is None:
            raise BadModel(f"{vocabulary.name} has no {_START} and {_END}; correct the card")
        self._start, self._end = start, end

    def __call__(self, words: str, length: int, pad: int) -> list[int]:
        """The start, the pieces of the words, as many as fit, the end, and `pad` to fill up: `length` numbers."""
        numbers = self._tokenizer.encode(words, add_special_tokens=False).ids
        said = [self._start, *numbers[: length - 2], self._end]
        return said + [pad] * (length - len(said))
