"""What can be heard: where somebody speaks, which notes sound, how high a voice is.

    voice = open_task("voice-activity", "silero-vad")
    likely = voice(audio)                # one likelihood for each 32 ms; the next piece goes on where this one ended
    voice.begin()                        # what comes now has nothing to do with what came before

Sound of any rate and any number of channels may be given: models mix and resample it as they need it.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opened import Opened
from nodeflow.values import Audio

__all__ = ["VoiceModel"]

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
