"""How large a picture file says it is, without decoding it.

A few bytes of PNG, JPEG or TIFF can ask for gigabytes. Their headers are read here first, to say so; pictures of the
other formats that claim as much OpenCV refuses, as `nodeflow` tells it to.
"""

from __future__ import annotations

import re
import struct

_FILL = re.compile(b"\xff+")
_MOST_SEGMENTS = 10_000
"""Of a JPEG, before its size: cameras write some dozens."""


def claimed_pixels(data: bytes) -> int:
    """Width times height as the header of a PNG, JPEG or TIFF says; 0 for other or broken files."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", data, 16)
        elif data.startswith(b"\xff\xd8"):
            width, height = _jpeg(data)
        elif data[:4] in (b"II*\0", b"MM\0*"):
            width, height = _tiff(data)
        else:
            return 0
    except (struct.error, KeyError):
        return 0
    return int(width * height)


def _jpeg(data: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header, SOF0..SOF15 (ITU-T T.81, B.2.2); C4, C8 and CC are other things. Any
    number of FF may stand before a marker (B.1.1.2)."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if fill := _FILL.match(data, at):
            at = fill.end() - 1
        marker, length = struct.unpack_from(">HH", data, at)
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + max(2, length)
    return 0, 0


def _tiff(data: bytes) -> tuple[int, int]:
    """The first directory's entries 256 (width) and 257 (height), each a short or a long (TIFF 6.0, section 2)."""
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, at)
    found = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from(f"{order}HH", data, entry)
        if tag in (256, 257):
            (found[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, entry + 8)
    return found[256], found[257]
