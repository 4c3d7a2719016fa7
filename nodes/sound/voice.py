"""Where somebody speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nodeflow.node import Context, ModelRef, Params, Tick, choice, model, node, number, slider
from nodeflow.values import Audio, Boolean, Number, Table
from nodes.sound.memory import Memory

if TYPE_CHECKING:
    from nodeflow.models.sound import VoiceModel
    from nodeflow.models.sound.segments import Segment

_FOLLOW, _OWN = "follow one another", "are sounds of their own"
_GAP = 0.25
"""Seconds by which a piece may come too late or too early; beyond, something is missing between it and the last."""


class Heard(NamedTuple):
    speech: Boolean
    score: Number
    segments: Table
    utterances: list[Audio]


@node("sound.voice", category="Find/Sound", title="Voice activity")
class VoiceActivity:
    """Tell whether somebody speaks, from when to when, and cut out what was said.

    Speech and score tell of each piece. Segments and utterances come when they have ended: their times, and their
    sound, ready for Speech to text. A whole file in one piece is a sound of its own.
    """

    class Setup(Params):
        model: ModelRef = model(task="voice-activity", default="silero-vad", doc="It hears 32 ms at a time")
        pieces: str = choice(_FOLLOW, _FOLLOW, _OWN, doc="Whether a piece goes on where the last one ended")
        silence: float = number(0.4, 0.05, 10.0, step=0.05, unit="s", doc="An utterance ends after such a silence")
        least: float = number(0.25, 0.0, 10.0, step=0.05, unit="s", doc="Shorter ones are none", essential=False)
        most: float = number(28.0, 1.0, 600.0, unit="s", doc="Longer ones are cut in two", essential=False)
        room: float = number(0.1, 0.0, 2.0, step=0.05, unit="s", doc="Kept before and behind", essential=False)

    class Live(Params):
        score: float = slider(0.5, 0.05, 0.99, doc="How sure the model must be")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._setup = setup
        self._model: VoiceModel = open_for(ctx, "voice-activity", setup.model)
        self._begin(0.0)

    def run(self, audio: Audio, live: Live, tick: Tick) -> Heard:
        own = self._setup.pieces == _OWN
        if own or self._is_torn(tick.time, audio.seconds):
            self._begin(tick.time)
        likely = self._model(audio, last=own)
        self._memory.add(audio)
        done = self._find.push(likely.tolist(), live.score)
        if own:
            done += self._find.end(self._memory.end)
        heard = [self._cut(segment) for segment in done]
        self._forget()
        rows = tuple((round(self._zero + each.start, 3), round(self._zero + each.end, 3)) for each in done)
        best = float(likely.max()) if len(likely) else 0.0
        return Heard(Boolean(best >= live.score), Number(best), Table(("start", "end"), rows), heard)

    def close(self) -> None:
        self._model.close()

    def _begin(self, time: float) -> None:
        from nodeflow.models.sound.segments import Segments

        setup = self._setup
        self._zero = time
        self._memory = Memory()
        self._find = Segments(self._model.window, setup.least, setup.silence, setup.most)
        self._cut_to = 0.0
        self._model.begin()

    def _is_torn(self, time: float, seconds: float) -> bool:
        """Whether a piece that begins at `time` does not go on where the last one ended."""
        return abs(time - (self._zero + self._memory.end)) > max(_GAP, seconds / 2)

    def _cut(self, segment: Segment) -> Audio:
        """The sound of a segment with room around it, and no more than the silence beside it."""
        room = self._setup.room
        start = max(segment.start - room, self._cut_to)
        self._cut_to = segment.end + min(room, self._setup.silence / 2)
        return self._memory.between(start, self._cut_to)

    def _forget(self) -> None:
        """Keep what an utterance that goes on, or begins soon, will need."""
        since = self._find.since
        reach = self._setup.room + 2 * self._model.window
        self._memory.forget((self._memory.end if since is None else since) - reach)
