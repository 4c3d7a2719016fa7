"""Writing notes as a MIDI file, which every music program opens."""

from __future__ import annotations

import struct

from nodeflow.node import Context, NodeError, Params, choice, node, save
from nodeflow.values import Table
from nodes.io.draft import Draft

_TICKS = 960  # a second: 480 a beat, at the 120 beats a minute that a file without a tempo has
_PROGRAMS = {"piano": 0, "electric piano": 4, "organ": 19, "guitar": 24, "strings": 48, "voice": 52, "flute": 73}
_MOST_NOTES = 1_000_000
_COLUMNS = ("start", "end", "key")


@node("io.midi_writer", category="Output", title="MIDI writer", resource="io")
class MidiWriter:
    """Write notes into a MIDI file. It appears when the run ends, or stops.

    Wire the table of Notes, or any table with the columns start and end, in seconds, and key; loudness, 0 to 1, if it
    has it.
    """

    class Setup(Params):
        path: str = save("out/output.mid", "*.mid", "*.midi", doc="Where to; missing folders are made")
        sound: str = choice("piano", *_PROGRAMS, doc="What it is played back with", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        self._path, self._program = ctx.output(setup.path), _PROGRAMS[setup.sound]
        if self._path.suffix.lower() not in (".mid", ".midi"):
            raise NodeError(f"{self._path.name} does not end like a MIDI file.", "End it with .mid.")
        self._notes: list[Note] = []

    def run(self, notes: Table) -> None:
        missing = [name for name in _COLUMNS if name not in notes.columns]
        if missing:
            raise NodeError(f"The table has no column {missing[0]}.", "Wire the table of Notes.")
        places = [notes.columns.index(name) for name in _COLUMNS]
        loud = notes.columns.index("loudness") if "loudness" in notes.columns else None
        for row in notes.rows:
            start, end, key = (_number(row[place]) for place in places)
            strength = 0.8 if loud is None else _number(row[loud])
            self._notes.append((start, max(end, start), min(127, max(0, round(key))), strength))
        if len(self._notes) > _MOST_NOTES:
            raise NodeError(f"There are more than {_MOST_NOTES:,} notes.", "Write a shorter piece.")

    def close(self) -> None:
        if self._notes:
            with Draft(self._path) as draft:
                draft.place.write_bytes(midi(self._notes, self._program))


Note = tuple[float, float, int, float]
"""Start and end in seconds, key 0..127, loudness 0..1."""


def midi(notes: list[Note], program: int) -> bytes:
    """A file with one track. Of two notes on one key that overlap, the second ends the first."""
    events: list[tuple[int, int, bytes]] = []
    for start, end, key, loudness in notes:
        first, last = round(max(0.0, start) * _TICKS), round(max(0.0, end) * _TICKS)
        strength = min(127, max(1, round(127 * loudness)))
        events.append((first, 1, bytes((0x90, key, strength))))
        events.append((max(last, first + 1), 0, bytes((0x80, key, 0))))  # at one moment, ends come before beginnings
    track, now = [_length(0) + bytes((0xC0, program))], 0
    for at, _, event in sorted(events):
        track.append(_length(at - now) + event)
        now = at
    track.append(_length(0) + b"\xff\x2f\x00")
    body = b"".join(track)
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS // 2) + b"MTrk" + struct.pack(">I", len(body)) + body


def _length(ticks: int) -> bytes:
    """A number in as many bytes as it needs, 7 bits in each, the highest bit set in all but the last."""
    parts = [ticks & 0x7F]
    while ticks := ticks >> 7:
        parts.append(ticks & 0x7F | 0x80)
    return bytes(reversed(parts))


def _number(cell: object) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise NodeError(f"{cell!r} is no number.", "Wire the table of Notes.")
    return float(cell)
