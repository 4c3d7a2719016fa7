"""Checkpoints of TensorFlow: read as they were written, and refused where they are not what they claim."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.tf_checkpoint.bundle import read_arrays


def varint(number: int) -> bytes:
    parts = []
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """Keys share with the one before what they can."""
    out, before = b"", b""
    for key, value in entries:
        shared = next(
            (n for n, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), min(len(key), len(before))
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return out + struct.pack("<II", 0, 1)


def write(folder: Path, named: dict[str, np.ndarray], *, size: int = 3, packed: int = 0) -> Path:
    """A checkpoint with so many entries in each block."""
    data, entries = b"", [(b"", field(1, 1))]
    for name in sorted(named):
        array = named[name]
        shape = b"".join(field(2, field(1, side)) for side in array.shape)
        kind = 1 if array.dtype == np.float32 else 9
        entries.append((name.encode(), field(1, kind) + field(2, shape) + field(4, len(data)) + field(5, array.nbytes)))
        data += array.tobytes()
    table, index = b"", []
    for at in range(0, len(entries), size):
        part = block(entries[at : at + size])
        index.append((entries[min(at + size, len(entries)) - 1][0], varint(len(table)) + varint(len(part))))
        table += part + bytes([packed]) + bytes(4)
    about = block([])
    places = varint(len(table)) + varint(len(about))
    table += about + bytes(5)
    where = block(index)
    places += varint(len(table)) + varint(len(where))
    table += where + bytes(5) + places.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)
    (folder / "variables.index").write_bytes(table)
    (folder / "variables.data-00000-of-00001").write_bytes(data)
    return folder / "variables.index"


names = st.text("abc/-0", min_size=1, max_size=12)
floats = arrays.arrays(np.float32, arrays.array_shapes(max_dims=4, max_side=4), elements=st.floats(-9, 9, width=32))


@given(st.dictionaries(names, floats, max_size=9), st.integers(1, 5))
def test_what_was_saved_comes_out(
    tmp_path_factory: pytest.TempPathFactory, there: dict[str, np.ndarray], size: int
) -> None:
    path = write(tmp_path_factory.mktemp("saved"), there | {"zz": np.array([7], np.int64)}, size=size)
    found = read_arrays(path)
    assert found.keys() == there.keys()
    for name, array in there.items():
        np.testing.assert_array_equal(found[name], array)


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"a": np.ones(3, np.float32)})
    whole, data = path.read_bytes(), path.with_name("variables.data-00000-of-00001")
    for broken in (b"", whole[:-1], whole[:-60], whole.replace(b"\x0c", b"\x0d")):
        path.write_bytes(broken)
        with pytest.raises(ValueError, match=r"index|outside|within|end"):
            read_arrays(path)
    path.write_bytes(whole)
    data.write_bytes(b"")
    with pytest.raises(ValueError, match="'a' does not lie within"):
        read_arrays(path)
    with pytest.raises(Unsupported, match="compressed"):
        read_arrays(write(tmp_path, {}, packed=1))
    with pytest.raises(ImportFailed, match=r"there is no 'layer_with_weights-0/kernel'"):
        to_onnx(write(tmp_path, {"a": np.ones(3, np.float32)}), architecture="yamnet", dest=tmp_path / "made.onnx")


def test_names_cannot_grow_beyond_what_is_in_the_file(tmp_path: Path) -> None:
    named = {"a" * 900 + str(number): np.ones(1, np.float32) for number in range(3)}
    assert read_arrays(write(tmp_path, named)).keys() == named.keys()
    with pytest.raises(ValueError, match="a name has 2001 bytes"):
        read_arrays(write(tmp_path, {"a" * 2000 + str(number): np.ones(1, np.float32) for number in range(3)}))


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_byte_never_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    path = write(
        tmp_path_factory.mktemp("damaged"), {"a/b": np.ones((3, 2), np.float32), "a/c": np.ones(4, np.float32)}
    )
    whole = path.read_bytes()
    place %= len(whole)
    path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
    try:
        read_arrays(path)
    except ValueError:
        pass
