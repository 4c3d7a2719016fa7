"""Writing a sound file."""

from __future__ import annotations

from nodeflow.node import Context, NodeError, Params, choice, node, save
from nodeflow.values import Audio
from nodes.io.draft import given_up
from nodes.io.recording import Recording, require_format

_BITS = {"16": 16, "24": 24}


@node("io.sound_writer", category="Output", title="Sound writer", resource="io", words="save export record audio wav")
class SoundWriter:
    """Write sound into a file, one piece behind the other.

    It appears when the run ends, or stops, and at once where nothing streams into it.
    """

    class Setup(Params):
        path: str = save("out/output.wav", "*.wav", "*.flac", doc="Where to; missing folders are made")
        bits: str = choice("16", *_BITS, doc="Of each sample; 24 keeps more of what is very quiet", essential=False)

    def open(self, setup: Setup, ctx: Context) -> None:
        self._path, self._bits, self._ctx = ctx.output(setup.path), _BITS[setup.bits], ctx
        require_format(self._path)
        self._recording: Recording | None = None
        self._failed: Exception | None = None

    def run(self, audio: Audio) -> None:
        if self._failed:
            raise given_up(self._path, self._failed)
        try:
            self._add(audio)
        except Exception as fault:
            self._failed = fault
            self._drop()
            raise

    def complete(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.finish()

    def close(self) -> None:
        self.complete()

    def _add(self, audio: Audio) -> None:
        channels, count = audio.samples.shape
        if not count:
            return
        if self._recording is None:
            self._recording = Recording(self._path, audio.rate, channels, self._bits)
        recording = self._recording
        if (audio.rate, channels) != (recording.rate, recording.channels):
            before, now = (_form(*each) for each in ((recording.rate, recording.channels), (audio.rate, channels)))
            raise NodeError(f"The sound changed from {before} to {now}; a file keeps one.", "Write each into a file.")
        recording.add(audio.samples)
        if recording.clipped:
            self._ctx.note(f"{recording.clipped:,} samples were too loud and are cut off.")

    def _drop(self) -> None:
        if self._recording is not None:
            self._recording.drop()
            self._recording = None


def _form(rate: int, channels: int) -> str:
    return f"{rate} Hz with {channels} {'channel' if channels == 1 else 'channels'}"
