"""Sizes in bytes, as people read them. Pure."""

from __future__ import annotations


def size_text(size: float) -> str:
    """Bytes in few digits: "512 kB", "3.4 MB", "51 MB", "1.2 GB". A kB is a thousand bytes, as disks have it; only
    nothing is "0 kB"."""
    for unit, many in (("GB", 1e9), ("MB", 1e6)):
        if size >= many:
            number = size / many
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
    return f"{max(1, round(size / 1e3)) if size else 0} kB"
