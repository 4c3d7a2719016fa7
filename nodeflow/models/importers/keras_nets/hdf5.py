"""The arrays in an HDF5 file, as h5py writes it for Keras: enough of the format for weights, and no more.

    arrays = read_arrays(path)          # {"block1/layers/conv2d/vars/0": float32 array, ...}

What is read: superblock 0, groups with symbol tables, object headers of version 1, float32 arrays that lie in one
piece. Everything else (chunks, compression, links, other types) is refused, not guessed at. The file is taken to be
hostile: every address is looked up within its bytes, no group is entered twice, and what is read is bounded.

Layouts are those of the "HDF5 File Format Specification Version 3.0", by the names used there.
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

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_NOWHERE = 2**64 - 1
_MOST_PARTS = 10_000
"""Groups, tree nodes and headers in one file."""
_MOST_NAMES = 2**20
"""Bytes of the names in one group."""
_LONGEST_PATH = 1000

_DATASPACE, _DATATYPE, _LAYOUT, _FILTERS, _CONTINUATION, _SYMBOL_TABLE = 0x01, 0x03, 0x08, 0x0B, 0x10, 0x11
_FLOAT32 = struct.pack("<HHBBBBI", 0, 32, 23, 8, 0, 23, 127)
"""The properties of an IEEE float of 32 bits."""


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file by their paths in it, with "/" between groups.

    Raises Unsupported for what is not float32 or not in one piece; ValueError, struct.error where it is damaged.
    """
    return dict(_Reader(read_whole(path)).arrays())


class _Reader:
    """Walks the tree of groups in the bytes of a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._seen: set[int] = set()
        if data[:8] != _SIGNATURE:
            raise ValueError("it does not begin as an HDF5 file does")
        version, offsets, lengths = data[8], data[13], data[14]
        if (version, offsets, lengths) != (0, 8, 8):
            raise Unsupported(f"its superblock is of version {version}, with offsets of {offsets} bytes")

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Each array with its path."""
        (root,) = self._unpack("<Q", 64)
        groups = [("", root)]
        while groups:
            path, address = groups.pop()
            header = self._header(address)
            if _SYMBOL_TABLE in header:
                tree, heap = struct.unpack_from("<QQ", header[_SYMBOL_TABLE])
                for name, child in self._children(tree, heap):
                    groups.append((f"{path}/{name}".lstrip("/"), child))
                    if len(groups) > _MOST_PARTS or len(path) > _LONGEST_PATH:
                        raise Unsupported(f"it has more than {_MOST_PARTS} parts, or groups too deep in one another")
            elif _DATASPACE in header:
                yield path, self._array(path, header)

    def _header(self, address: int) -> dict[int, bytes]:
        """The messages of an object by type; where a type comes twice, the first."""
        self._enter(address)
        version, count, length = self._unpack("<BxHxxxxI", address)
        if version != 1:
            raise Unsupported(f"an object header is of version {version}")
        blocks, messages, read = [(address + 16, length)], dict[int, bytes](), 0
        while blocks and read < count:
            at, left = blocks.pop(0)
            while left >= 8 and read < count:
                kind, size = self._unpack("<HH", at)
                body = self._bytes(at + 8, size)
                if kind == _CONTINUATION:
                    where, long = struct.unpack_from("<QQ", body)
                    self._enter(where)
                    blocks.append((where, long))
                messages.setdefault(kind, body)
                at, left, read = at + 8 + size, left - 8 - size, read + 1
        return messages

    def _children(self, tree: int, heap: int) -> Iterator[tuple[str, int]]:
        """Names and addresses of what a group holds."""
        if self._bytes(heap, 4) != b"HEAP":
            raise ValueError("a group has no heap of names")
        size, _, names = self._unpack("<QQQ", heap + 8)
        if size > _MOST_NAMES:
            raise Unsupported(f"the names in a group take {size} bytes")
        words = self._bytes(names, size)
        for leaf in self._leaves(tree):
            (count,) = self._unpack("<xxxxxxH", leaf)
            for entry in range(leaf + 8, leaf + 8 + 40 * count, 40):
                offset, address, cache = self._unpack("<QQI", entry)
                if cache > 1:
                    raise Unsupported("it holds symbolic links")
                end = words.index(b"\0", offset, offset + _LONGEST_PATH)
                yield words[offset:end].decode("utf-8"), address

    def _leaves(self, tree: int) -> Iterator[int]:
        """Addresses of the symbol table nodes of a tree."""
        nodes = [tree]
        while nodes:
            at = nodes.pop()
            self._enter(at)
            mark = self._bytes(at, 4)
            if mark == b"SNOD":
                yield at
                continue
            if mark != b"TREE" or self._data[at + 4] != 0:
                raise ValueError("a group has no tree")
            (count,) = self._unpack("<H", at + 6)
            nodes += [self._unpack("<Q", at + 32 + 16 * child)[0] for child in range(count)]

    def _array(self, path: str, header: dict[int, bytes]) -> Array:
        if _DATATYPE not in header or _LAYOUT not in header:
            raise ValueError(f"{path!r} has no type or no place")
        space, kind, layout = header[_DATASPACE], header[_DATATYPE], header[_LAYOUT]
        if kind[0] & 0x0F != 1 or kind[1] & 0x41 or kind[4:8] != b"\4\0\0\0" or kind[8:20] != _FLOAT32:
            raise Unsupported(f"{path!r} is not of little-endian float32")
        if _FILTERS in header or layout[:2] != b"\3\1":
            raise Unsupported(f"{path!r} does not lie in one piece")
        version, rank = space[:2]
        shape = struct.unpack_from(f"<{rank}Q", space, {1: 8, 2: 4}[version])
        address, size = struct.unpack_from("<QQ", layout, 2)
        if checked_size(shape) * 4 != size:
            raise ValueError(f"{path!r} has {size} bytes for the shape {shape}")
        if address == _NOWHERE:
            raise Unsupported(f"{path!r} was never written")
        if address + size > len(self._data):
            raise ValueError(f"{path!r} would lie past the end of the file")
        # A view, no copy: many arrays may claim the same bytes.
        return np.frombuffer(self._data, "<f4", prod(shape), address).reshape(shape)

    def _enter(self, address: int) -> None:
        if address in self._seen:
            raise ValueError("a part of it holds itself")
        self._seen.add(address)
        if len(self._seen) > _MOST_PARTS:
            raise Unsupported(f"it has more than {_MOST_PARTS} parts")

    def _bytes(self, start: int, size: int) -> bytes:
        if start + size > len(self._data):
            raise ValueError(f"a part of it would lie at {start}, past its end")
        return self._data[start : start + size]

    def _unpack(self, form: str, at: int) -> tuple[int, ...]:
        return struct.unpack(form, self._bytes(at, struct.calcsize(form)))
