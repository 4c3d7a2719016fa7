"""The notes in a table: read in one way by what plays them and by what writes them."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from nodeflow.node import NodeError
from nodeflow.values import Table

COLUMNS = ("start", "end", "key")
MOST_NOTES = 1_000_000
LATEST = 72 * 3600.0
"""Seconds: later, a MIDI file could not say it."""
_LOUDNESS = 0.8
"""Where the table has no column for it."""


class Played(NamedTuple):
    """Start and end in seconds, `end` not before `start`; `key` 0..127, MIDI's number; `loudness` 0..1."""

    start: float
    end: float
    key: float
    loudness: float


def notes_in(table: Table) -> list[Played]:
    """The notes of a table with the columns start, end and key, and loudness if it has it. Raises NodeError."""
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise NodeError(f"The table has no column {missing[0]}.", "Wire Melody, or the table of Notes.")
    if len(table.rows) > MOST_NOTES:
        raise NodeError(f"There are more than {MOST_NOTES:,} notes.", "Write a shorter piece.")
    places = [table.columns.index(name) for name in COLUMNS]
    loud = table.columns.index("loudness") if "loudness" in table.columns else None
    return [_note([row[place] for place in places], None if loud is None else row[loud]) for row in table.rows]


def _note(cells: list[object], loudness: object) -> Played:
    start, end, key = map(_number, cells)
    if max(abs(start), abs(end)) > LATEST:
        raise NodeError(f"A note lies at {max(start, end, key=abs):.0f} seconds.", "Take a shorter piece.")
    strength = _LOUDNESS if loudness is None else _number(loudness)
    return Played(start, max(start, end), min(127.0, max(0.0, key)), min(1.0, max(0.0, strength)))


def _number(cell: object) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
        raise NodeError(f"{cell!r} is no number.", "Wire Melody, or the table of Notes.")
    return float(cell)
