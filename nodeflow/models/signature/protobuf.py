"""Walking through a protobuf message in a file, without a schema and without loading it.

    for field in fields(reader, start, end): field.number, field.value

A field holds a number, or the span of bytes where its text or inner message stands: what is not looked at is never
read. Files may be hostile: a reader counts every field and stops at `MOST_FIELDS`, and every span lies within its
parent's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

MOST_FIELDS = 2_000_000
"""Fields of one file that are looked at: some seconds. A model of 10,000 nodes has about 300,000."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


class Malformed(Exception):
    """The file is no protobuf message, or a larger one than is read. The message says which."""


class Span(NamedTuple):
    """Where a text or an inner message stands in the file."""

    start: int
    end: int


class Field(NamedTuple):
    """A number of the schema, and what stands there."""

    number: int
    value: int | Span

    @property
    def span(self) -> Span:
        if not isinstance(self.value, Span):
            raise Malformed(f"field {self.number} is a number where a message belongs")
        return self.value

    @property
    def integer(self) -> int:
        if isinstance(self.value, Span):
            raise Malformed(f"field {self.number} is a message where a number belongs")
        return self.value


class Reader:
    """One open file. For one thread; close it after use."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._file: BinaryIO = path.open("rb", buffering=1 << 16)
        self.size = self._file.seek(0, 2)
        self._left = MOST_FIELDS

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def whole(self) -> Span:
        return Span(0, self.size)

    def fields(self, span: Span) -> Iterator[Field]:
        """The fields of the message at `span`, one after the other. Raises Malformed, OSError."""
        at = span.start
        while at < span.end:
            self._left -= 1
            if self._left < 0:
                raise Malformed(f"it has more than {MOST_FIELDS:,} parts")
            key, at = self._varint(at, span.end)
            number, wire = key >> 3, key & 7
            if wire == _VARINT:
                value, at = self._varint(at, span.end)
                yield Field(number, value)
                continue
            if wire == _BYTES:
                length, at = self._varint(at, span.end)
            elif wire in (_FIXED32, _FIXED64):
                length = 4 if wire == _FIXED32 else 8
            else:
                raise Malformed(f"there is no field of type {wire}")
            if number == 0 or length > span.end - at:
                raise Malformed("a part is longer than the whole; the file may be cut off")
            yield Field(number, Span(at, at + length))
            at += length

    def bytes(self, span: Span, at_most: int) -> bytes:
        """What stands at `span`. Raises Malformed where it is longer than `at_most`."""
        if span.end - span.start > at_most:
            raise Malformed(f"a name is longer than {at_most} bytes")
        self._file.seek(span.start)
        return self._file.read(span.end - span.start)

    def text(self, span: Span, at_most: int) -> str:
        try:
            return self.bytes(span, at_most).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("a name is no text") from error

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        self._file.seek(at)
        data = self._file.read(min(_LONGEST_VARINT, end - at))
        value = 0
        for place, byte in enumerate(data):
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value, at + place + 1
        raise Malformed("it ends in the middle of a number")
