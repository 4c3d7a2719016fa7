"""Notes, and how high a voice is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.node import Context, ModelRef, Nothing, Params, Tick, model, node, number, slider
from nodeflow.values import Audio, Number, Table, Text

if TYPE_CHECKING:
    from nodeflow.models.sound import NoteModel, PitchModel

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_A4, _A4_HERTZ = 69, 440.0
NOTE_COLUMNS = ("start", "end", "note", "key", "loudness")


@node("sound.notes", category="Find/Sound", title="Notes", time_limit=3600)
class Notes:
    """Write down the notes of music, also several at once: a row for each, with its times and its name.

    Give it a whole file in one piece, or long pieces: where one ends, its notes end, too. Key is the note's MIDI
    number. One instrument at a time is heard best.
    """

    class Setup(Params):
        model: ModelRef = model(task="notes", default="basic-pitch", doc="It knows the 88 keys of a piano")

    class Live(Params):
        onset: float = slider(0.5, 0.05, 0.95, doc="How sure the beginning of a note must be; lower finds more")
        sounding: float = slider(0.3, 0.05, 0.95, doc="How sure a note must sound to go on; lower makes longer notes")
        shortest: float = number(0.128, 0.02, 2.0, step=0.01, unit="s", doc="Leave out what is shorter")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: NoteModel = open_for(ctx, "notes", setup.model)

    def run(self, audio: Audio, live: Live, tick: Tick) -> Table:
        found = self._model(audio, onset=live.onset, sounding=live.sounding, shortest=live.shortest)
        rows = tuple(
            (
                round(tick.time + each.start, 3),
                round(tick.time + each.end, 3),
                note_name(each.key),
                each.key,
                round(each.loudness, 3),
            )
            for each in found
        )
        return Table(NOTE_COLUMNS, rows)

    def close(self) -> None:
        self._model.close()


class Heard(NamedTuple):
    pitch: Number
    note: Text
    score: Number
    curve: Table


@node("sound.pitch", category="Find/Sound", title="Pitch", time_limit=600)
class Pitch:
    """Tell how high one voice or instrument is: in Hz, as a note, and as a curve every 10 ms.

    There is none while the model is not sure: in silence, in noise, where several sound at once.
    """

    class Setup(Params):
        model: ModelRef = model(task="pitch", default="crepe-tiny", doc="It hears 64 ms at a time")

    class Live(Params):
        score: float = slider(0.6, 0, 1, doc="How sure the model must be")
        silence: float = number(-50.0, -90.0, 0.0, unit="dB", doc="What is quieter has no pitch", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: PitchModel = open_for(ctx, "pitch", setup.model)

    def run(self, audio: Audio, live: Live, tick: Tick) -> Heard | Nothing:
        if level(audio) < live.silence:
            return Nothing("it is too quiet")
        time, hertz, score = self._model(audio)
        sure = score >= live.score
        if not sure.any():
            return Nothing("no pitch is sure enough")
        rows = tuple(
            (round(tick.time + float(at), 3), round(float(high), 2), round(float(how), 3))
            for at, high, how in zip(time[sure], hertz[sure], score[sure], strict=True)
        )
        middle = float(np.median(hertz[sure]))
        curve = Table(("time", "hertz", "score"), rows)
        return Heard(Number(middle, "Hz"), Text(nearest_note(middle)), Number(float(score[sure].mean())), curve)

    def close(self) -> None:
        self._model.close()


@node("sound.level", category="Find/Sound", title="Level", parallel=True, words="volume loudness amplitude meter rms")
def loudness(audio: Audio) -> Number:
    """How loud a piece is, in dB below the loudest there can be: 0 is full, -60 nearly silent."""
    return Number(level(audio), "dB")


def level(audio: Audio) -> float:
    """The mean level of a sound in dB of full scale, -120 or more."""
    power = float(np.mean(np.square(audio.samples, dtype=np.float64))) if audio.samples.size else 0.0
    return max(-120.0, 10 * math.log10(max(power, 1e-12)))


def note_name(key: int) -> str:
    """A MIDI number as a note: 60 is C4."""
    return f"{_NAMES[key % 12]}{key // 12 - 1}"


def nearest_note(hertz: float) -> str:
    """The nearest note, and by how many hundredths of a semitone it is missed: "A4 +12"."""
    exact = _A4 + 12 * math.log2(hertz / _A4_HERTZ)
    key = round(exact)
    cents = round(100 * (exact - key))
    return f"{note_name(key)} {cents:+}" if cents else note_name(key)
