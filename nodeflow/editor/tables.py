"""A table as it is seen where there is little room: numbers of one column alike, and whole while words can give way.
Pure.

    columns = columns_of(rows, first=0, count=8)
    spots = spots_of(columns, room=320.0, width=lambda text: ..., gap=12.0)     # left and width of each
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from nodeflow.editor.numbers import cell, number
from nodeflow.engine.look import Cell, Rows

_WORD: Final = 64.0
"""What a column of words keeps of its width, as long as there is any way."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is written in one column, row by row; `numeric` ones stand at the right."""

    title: str
    texts: tuple[str, ...]
    numeric: bool


def columns_of(rows: Rows, first: int = 0, count: int = 1 << 30, most: int = 1 << 30) -> list[Column]:
    """The `count` rows from `first` on, of the first `most` columns."""
    seen = rows.rows[first : first + count]
    columns = []
    for place, title in enumerate(rows.columns[:most]):
        values = [row[place] if place < len(row) else None for row in seen]
        known = [value for value in values if value is not None]
        numeric = bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
        columns.append(Column(title, tuple(_alike(values) if numeric else map(cell, values)), numeric))
    return columns


def spots_of(
    columns: Sequence[Column], room: float, width: Callable[[str], float], gap: float
) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is, `gap` after it included. Where not all has room, words give way
    before numbers do."""
    widths = [max(map(width, (column.title, *column.texts))) + gap for column in columns]
    words = sorted(wide for column, wide in zip(columns, widths, strict=True) if not column.numeric)
    left = room - sum(widths) + sum(words)
    for place, wide in enumerate(words):  # the widest give way, those that are narrow already keep what they have
        most = max(left / (len(words) - place), _WORD)
        if wide > most:
            widths = [wide if column.numeric else min(wide, most) for column, wide in zip(columns, widths, strict=True)]
            break
        left -= wide
    scale = min(1.0, room / max(sum(widths), 1.0))
    spots, left = [], 0.0
    for wide in widths:
        spots.append((left, wide * scale))
        left += wide * scale
    return spots


def _alike(values: Sequence[Cell]) -> list[str]:
    """Numbers with as many decimals as the largest of them needs, so that they can be compared down the column."""
    floats = [value for value in values if isinstance(value, float) and isfinite(value)]
    largest = max(map(abs, floats), default=0.0)
    if all(value == round(value) for value in floats) or not 0.01 <= largest < 1e6:
        return [number(value) if isinstance(value, float) else cell(value) for value in values]
    decimals = 3 if largest < 0.1 else 2 if largest < 10.0 else 1 if largest < 100.0 else 0
    return [
        f"{value:.{decimals}f}" if isinstance(value, float) and isfinite(value) else cell(value) for value in values
    ]
