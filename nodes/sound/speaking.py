"""Text read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, Nothing, Params, model, node, slider
from nodeflow.values import Audio, Text

if TYPE_CHECKING:
    from nodeflow.models.speech import SpeakModel


@node("sound.speak", category="Generate", title="Speak", pure=True, time_limit=120)
class Speak:
    """Read a text aloud. Nobody real speaks: say so where it might be believed."""

    class Setup(Params):
        model: ModelRef = model(task="speech-from-text", default="hibari-heart", doc="The voice, and its language")

    class Live(Params):
        speed: float = slider(1.0, 0.5, 2.0, doc="0.5 is half as fast, 2 twice as fast")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: SpeakModel = open_for(ctx, "speech-from-text", setup.model)

    def run(self, text: Text, live: Live) -> Audio | Nothing:
        audio = self._model(text.value, speed=live.speed)
        return audio if audio.seconds else Nothing("there is nothing to say")

    def close(self) -> None:
        self._model.close()
