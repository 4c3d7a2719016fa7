"""Playing sound."""

from __future__ import annotations

from nodeflow.node import Context, Params, node, text
from nodeflow.values import Audio
from nodes.io.soundcard import Mouth

_AHEAD = 0.3
"""So many seconds may wait to be heard before the next piece is taken: enough never to stutter, too few to lag."""
_STEP = 0.05


@node(
    "io.speaker",
    category="Output",
    title="Loudspeaker",
    resource="io",
    time_limit=3600,
    words="audio out play hear output",
)
class Loudspeaker:
    """Play sound, one piece behind the other, as fast as it is heard.

    It needs the extra sound: pip install "nodeflow[sound]".
    """

    class Setup(Params):
        device: str = text("", doc="Its name, or a part of it; empty takes the system's")

    def open(self, setup: Setup, ctx: Context) -> None:
        self._device, self._ctx = setup.device.strip(), ctx
        self._mouth: Mouth | None = None

    def run(self, audio: Audio) -> None:
        form = (audio.rate, audio.samples.shape[0])
        if self._mouth is not None and form != (self._mouth.rate, self._mouth.channels):
            self._finish(0.0)
        if self._mouth is None:
            self._mouth = Mouth(self._device, *form)
        if not self._silent(_AHEAD):
            self._mouth.say(audio.samples)

    def close(self) -> None:
        self._finish(0.0)

    def _silent(self, left: float) -> bool:
        """Wait until no more than `left` seconds are still to be heard. True if the session is stopping."""
        while self._mouth is not None and self._mouth.waiting > left:
            if self._ctx.wait(min(_STEP, self._mouth.waiting)):
                return True
        return self._ctx.stopping

    def _finish(self, left: float) -> None:
        if self._mouth is not None:
            self._silent(left)
            self._mouth.close()
            self._mouth = None
