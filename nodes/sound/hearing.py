"""Speech written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nodeflow.node import Context, ModelRef, Nothing, Params, Tick, model, node, number
from nodeflow.values import Audio, Table, Text

if TYPE_CHECKING:
    from nodeflow.models.speech import HearModel

_COLUMNS = ("start", "end", "text", "score")


class Heard(NamedTuple):
    text: Text
    parts: Table


@node("sound.hear", category="Find/Sound", title="Speech to text", time_limit=3600)
class SpeechToText:
    """Write down what is said.

    Wire the utterances of Voice activity, or a whole file in one piece: in short pieces words are torn, and in silence
    the model hears what nobody said. Parts are at most half a minute long; their score is how sure the model is.
    """

    class Setup(Params):
        model: ModelRef = model(task="speech-to-text", default="whisper-tiny-en", doc="Which languages, says its card")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._ctx = ctx
        self._model: HearModel = open_for(ctx, "speech-to-text", setup.model)

    def run(self, audio: Audio) -> Heard | Nothing:
        said = self._model(audio, stopped=lambda: self._ctx.stopping)
        if not said:
            return Nothing("nobody speaks")
        rows = tuple((round(each.start, 2), round(each.end, 2), each.text, round(each.score, 3)) for each in said)
        return Heard(Text(" ".join(each.text for each in said)), Table(_COLUMNS, rows))

    def close(self) -> None:
        self._model.close()


class Minutes(NamedTuple):
    text: Text
    rows: Table


@node("sound.transcript", category="Find/Sound", title="Transcript", words="subtitles captions text join")
class Transcript:
    """Put times and words of utterances side by side, and keep what was said so far.

    Wire the segments of Voice activity, and the texts that Speech to text makes of its utterances.
    """

    class Live(Params):
        lines: int = number(12, 1, 1000, doc="So many of the last lines stay in the text")

    def open(self) -> None:
        self._said: list[tuple[float, str]] = []

    def run(self, segments: Table, texts: list[Text], live: Live, tick: Tick) -> Minutes:
        times = [(float(row[0] or 0), float(row[1] or 0)) for row in segments.rows]
        found = [
            (start, end, text.value) for (start, end), text in zip(times, texts, strict=False) if isinstance(text, Text)
        ]
        self._said = [each for each in self._said if each[0] <= tick.time]  # after a jump back, what follows is unsaid
        self._said = [*self._said, *((start, text) for start, _, text in found)][-live.lines :]
        text = "\n".join(f"{clock(start)}  {words}" for start, words in self._said)
        return Minutes(Text(text), Table(("start", "end", "text"), tuple(found)))


def clock(seconds: float) -> str:
    """A time as it is said: 1:02:03, or 2:03."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
