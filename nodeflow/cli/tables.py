"""Tables for terminals."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Iterator, Sequence


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Lines of columns as wide as what stands in them, those of `right` set to the right; on a terminal no longer than
    that."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for row in rows:
        cells = [
            text.rjust(wide) if place in right else text.ljust(wide)
            for place, (text, wide) in enumerate(zip(row, widths, strict=True))
        ]
        line = "  ".join(cells).rstrip()
        yield line if len(line) <= most else f"{line[: most - 1]}\u2026"
