"""The sound of a file, decoded piece by piece.

    track = Track(path, rate=16000, channels=1)    # opens it, decodes a little, closes it: what is wrong is said here
    for samples in track.blocks(start=1.0): ...    # opens it again; may be done any number of times
    for timed in track.play(chunk=0.5): ...        # pieces of half a second, each an `Audio` with its time

Samples are float32, channels x samples, -1 to 1. `start` and `end` are exact to the sample, and pieces that follow one
another are cut without a gap. A file is hostile until it has been read: rate and channels are bounded, it may name no
other file and no address, and whatever the decoder says of it becomes a `NodeError` that names the file.

Each pass over a track is used by one thread; several passes may run at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError, Timed
from nodeflow.values import Audio
from nodes.io.container import open_container

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Samples = NDArray[np.float32]

MAX_RATE = 384_000
MAX_CHANNELS = 16
MAX_SAMPLES = 1 << 28
"""Of one piece, all channels together: 1 GB. A file of any length may be played in pieces."""

_BEFORE = 1.0
"""So many seconds before the wanted spot decoding begins: MP3 and AAC need what comes before to decode what follows."""
_PLAYABLE = "Choose another file, or convert this one to WAV or FLAC."
_REPAIR = "Copy or download the file again; the original may be whole."


class Track:
    """A file that holds sound. Raises NodeError if this one does not.

    `rate` in samples a second and `channels` are what is given out; `seconds` is what the file says, or None.
    """

    def __init__(self, path: Path, rate: int = 0, channels: int = 0) -> None:
        """0 keeps the file's own rate or channels; 1 mixes to mono, 2 to stereo."""
        self.path = path
        with self._opened() as (container, stream):
            first = next(self._decoded(container, stream), None)
            if first is None:
                raise NodeError(f"{path.name} holds no sound.", _REPAIR)
            self._origin = first.time or 0.0
            self.rate = rate or first.sample_rate
            self.channels = channels or len(first.layout.channels)
            self.seconds = _seconds(container, stream)

    def play(self, chunk: float, start: float = 0.0, end: float | None = None, tail: float = 0.0) -> Iterator[Timed]:
        """Pieces of `chunk` seconds with their times from the start of the file; the last one may be shorter.

        0 gives everything in one piece. `tail` seconds of silence follow the end. Raises NodeError where the file is
        damaged, after all before it was given.
        """
        length = max(1, round(chunk * self.rate)) if chunk else None
        if (length or 0) * self.channels > MAX_SAMPLES:
            raise NodeError("The pieces are too long for the memory.", "Choose a shorter one.")
        time, waiting, held = max(0.0, start), [], 0
        try:
            for block in self._with_tail(self.blocks(start, end), tail):
                waiting.append(block)
                held += block.shape[1]
                if length is None:
                    self._require_short(held)
                elif held >= length:
                    joined = np.concatenate(waiting, axis=1)
                    whole = held - held % length
                    for at in range(0, whole, length):
                        yield Timed(Audio(joined[:, at : at + length].copy(), self.rate), time)
                        time += length / self.rate
                    waiting, held = [joined[:, whole:]], held - whole
        except NodeError:
            if held:
                yield Timed(Audio(np.concatenate(waiting, axis=1), self.rate), time)
            raise
        if held:
            yield Timed(Audio(np.concatenate(waiting, axis=1), self.rate), time)

    def blocks(self, start: float = 0.0, end: float | None = None) -> Iterator[Samples]:
        """The samples with start <= time < end, as they are decoded, channels x samples.

        Raises NodeError at the spot where the file is damaged, after all before it was given.
        """
        skip, left = 0, None if end is None else max(0, round((end - max(start, 0.0)) * self.rate))
        for number, (at, block) in enumerate(self._from(start)):
            if number == 0:
                skip = max(0, round((start - at) * self.rate))
            cut = block[:, skip : None if left is None else skip + left]
            skip = max(0, skip - block.shape[1])
            if left is not None:
                left -= cut.shape[1]
            if cut.shape[1]:
                yield cut
            if left == 0:
                return

    def _with_tail(self, blocks: Iterator[Samples], tail: float) -> Iterator[Samples]:
        some = False
        for block in blocks:
            some = True
            yield block
        if some and tail > 0:
            yield np.zeros((self.channels, round(tail * self.rate)), np.float32)

    def _from(self, start: float) -> Iterator[tuple[float, Samples]]:
        """Resampled blocks from some time at or before `start` on, each with the time at which the first began."""
        from av import FFmpegError

        if start > _BEFORE:
            with self._opened() as (container, stream):
                try:
                    wanted = start - _BEFORE + self._origin
                    container.seek(int(wanted / float(stream.time_base or 1)), stream=stream)
                except FFmpegError:
                    pass  # it then still stands at the beginning
                frames = self._decoded(container, stream)
                first = next(frames, None)
                # Some containers land behind the point they were asked for.
                if first is not None and first.time is not None and first.time - self._origin <= start:
                    yield from self._resampled(first, frames)
                    return
        with self._opened() as (container, stream):
            frames = self._decoded(container, stream)
            first = next(frames, None)
            if first is not None:
                yield from self._resampled(first, frames)

    def _resampled(self, first: AudioFrame, more: Iterator[AudioFrame]) -> Iterator[tuple[float, Samples]]:
        from av import AudioResampler

        began = max(0.0, (first.time or 0.0) - self._origin)
        resampler = AudioResampler(format="fltp", layout=first.layout, rate=self.rate)
        frames = _chained(first, more)
        fault: NodeError | None = None
        while True:
            try:
                frame = next(frames, None)
            except NodeError as damage:
                frame, fault = None, damage
            try:
                made = resampler.resample(frame)
            except ValueError as odd:  # a stream that changes on its way
                raise NodeError(f"{self.path.name} changes its form on its way ({odd}).", _PLAYABLE) from odd
            for each in made:
                yield began, mixed(np.asarray(each.to_ndarray(), np.float32), self.channels)
            if frame is None:
                break
        if fault is not None:
            raise fault

    @contextmanager
    def _opened(self) -> Iterator[tuple[InputContainer, AudioStream]]:
        import av

        try:
            container = open_container(self.path)
        except (av.FFmpegError, OSError) as fault:
            raise NodeError(
                f"{self.path.name} holds no sound that can be read ({_reason(fault)}).", _PLAYABLE
            ) from fault
        with container:
            if not container.streams.audio:
                raise NodeError(f"{self.path.name} holds no sound.", "Choose a file with sound in it.")
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise NodeError(f"{self.path.name} uses a codec that is not known here.", _PLAYABLE)
            if not 1 <= stream.rate <= MAX_RATE or not 1 <= stream.channels <= MAX_CHANNELS:
                claims = f"{stream.channels} channels at {stream.rate} Hz"
                raise NodeError(f"{self.path.name} claims to have {claims}.", _PLAYABLE)
            yield container, stream

    def _decoded(self, container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
        """The frames from where the container stands. Raises NodeError where they cannot be decoded."""
        from av import FFmpegError

        time: float | None = None
        try:
            for frame in container.decode(stream):
                time = frame.time
                if frame.samples:
                    yield frame
        except FFmpegError as fault:
            where = "from the beginning" if time is None else f"after {time:.2f} s"
            raise NodeError(f"{self.path.name} is damaged {where} ({_reason(fault)}).", _REPAIR) from fault

    def _require_short(self, samples: int) -> None:
        if samples * self.channels > MAX_SAMPLES:
            hours = samples / self.rate / 3600
            raise NodeError(
                f"{self.path.name} is longer than {hours:.1f} h, too long for one piece.", "Set the length of pieces."
            )


def mixed(samples: Samples, channels: int) -> Samples:
    """Samples with so many channels, 1 or 2, unless they have them: their mean, or left and right with the mean of
    what there is beside these on both. No louder than the loudest of what went in."""
    there = len(samples)
    if there == channels:
        return samples
    if channels == 1:
        return np.asarray(samples.mean(axis=0, keepdims=True), np.float32)
    if there == 1:
        return np.repeat(samples, 2, axis=0)
    return np.asarray((samples[:2] + samples[2:].mean(axis=0)) / 2, np.float32)


def _chained(first: AudioFrame, more: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    yield first
    yield from more


def _seconds(container: InputContainer, stream: AudioStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _reason(fault: Any) -> str:
    return str(getattr(fault, "strerror", None) or fault).lower()
