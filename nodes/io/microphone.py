"""Microphones as a source."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from nodeflow.node import Context, NodeError, Params, Stream, Timed, choice, file, node, number, text
from nodeflow.values import Audio
from nodes.io.playback import Playback
from nodes.io.sound import SOUND_FILES, Pieces
from nodes.io.soundcard import Ear
from nodes.io.track import Track

_CHANNELS = {"mono": 1, "stereo": 2}


@node("io.microphone", category="Input", clock="live", resource="io")
class Microphone:
    """Sound from a microphone, in pieces, as it comes.

    It needs the extra sound: pip install "nodeflow[sound]". If the microphone is missing, it is tried again and again.
    """

    class Setup(Params):
        device: str = text("", doc="Its name, or a part of it; empty takes the system's")
        chunk: float = number(0.5, 0.02, 60.0, step=0.1, unit="s", doc="Length of each piece")
        channels: str = choice("mono", *_CHANNELS, doc="One, or left and right", essential=False)
        rate: int = number(0, 0, 192_000, unit="Hz", doc="Samples a second; 0 leaves it to the device", essential=False)
        stand_in: str = file(
            "", *SOUND_FILES, doc="A file to play where there is none, such as sample:conversation", essential=False
        )

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._ctx = ctx
        self._ear: Ear | None = None
        try:
            self._ear = Ear(setup.device.strip(), setup.rate, _CHANNELS[setup.channels], setup.chunk)
        except NodeError:
            if not setup.stand_in:
                raise
            return self._play_instead(setup, ctx)
        self._pieces: Iterable[Timed] = self._live(self._ear)
        return Stream(rate=1 / setup.chunk, note=f"{self._ear.name}, {self._ear.rate} Hz")

    def run(self) -> Iterator[Audio | Timed]:
        yield from self._pieces

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()

    def _live(self, ear: Ear) -> Iterator[Timed]:
        start: float | None = None
        for audio in ear:
            if self._ctx.stopping:
                return
            now = time.monotonic()
            start = now if start is None else start
            yield Timed(audio, now - start)

    def _play_instead(self, setup: Setup, ctx: Context) -> Stream:
        """For ever in an editor, once where the run is to end."""
        pieces = Pieces(Track(ctx.path(setup.stand_in), setup.rate, _CHANNELS[setup.channels]), setup.chunk)
        playback = Playback(pieces, ctx, loop=ctx.interactive, paced=ctx.interactive)
        self._pieces = playback
        return playback.stream(note=f"No microphone found: playing {pieces.path.name} instead.")
