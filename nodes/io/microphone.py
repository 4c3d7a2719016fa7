"""Microphones as a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nodeflow.node import Context, NodeError, Params, Stream, Timed, choice, file, node, number, text
from nodeflow.values import Audio
from nodes.io.playback import Playback
from nodes.io.sound import SOUND_FILES, Pieces
from nodes.io.soundcard import Ear
from nodes.io.track import Track

_CHANNELS = {"mono": 1, "stereo": 2}
_WAIT, _SKIP = "wait", "are left out"


@node("io.microphone", category="Input", clock="live", resource="io", words="mic audio record sound live")
class Microphone:
    """Sound from a microphone, in pieces, as it comes.

    It needs the extra sound: pip install "nodeflow[sound]". If the microphone is missing, it is tried again and again.
    Pieces that a slow model cannot take at once wait for it, 64 of them at most.
    """

    class Setup(Params):
        device: str = text("", doc="Its name, or a part of it; empty takes the system's")
        chunk: float = number(0.5, 0.02, 60.0, step=0.1, unit="s", doc="Length of each piece")
        channels: str = choice("mono", *_CHANNELS, doc="One, or left and right", essential=False)
        rate: int = number(0, 0, 192_000, unit="Hz", doc="Samples a second; 0 leaves it to the device", essential=False)
        late: str = choice(_WAIT, _WAIT, _SKIP, doc="What happens to pieces while a model is busy", essential=False)
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
        note = f"{self._ear.name}, {self._ear.rate} Hz"
        return Stream(rate=1 / setup.chunk, clock="every" if setup.late == _WAIT else "live", note=note)

    def run(self) -> Iterator[Audio | Timed]:
        yield from self._pieces

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()

    def _live(self, ear: Ear) -> Iterator[Timed]:
        heard, lost = 0.0, 0
        for audio in ear.pieces(lambda: self._ctx.stopping):
            if ear.lost > lost:  # what was lost took its time, too
                heard += (ear.lost - lost) * audio.seconds
                lost = ear.lost
                self._ctx.note(f"{lost} pieces were lost: what is behind the microphone is too slow for it.")
            yield Timed(audio, heard)
            heard += audio.seconds

    def _play_instead(self, setup: Setup, ctx: Context) -> Stream:
        """For ever in an editor, once where the run is to end."""
        pieces = Pieces(Track(ctx.path(setup.stand_in), setup.rate, _CHANNELS[setup.channels]), setup.chunk)
        playback = Playback(pieces, ctx, loop=ctx.interactive, paced=ctx.interactive)
        self._pieces = playback
        return playback.stream(note=f"No microphone found: playing {pieces.path.name} instead.")
