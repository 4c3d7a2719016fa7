"""Image files: every form of pixel becomes RGB, and no file brings the program down."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, run_node
from nodeflow.values import Image
from nodes.io.image import ImageFile, read_image
from nodes.io.picture_size import claimed_pixels
from nodes.io.png import without_profile

BGR = np.zeros((6, 9, 3), np.uint8)
BGR[:, :4] = (10, 100, 200)
BGR[:, 4:] = (250, 60, 30)


def read(folder: Path, name: str, data: bytes) -> Image:
    (folder / name).write_bytes(data)
    return run_node(ImageFile, ctx=NodeContext(folder), file=name)


def encoded(ending: str, picture: np.ndarray, *options: int) -> bytes:
    return cv2.imencode(ending, picture, options)[1].tobytes()


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tif", ".webp"])
def test_lossless_formats_are_read_exactly(tmp_path: Path, ending: str) -> None:
    image = read(tmp_path, f"bild größe 写真{ending}", encoded(ending, BGR, cv2.IMWRITE_WEBP_QUALITY, 101))
    assert np.array_equal(image.array, BGR[..., ::-1])
    assert image.frame.size == (9, 6)


def test_grey_sixteen_bits_and_transparency(tmp_path: Path) -> None:
    grey = read(tmp_path, "grey.png", encoded(".png", BGR[..., 0]))
    assert np.array_equal(grey.array, np.repeat(BGR[..., :1], 3, axis=2))
    deep = read(tmp_path, "deep.png", encoded(".png", BGR.astype(np.uint16) * 257))
    assert np.array_equal(deep.array, BGR[..., ::-1])
    for alpha, depth in ((128, 1), (0, 1), (255, 1), (128, 257)):
        rgba = (
            np.dstack([BGR, np.full(BGR.shape[:2], alpha, np.uint8)]).astype(np.uint8 if depth == 1 else np.uint16)
            * depth
        )
        image = read(tmp_path, "alpha.png", encoded(".png", rgba))
        assert np.abs(image.array - BGR[..., ::-1] * (alpha / 255)).max() <= 0.51


def test_an_odd_colour_profile_changes_nothing_and_makes_no_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = cv2.imencode(".png", BGR)[1].tobytes()
    profile = b"odd\0\0" + zlib.compress(bytes(128))
    chunk = b"iCCP" + profile
    odd = plain[:33] + struct.pack(">I", len(profile)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + plain[33:]
    (tmp_path / "odd.png").write_bytes(odd)
    cv2.imdecode(np.frombuffer(odd, np.uint8), cv2.IMREAD_COLOR)
    assert "iCCP" in capfd.readouterr().err, "libpng complains of it"
    assert np.array_equal(read_image(tmp_path / "odd.png").array, BGR[..., ::-1])
    assert capfd.readouterr().err == ""
    assert without_profile(odd) == plain


@given(st.binary(max_size=200))
def test_only_a_profile_is_taken_out_of_a_png(tail: bytes) -> None:
    data = b"\x89PNG\r\n\x1a\n" + tail
    assert without_profile(data) == data or b"iCCP" in tail
    assert without_profile(tail) == tail


def test_a_photo_taken_sideways_stands_upright(tmp_path: Path) -> None:
    jpeg = encoded(".jpg", BGR, cv2.IMWRITE_JPEG_QUALITY, 100)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"  # orientation 6: turn right
    image = read(tmp_path, "photo.jpg", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    assert image.frame.size == (6, 9)
    assert np.abs(image.array.astype(int) - np.rot90(BGR[..., ::-1], -1)).mean() < 12


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_file_that_would_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"bomb\.png claims more than 268 million pixels"):
        read(tmp_path, "bomb.png", _png(30_000, 30_000))


def _huge_jpeg() -> bytes:
    """A frame header with a fill byte before it."""
    small = encoded(".jpg", np.zeros((16, 16, 3), np.uint8))
    at = small.index(b"\xff\xc0")
    return small[:at] + b"\xff" + small[at : at + 5] + struct.pack(">HH", 20_000, 20_000) + small[at + 9 :]


def _huge_bmp() -> bytes:
    """Packed as runs, of which there are few."""
    info = struct.pack("<IiiHHIIiiII", 40, 20_000, 20_000, 1, 8, 1, 100, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + 40 + 1024) + info + bytes(1024) + b"\0\1" * 50


def _huge_gif() -> bytes:
    size = struct.pack("<HH", 20_000, 20_000)
    return b"GIF89a" + size + b"\x80\0\0" + b"\0\0\0\xff\xff\xff," + bytes(4) + size + b"\0\x02\x02\x44\x01\0;"


def test_a_size_is_found_behind_bytes_that_fill_and_a_file_of_them_is_soon_over() -> None:
    assert claimed_pixels(_huge_jpeg()) == 20_000 * 20_000
    assert claimed_pixels(b"\xff\xd8" + b"\xff" * 10_000_000) == 0
    assert claimed_pixels(b"\xff\xd8" + b"\xff\xe0\0\0" * 1_000_000) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells so how much memory a program took")
@pytest.mark.parametrize("data", [_huge_bmp(), _huge_gif()], ids=["bmp", "gif"])
def test_no_format_unpacks_to_gigabytes(tmp_path: Path, data: bytes) -> None:
    """In a program that has OpenCV from us: it looks once how large a picture may be."""
    (tmp_path / "bomb").write_bytes(data)
    program = """
import sys
from pathlib import Path
from nodeflow.node import NodeError
from nodes.io.image import read_image
try:
    read_image(Path(sys.argv[1]))
except NodeError as refused:
    (most,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print(refused, int(most.split()[1]) < 600_000)
"""
    said = subprocess.run([sys.executable, "-c", program, str(tmp_path / "bomb")], capture_output=True, text=True)
    assert said.stdout == "bomb is not a picture that can be read. True\n"


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("size", [(1, 1), (17, 3), (300, 500)])
def test_headers_are_read_rightly(ending: str, size: tuple[int, int]) -> None:
    assert claimed_pixels(encoded(ending, np.zeros((*size, 3), np.uint8))) == size[0] * size[1]


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    whole = encoded(".png", BGR)
    for data in (b"", b"hello\n" * 99, whole[:30]):
        with pytest.raises(NodeError, match=r"file\.png") as caught:
            read(tmp_path, "file.png", data)
        assert caught.value.hint
    with pytest.raises(NodeError, match="No image file is chosen"):
        run_node(ImageFile)


@settings(max_examples=80)
@given(data=st.data())
def test_no_broken_picture_crashes(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = bytearray(encoded(data.draw(st.sampled_from([".png", ".jpg", ".tif", ".bmp", ".webp"])), BGR))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + 8] = data.draw(st.binary(max_size=8))
    try:
        image = read(
            tmp_path_factory.getbasetemp(), "broken.png", bytes(whole[: data.draw(st.integers(0, len(whole)))])
        )
    except NodeError as fault:
        said = fault.message
    else:
        said = "broken.png" if image.array.dtype == np.uint8 else str(image)
    assert "broken.png" in said
