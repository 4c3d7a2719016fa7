"""What is heard: sounds of all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.node import Context, ModelRef, Params, Tick, model, node, slider
from nodeflow.values import Audio, Classes, Table
from nodes.sound.memory import Memory

if TYPE_CHECKING:
    from nodeflow.models.sound import EventModel, Events

_COLUMNS = ("start", "end", "label", "score")
_GAP = 0.25
"""Seconds by which a piece may come too late or too early; beyond, it does not go on where the last one ended."""


class Heard(NamedTuple):
    classes: Classes
    events: Table


@node("sound.events", category="Find/Sound", title="Sound events", time_limit=600)
class SoundEvents:
    """Tell what is heard: voices, animals, music, machines, weather.

    Classes are those of the whole piece; events are a row for each sound, from when to when. A piece shorter than the
    second that the model needs is heard together with what came before it.
    """

    class Setup(Params):
        model: ModelRef = model(task="sound-events", default="yamnet", doc="It knows 521 sounds")

    class Live(Params):
        score: float = slider(0.3, 0.01, 1, doc="How sure the model must be of an event")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: EventModel = open_for(ctx, "sound-events", setup.model)
        self._memory, self._zero = Memory(), 0.0

    def run(self, audio: Audio, live: Live, tick: Tick) -> Heard:
        if abs(tick.time - (self._zero + self._memory.end)) > max(_GAP, audio.seconds / 2):
            self._memory, self._zero = Memory(), tick.time
        self._memory.add(audio)
        end = self._memory.end
        start = max(0.0, end - max(audio.seconds, self._model.shortest))
        found = self._model(self._memory.between(start, end))
        self._memory.forget(end - self._model.shortest)
        names = self._model.names
        rows = tuple(
            (round(self._zero + start + first, 2), round(self._zero + start + last, 2), names[sound], round(score, 3))
            for first, last, sound, score in stretches(found, live.score)
        )
        return Heard(Classes(found.likely.mean(axis=0), names), Table(_COLUMNS, rows))

    def close(self) -> None:
        self._model.close()


def stretches(found: Events, score: float) -> list[tuple[float, float, int, float]]:
    """Start, end, sound and best score of each sound, while the model is at least `score` sure without a break; by
    their starts, the surest first."""
    made: list[tuple[float, float, int, float]] = []
    sure = found.likely >= score
    for sound in np.flatnonzero(sure.any(axis=0)).tolist():
        edges = np.flatnonzero(np.diff(sure[:, sound].astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
        for first, behind in edges.tolist():
            best = float(found.likely[first:behind, sound].max())
            made.append((float(found.start[first]), float(found.start[behind - 1]) + found.length, sound, best))
    return sorted(made, key=lambda each: (each[0], -each[3]))
