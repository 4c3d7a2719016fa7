"""Notes that are written down, and notes that are played."""

from __future__ import annotations

import math
import re
from typing import Annotated

import numpy as np

from nodeflow.node import NodeError, Slider, Widget, node
from nodeflow.values import Audio, Table
from nodes.sound.music import NOTE_COLUMNS, note_name
from nodes.sound.score import notes_in

RATE = 44_100
_LONGEST = 3600.0  # seconds
_MOST_NOTES = 10_000
_PARTIALS = 8
_DECAY = 2.0  # a second
_ATTACK, _RELEASE = 0.005, 0.03  # seconds
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_NOTE = re.compile(r"([a-gA-G])(#|b)?(-?\d)?")


@node("sound.melody", category="Generate", title="Melody", parallel=True, words="music tune notes")
def melody(
    notes: Annotated[
        str, Widget("lines", doc="Names such as C4 F#3 Bb; + between those that sound at once, - for a rest")
    ] = "C4 E4 G4 C5 - A3+C4+E4",
    beat: Annotated[float, Slider(0.05, 5, unit="s", doc="How long each lasts")] = 0.5,
) -> Table:
    """Write down notes by their names. A number is the octave, and holds until there is another."""
    rows: list[tuple[float, float, str, int, float]] = []
    octave = 4
    for place, word in enumerate(notes.split()):
        if len(rows) > _MOST_NOTES or place * beat > _LONGEST:
            raise NodeError("The melody is longer than an hour.", "Write a shorter one.")
        for name in () if set(word) == {"-"} else word.split("+"):
            key, octave = _key(name, octave)
            rows.append((round(place * beat, 6), round((place + 1) * beat, 6), note_name(key), key, 0.8))
    return Table(NOTE_COLUMNS, tuple(rows))


@node(
    "sound.play",
    category="Generate",
    title="Play notes",
    parallel=True,
    time_limit=120,
    words="synthesizer synth music instrument",
)
def play(notes: Table, loud: Annotated[float, Slider(0, 1, doc="1 is as loud as it can be")] = 0.5) -> Audio:
    """Play a table of notes, such as Notes gives, on a plain plucked string."""
    rows = notes_in(notes)[:_MOST_NOTES]
    first = min((math.floor(note.start) for note in rows), default=0)  # notes of a later piece start there
    length = max((note.end for note in rows), default=0.0) - first
    if length > _LONGEST:
        raise NodeError("The notes are longer than an hour.", "Play a shorter piece.")
    sound = np.zeros(math.ceil((length + _RELEASE) * RATE), np.float32)
    for start, end, key, _ in rows:
        string = _string(440 * 2 ** ((key - 69) / 12), end - start)
        at = round((start - first) * RATE)
        sound[at : at + len(string)] += string[: len(sound) - at]
    return Audio((sound / max(1e-9, float(np.abs(sound).max(initial=0))) * np.float32(loud))[None], RATE)


def _string(hertz: float, seconds: float) -> np.ndarray:
    """A plucked string of about loudness 1; what would be too high for the rate is left out."""
    time = np.arange(max(0, math.ceil((seconds + _RELEASE) * RATE))) / RATE
    waves = np.zeros(len(time))
    for partial in range(1, _PARTIALS + 1):
        if 0 < hertz * partial < RATE / 2:
            waves += np.sin(2 * np.pi * hertz * partial * time) / partial * np.exp(-_DECAY * math.sqrt(partial) * time)
    edges = np.minimum(1, time / _ATTACK) * np.clip((seconds + _RELEASE - time) / _RELEASE, 0, 1)
    return np.asarray(waves * edges, np.float32)


def _key(name: str, octave: int) -> tuple[int, int]:
    """The MIDI number of a note's name, and the octave it named or that held. Raises NodeError."""
    found = _NOTE.fullmatch(name)
    if not found:
        raise NodeError(f"{name[:20]!r} is no note.", "Write names such as C4, F#3 or Bb, with spaces between.")
    letter, sign, number = found.groups()
    octave = int(number) if number else octave
    key = 12 * (octave + 1) + _STEPS[letter.lower()] + {"#": 1, "b": -1, None: 0}[sign]
    if not 0 <= key <= 127:
        raise NodeError(f"{name} is beyond what MIDI knows.", "Take an octave between 0 and 8.")
    return key, octave
