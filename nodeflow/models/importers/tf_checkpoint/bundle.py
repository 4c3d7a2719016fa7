"""The arrays of a TensorFlow checkpoint: enough of the format for weights, and no more.

    arrays = read_arrays(Path("variables.index"))       # {"layer_with_weights-0/kernel": float32 array, ...}

The index is a sorted table of LevelDB's form: blocks of entries, each key given by what it shares with the one before,
and at the end a block that tells where the blocks are. An entry tells an array's type, shape, and where its bytes are
in the data file. What is read: float32 arrays in one data file, blocks that are not compressed. The rest is refused or
left out. Files are hostile: every place is looked up within its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.files import read_whole
from nodeflow.models.importers.onnx_graph import checked_size
from nodeflow.models.importers.weights import Array

Field = tuple[int, int | bytes]

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_FLOAT = 1
_MOST_ENTRIES = 100_000
_LARGEST_INDEX = 2**26
_LONGEST_KEY = 1000
"""Bytes of an index, and of one name in it: of a few bytes there, the next name may be made as long as the last."""
_ENDING = "/.ATTRIBUTES/VARIABLE_VALUE"
"""What Keras puts behind the name of every array."""


def read_arrays(index: Path) -> dict[str, Array]:
    """The float32 arrays by their names, without Keras's ending. Raises ValueError, Unsupported."""
    data = read_whole(index.with_name(f"{index.stem}.data-00000-of-00001"))
    arrays: dict[str, Array] = {}
    for key, value in entries(read_whole(index, _LARGEST_INDEX)):
        said = dict(fields(value))
        if not key or said.get(1) != _FLOAT:
            continue  # the header, counters, the names of objects
        shape = _shape(said.get(2, b""))
        at, size = _whole(said.get(4, 0)), _whole(said.get(5, 0))
        if said.get(3, 0) != 0:
            raise Unsupported("its arrays lie in more than one data file")
        if checked_size(shape) * 4 != size or at + size > len(data):
            raise ValueError(f"{key[:100]!r} does not lie within its data file")
        arrays[key.decode("utf-8").removesuffix(_ENDING)] = np.frombuffer(data, "<f4", prod(shape), at).reshape(shape)
    return arrays


def entries(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a table, in order. Raises ValueError where it is damaged, Unsupported where it is packed."""
    if len(table) < _FOOTER or struct.unpack("<Q", table[-8:])[0] != _MAGIC:
        raise ValueError("it is no index of a checkpoint")
    footer, at = table[-_FOOTER:], 0
    for _ in range(2):  # where the block of blocks about blocks is: not needed
        _, at = _varint(footer, at)
    count = 0
    for _, handle in _block(table, footer[at:]):
        for entry in _block(table, handle):
            count += 1
            if count > _MOST_ENTRIES:
                raise ValueError("it has too many entries")
            yield entry


def _block(table: bytes, handle: bytes) -> Iterator[tuple[bytes, bytes]]:
    start, place = _varint(handle, 0)
    size, _ = _varint(handle, place)
    if start + size + 1 > len(table) or size < 4:
        raise ValueError("a block lies outside of the file")
    if table[start + size] != 0:
        raise Unsupported("its blocks are compressed")
    block = table[start : start + size]
    (restarts,) = struct.unpack("<I", block[-4:])
    end = size - 4 - 4 * restarts
    key, at = b"", 0
    while at < end:
        shared, at = _varint(block, at)
        fresh, at = _varint(block, at)
        length, at = _varint(block, at)
        if shared > len(key) or at + fresh + length > end:
            raise ValueError("an entry lies outside of its block")
        if shared + fresh > _LONGEST_KEY:
            raise ValueError(f"a name has {shared + fresh} bytes")
        key = key[:shared] + block[at : at + fresh]
        yield key, block[at + fresh : at + fresh + length]
        at += fresh + length


def fields(message: bytes) -> Iterator[Field]:
    """Numbers and contents of a protobuf message's fields. Raises ValueError where it is damaged."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, form = tag >> 3, tag & 7
        if form == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if form == 2:
            size, at = _varint(message, at)
        elif form in (1, 5):
            size = 8 if form == 1 else 4
        else:
            raise ValueError(f"a field has the unknown form {form}")
        if at + size > len(message):
            raise ValueError("a field lies outside of its message")
        yield number, message[at : at + size]
        at += size


def _shape(message: int | bytes) -> tuple[int, ...]:
    """The sizes of an array: field 2 for each axis, whose field 1 is its size, left out where that is 0."""
    axes = [axis for number, axis in fields(_bytes(message)) if number == 2]
    return tuple(_whole(dict(fields(_bytes(axis))).get(1, 0)) for axis in axes)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in 7 bits a byte, the lowest first, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number has no end")


def _whole(value: int | bytes) -> int:
    if not isinstance(value, int):
        raise ValueError("a field is no number")
    return value


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a field is no message")
    return value
