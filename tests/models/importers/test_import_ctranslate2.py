"""Files that CTranslate2 packed: read as they were written, and refused where they are not what they claim."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.importers.ctranslate2.reader import read_packed

KINDS = {"<f4": 0, "<i1": 1, "<i2": 2, "<i4": 3, "<f2": 4}


def text(words: str) -> bytes:
    data = words.encode() + b"\0"
    return struct.pack("<H", len(data)) + data


def packed(form: str, named: dict[str, np.ndarray], version: int = 6) -> bytes:
    parts = [struct.pack("<I", version), text(form), struct.pack("<II", 1, len(named))]
    for name, array in named.items():
        kind = next(kind for code, kind in KINDS.items() if np.dtype(code) == array.dtype)
        shape = struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        parts += [text(name), shape, struct.pack("<BI", kind, array.nbytes), array.tobytes()]
    return b"".join([*parts, struct.pack("<I", 0)])


names = st.text("abc/_", min_size=1, max_size=9)
floats = arrays.arrays(
    st.sampled_from(["<f4", "<f2"]), arrays.array_shapes(max_dims=3), elements=st.floats(-9, 9, width=16)
)


@given(st.dictionaries(names, floats, max_size=5), st.integers(-100, 100))
def test_what_was_packed_comes_out(
    tmp_path_factory: pytest.TempPathFactory, there: dict[str, np.ndarray], number: int
) -> None:
    path = tmp_path_factory.mktemp("packed") / "model.bin"
    path.write_bytes(packed("Spec", there | {"#heads": np.array(number, "<i1")}))
    found = read_packed(path)
    assert (found.form, found.settings) == ("Spec", {"#heads": number})
    assert found.weights.keys() == there.keys()
    for name, array in there.items():
        np.testing.assert_array_equal(found.weights[name], array.astype(np.float32))


WHOLE = packed(
    "WhisperSpec", {"encoder/conv1/weight": np.ones((4, 80, 3), "<f2"), "encoder/num_heads": np.array(2, "<i2")}
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WHOLE[:40],
        packed("WhisperSpec", {}, version=7),
        packed("OtherSpec", {"encoder/num_heads": np.array(2, "<i2")}),
        packed("WhisperSpec", {"weight": np.ones((3, 3), "<i1")}),
        WHOLE,
        struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 1, 2**31),
        WHOLE.replace(struct.pack("<3I", 4, 80, 3), struct.pack("<3I", 2**31, 80, 3)),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(data)
    with pytest.raises(ImportFailed, match=r"model\.bin"):
        to_onnx(tmp_path / "model.bin", architecture="whisper-encoder", dest=tmp_path / "made.onnx")
    assert [each.name for each in tmp_path.iterdir()] == ["model.bin"]


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_damaged_byte_never_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "model.bin"
    path.write_bytes(WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :])
    try:
        read_packed(path)
    except (ValueError, UnicodeDecodeError, struct.error):
        pass
