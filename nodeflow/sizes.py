"""Sizes in bytes, as people read them. Pure."""

from __future__ import annotations

import re

_UNITS = {"": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000}
_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,3})?)\s*([a-z]{0,2})\s*", re.IGNORECASE)


def size_text(size: float) -> str:
    """Bytes in few digits: "512 kB", "3.4 MB", "51 MB", "1.2 GB". A kB is a thousand bytes, as disks have it; only
    nothing is "0 kB"."""
    for unit, many in (("GB", 1e9), ("MB", 1e6)):
        if size >= many:
            number = size / many
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
    return f"{max(1, round(size / 1e3)) if size else 0} kB"


def bytes_of(text: str) -> int | None:
    """The bytes that a size in words stands for: "500 MB", "2GB", "1.5 gb", "4096". None where it is no size."""
    match = _SIZE.fullmatch(text)
    unit = _UNITS.get(match[2].lower()) if match else None
    return round(float(match[1]) * unit) if match and unit else None
