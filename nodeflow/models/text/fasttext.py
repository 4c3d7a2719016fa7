"""Reading a classifier of texts that fastText has trained and quantised (.ftz), and asking it.

A text is a bag of pieces: its words and the parts of words of a few letters. Each piece has a vector; the mean of them
goes down a binary tree whose leaves are the labels, and each fork says how likely the way goes right. Vectors are kept
as codes of a product quantiser, so that 176 languages fit into less than a megabyte.

After Joulin et al., "Bag of Tricks for Efficient Text Classification" (2016) and "FastText.zip" (2016), and the file
layout of fastText 0.9. A file is taken as hostile: whatever does not add up raises BadModel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.assets import asset_bytes
from nodeflow.models.errors import BadModel

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Number = TypeVar("Number", np.uint8, np.int32, np.float32)

_MAGIC, _VERSION = 793712314, 12
_HIERARCHICAL = 1
_CODES = 256
_LABEL = 1
_MOST = 5_000_000
"""Of whatever a file counts; more is taken for damage."""
_MOST_LABELS = 4096
_MOST_NUMBERS = 2**27
"""Of one matrix, unpacked: half a gigabyte, a hundred times what the languages take."""
_END = "</s>"
_SPACES = " \n\r\t\v\f\0"


@dataclass(frozen=True, slots=True)
class FastText:
    """A classifier in memory. `labels` are in the file's order, without their prefix; `right` and `left` say with 1
    which forks the way to each label takes, and to which side."""

    labels: tuple[str, ...]
    words: dict[bytes, int]
    parts: dict[int, int]
    buckets: int
    letters: tuple[int, int]
    rows: Floats
    forks: Floats
    right: Floats
    left: Floats

    def scores(self, text: str) -> Floats:
        """How likely each label is; float32, adding up to about 1."""
        rows = [row for piece in _pieces(text) for row in self._rows_of(piece)]
        mean = self.rows[rows].mean(axis=0) if rows else np.zeros(self.rows.shape[1], np.float32)
        leaning = self.forks @ mean
        likely: Floats = np.exp(-self.right @ np.logaddexp(0, -leaning) - self.left @ np.logaddexp(0, leaning))
        return likely

    def _rows_of(self, word: bytes) -> Iterator[int]:
        known = self.words.get(word)
        if known is not None:
            yield known
        if word != _END.encode():
            for part in _parts(b"<" + word + b">", *self.letters):
                row = self.parts.get(_hash(part) % self.buckets)
                if row is not None:
                    yield len(self.words) + row


def read_fasttext(path: Path) -> FastText:
    """The classifier in a file. Raises BadModel."""
    try:
        return _read(_Reader(asset_bytes(path)))
    except (struct.error, ValueError, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise BadModel(
            f"{path.name} is no quantised fastText classifier, or is damaged ({error}); fetch it again"
        ) from error


def _read(file: _Reader) -> FastText:
    magic, version = file.take("ii")
    if (magic, version) != (_MAGIC, _VERSION):
        raise ValueError("it does not begin as such a file does")
    width, _, _, _, _, pairs, loss, _, buckets, shortest, longest, _, _ = file.take("12id")
    sound = 0 < width <= 4096 and buckets > 0 and 0 <= shortest <= longest <= 16
    if pairs != 1 or loss != _HIERARCHICAL or not sound:
        raise ValueError("only classifiers by single words with a tree of labels are read")
    words, labels, counts, parts = _dictionary(file)
    if not file.take("?")[0]:
        raise ValueError("its vectors are not quantised")
    rows = _quantised(file)
    if rows.shape != (len(words) + len(parts), width) or not all(0 <= row < len(parts) for row in parts.values()):
        raise ValueError(f"{rows.shape[0]} vectors of {rows.shape[1]} for {len(words)} words and {len(parts)} parts")
    forks = _quantised(file) if file.take("?")[0] else _plain(file)
    if forks.shape != (len(labels), width):
        raise ValueError(f"{forks.shape[0]} forks for {len(labels)} labels")
    return FastText(labels, words, parts, buckets, (shortest, longest), rows, forks, *_ways(counts))


def _dictionary(file: _Reader) -> tuple[dict[bytes, int], tuple[str, ...], list[int], dict[int, int]]:
    """Words with their rows, labels, how often each label was seen, and the parts of words that were kept."""
    entries, _, _, _, pruned = file.take("iiiqq")
    if not 0 < entries <= _MOST or not 0 <= pruned <= _MOST:
        raise ValueError("it counts more than it can hold")
    words: dict[bytes, int] = {}
    labels: list[str] = []
    counts: list[int] = []
    for _ in range(entries):
        name = file.text()
        count, sort = file.take("qb")
        if sort == _LABEL:
            labels.append(name.decode().removeprefix("__label__"))
            counts.append(count)
        else:
            words[name] = len(words)
    if not 2 <= len(labels) <= _MOST_LABELS:
        raise ValueError(f"{len(labels)} labels")
    pairs = file.array(np.int32, 2 * pruned).reshape(-1, 2)
    return words, tuple(labels), counts, dict(zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), strict=True))


def _quantised(file: _Reader) -> Floats:
    """A matrix whose rows are codes of parts of them, each times its length if that was kept apart."""
    has_lengths, rows, columns, size = file.take("?qqi")
    if not 0 < rows <= _MOST or not 0 < columns <= 4096 or not 0 < size <= rows * columns:
        raise ValueError(f"a matrix of {rows} x {columns}")
    codes = file.array(np.uint8, size)
    matrix = _decoded(file, codes, rows, columns)
    if has_lengths:
        matrix *= _decoded(file, file.array(np.uint8, rows), rows, 1)
    return matrix


def _decoded(file: _Reader, codes: Bytes, rows: int, columns: int) -> Floats:
    width, count, size, last = file.take("iiii")
    if min(width, count, size, last) < 1 or (count - 1) * size + last != width or len(codes) != rows * count:
        raise ValueError("a quantiser that does not add up")
    if width != columns:
        raise ValueError("a quantiser does not fit its matrix")
    if rows * width > _MOST_NUMBERS:
        raise ValueError(f"a matrix of {rows} x {width}, more than is read")
    centres = file.array(np.float32, width * _CODES)
    matrix = np.empty((rows, width), np.float32)
    for place, column in enumerate(codes.reshape(rows, count).T):
        long = size if place < count - 1 else last
        first = place * size
        table = centres[first * _CODES : first * _CODES + long * _CODES].reshape(_CODES, long)
        matrix[:, first : first + long] = table[column]
    return matrix


def _plain(file: _Reader) -> Floats:
    rows, columns = file.take("qq")
    if not 0 < rows <= _MOST or not 0 < columns <= 4096:
        raise ValueError(f"a matrix of {rows} x {columns}")
    return file.array(np.float32, rows * columns).reshape(rows, columns)


def _ways(counts: Sequence[int]) -> tuple[Floats, Floats]:
    """For each label (row) with 1 the forks (columns) where its way goes right, and where it goes left.

    Huffman's tree as fastText builds it from counts that fall: the two rarest are joined until one is left.
    """
    leaves = len(counts)
    weight = [*counts, *[10**15] * (leaves - 1)]
    parent, goes_right = [0] * len(weight), [False] * len(weight)
    leaf, inner = leaves - 1, leaves
    for made in range(leaves, len(weight)):
        pair = []
        for _ in range(2):
            if leaf >= 0 and weight[leaf] < weight[inner]:
                pair.append(leaf)
                leaf -= 1
            else:
                pair.append(inner)
                inner += 1
        weight[made] = weight[pair[0]] + weight[pair[1]]
        parent[pair[0]] = parent[pair[1]] = made
        goes_right[pair[1]] = True
    right, left = np.zeros((2, leaves, leaves), np.float32)
    for label in range(leaves):
        at = label
        while at != len(weight) - 1:
            (right if goes_right[at] else left)[label, parent[at] - leaves] = 1
            at = parent[at]
    return right, left


def _pieces(text: str) -> Iterator[bytes]:
    """The words of one line, and its end, which fastText counts as a word."""
    for space in _SPACES:
        text = text.replace(space, " ")
    for word in text.split(" "):
        if word:
            yield word.encode("utf-8", "replace")
    yield _END.encode()


def _parts(word: bytes, shortest: int, longest: int) -> Iterator[bytes]:
    """Parts of `shortest` to `longest` letters; single letters not at either end."""
    starts = [place for place, byte in enumerate(word) if byte & 0xC0 != 0x80] + [len(word)]
    letters = len(starts) - 1
    for first in range(letters):
        for count in range(shortest, min(longest, letters - first) + 1):
            if count > 1 or 0 < first < letters - 1:
                yield word[starts[first] : starts[first + count]]


def _hash(part: bytes) -> int:
    """FNV-1a of 32 bits, with bytes taken as signed, as fastText does."""
    value = 2166136261
    for byte in part:
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return value


class _Reader:
    """The file's bytes, taken from front to back; little-endian."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return found

    def text(self) -> bytes:
        end = self._data.index(b"\0", self._at)
        found, self._at = self._data[self._at : end], end + 1
        return found

    def array(self, dtype: type[Number], count: int) -> NDArray[Number]:
        size = count * np.dtype(dtype).itemsize
        if size > len(self._data) - self._at:
            raise ValueError("it ends too early")
        found = np.frombuffer(self._data, dtype, count, self._at)
        self._at += size
        return found
