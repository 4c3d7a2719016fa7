"""Speech from text, and text from speech.

speak = open_task("speech-from-text", "hibari-heart")
audio = speak("Hello there.", speed=1.0)                  # mono, 24 kHz

hear = open_task("speech-to-text", "whisper-tiny-en")
for part in hear(audio): print(part.start, part.text)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Audio

__all__ = ["HearModel", "Said", "SpeakModel"]


class SpeakModel(Opened, Protocol):
    """Reads a text aloud. The same text and speed give the same sound."""

    def __call__(self, text: str, *, speed: float = 1.0) -> Audio:
        """The sound of `text`, of no length if there is nothing to say. `speed` 0.5 (slow) to 2. Raises BadModel."""
        ...


class Said(NamedTuple):
    """What was said between two times, in seconds; `score` 0..1 is how likely the model holds its words, on average."""

    start: float
    end: float
    text: str
    score: float


class HearModel(Opened, Protocol):
    """Writes down what is said. It hears each sound afresh."""

    def __call__(self, audio: Audio, *, stopped: Callable[[], bool] | None = None) -> list[Said]:
        """What was said, in parts of at most half a minute; none where nobody speaks.

        Between two parts `stopped` is asked whether to give up what is left. Raises BadModel.
        """
        ...
