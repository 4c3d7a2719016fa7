"""Writing notes as a MIDI file, which every music program opens."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from nodeflow.node import Context, NodeError, Params, choice, node, save
from nodeflow.values import Table
from nodes.io.draft import Draft
from nodes.sound.score import MOST_NOTES, Played, notes_in

_TICKS = 960  # a second: 480 a beat, at the 120 beats a minute that a file without a tempo has
_PROGRAMS = {"piano": 0, "electric piano": 4, "organ": 19, "guitar": 24, "strings": 48, "voice": 52, "flute": 73}


@node("io.midi_writer", category="Output", title="MIDI writer", resource="io", words="save export music notes record")
class MidiWriter:
    """Write notes into a MIDI file.

    It appears when the run ends, or stops, and at once where nothing streams into it. Wire the table of
    Notes, or any table with the columns start and end, in seconds, and key; loudness, 0 to 1, if it has it.
    """

    class Setup(Params):
        path: str = save("out/output.mid", "*.mid", "*.midi", doc="Where to; missing folders are made")
        sound: str = choice("piano", *_PROGRAMS, doc="What it is played back with", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        self._path, self._program = ctx.output(setup.path), _PROGRAMS[setup.sound]
        if self._path.suffix.lower() not in (".mid", ".midi"):
            raise NodeError(f"{self._path.name} does not end like a MIDI file.", "End it with .mid.")
        self._notes: list[Played] = []

    def run(self, notes: Table) -> None:
        found = notes_in(notes)
        if len(self._notes) + len(found) > MOST_NOTES:
            raise NodeError(f"There are more than {MOST_NOTES:,} notes.", "Write a shorter piece.")
        self._notes += found

    def complete(self) -> None:
        notes, self._notes = self._notes, []
        if notes:
            with Draft(self._path) as draft:
                draft.place.write_bytes(midi(notes, self._program))

    def close(self) -> None:
        self.complete()


def midi(notes: Iterable[Played], program: int) -> bytes:
    """A file with one track. Of two notes on one key that overlap, the second ends the first."""
    events: list[tuple[int, int, bytes]] = []
    for start, end, key, loudness in notes:
        first, last = round(max(0.0, start) * _TICKS), round(max(0.0, end) * _TICKS)
        strength = max(1, round(127 * loudness))
        events.append((first, 1, bytes((0x90, round(key), strength))))
        # At one moment, ends come before beginnings.
        events.append((max(last, first + 1), 0, bytes((0x80, round(key), 0))))
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
