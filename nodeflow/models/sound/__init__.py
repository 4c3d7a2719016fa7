"""What can be heard: where somebody speaks, which notes sound, how high a voice is.

    voice = open_task("voice-activity", "silero-vad")
    likely = voice(audio)                # one likelihood for each 32 ms; the next piece goes on where this one ended
    voice.begin()                        # what comes now has nothing to do with what came before

    notes = open_task("notes", "basic-pitch")(audio)
    curve = open_task("pitch", "crepe-tiny")(audio)
    events = open_task("sound-events", "yamnet")(audio)

Sound of any rate and any number of channels may be given: models mix and resample it as they need it.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Audio

__all__ = ["Curve", "EventModel", "Events", "Note", "NoteModel", "PitchModel", "VoiceModel"]

Floats = NDArray[np.float32]


class VoiceModel(Opened, Protocol):
    """Tells speech from everything else, window by window. It remembers what it heard: one instance for each stream."""

    @property
    def window(self) -> float:
        """Seconds of a window."""
        ...

    def __call__(self, audio: Audio, last: bool = False) -> Floats:
        """How likely somebody speaks in each window that `audio` completes, 0..1; none for a piece too short.

        With `last`, what is left over is filled up with silence. Raises BadModel.
        """
        ...

    def begin(self) -> None:
        """Forget what was heard."""
        ...


class Note(NamedTuple):
    """A note from `start` to `end`, in seconds; `key` is its MIDI number (69 is the A of 440 Hz), `loudness` 0..1."""

    start: float
    end: float
    key: int
    loudness: float


class NoteModel(Opened, Protocol):
    """Writes down the notes of music, also several at once. It hears each sound afresh."""

    def __call__(self, audio: Audio, *, onset: float, sounding: float, shortest: float) -> list[Note]:
        """The notes, by their beginnings: those whose beginning is `onset` sure (0..1), while their key is `sounding`
        sure, and that last longer than `shortest` seconds. Raises BadModel."""
        ...


class Curve(NamedTuple):
    """How high a voice is: `time` in seconds, `hertz`, and how sure the model is (0..1), each float32 N."""

    time: Floats
    hertz: Floats
    score: Floats


class PitchModel(Opened, Protocol):
    """Tells how high one voice or instrument is. It hears each sound afresh."""

    def __call__(self, audio: Audio) -> Curve:
        """The pitch every 10 ms, as far as the sound fills the model's window around it. Raises BadModel."""
        ...


class Events(NamedTuple):
    """What is heard in stretches of `length` seconds that begin at `start`, float32 N: `likely` float32 N x sounds, of
    which several may be heard at once, 0..1 each."""

    start: Floats
    length: float
    likely: Floats


class EventModel(Opened, Protocol):
    """Tells sounds of all kinds apart. It hears each sound afresh."""

    @property
    def names(self) -> tuple[str, ...]:
        """The sounds that it knows."""
        ...

    @property
    def shortest(self) -> float:
        """So many seconds it needs; a shorter sound is filled up with silence."""
        ...

    def __call__(self, audio: Audio) -> Events:
        """How likely each sound is, stretch by stretch. Raises BadModel."""
        ...
