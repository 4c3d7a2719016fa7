"""The sound of a file beside the pictures of a video that is being written.

    sound = Soundtrack(container, track, start=5.0)       # adds a stream; before the first packet is written
    for packet in sound.until(2.0): container.mux(packet)     # what is heard in the video's first two seconds
    for packet in sound.end(10.0): container.mux(packet)

Sound is written as far as the pictures go, as they go: so the two lie beside each other in the file, as players want.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError
from nodes.io.track import Track

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.container import OutputContainer

_MOST_RATE = 48_000
_LAYOUTS = {1: "mono", 2: "stereo"}


def playable(track: Track) -> Track:
    """The same track with no more channels and samples than every player can play."""
    rate, channels = min(track.rate, _MOST_RATE), min(track.channels, 2)
    return track if (rate, channels) == (track.rate, track.channels) else Track(track.path, rate, channels)


class Soundtrack:
    """Sound in AAC, from `start` seconds of the track on. A file that ends early, or is damaged, falls silent."""

    def __init__(self, container: OutputContainer, track: Track, start: float) -> None:
        from av.audio.stream import AudioStream

        self._track, self._layout = track, _LAYOUTS[track.channels]
        stream = container.add_stream("aac", track.rate, layout=self._layout)
        assert isinstance(stream, AudioStream)
        self._stream = stream
        self._blocks = track.blocks(start)
        self._written = 0
        self._left: NDArray[np.float32] | None = np.zeros((track.channels, 0), np.float32)

    def until(self, seconds: float) -> Iterator[Packet[Any]]:
        """The packets of what is heard up to a time of the video."""
        wanted = round(seconds * self._track.rate)
        while self._left is not None and self._written < wanted:
            block = self._left if self._left.shape[1] else self._next()
            if block is None:
                self._left = None
                return
            cut, self._left = block[:, : wanted - self._written], block[:, wanted - self._written :]
            yield from self._stream.encode(self._frame(cut))

    def end(self, seconds: float) -> Iterator[Packet[Any]]:
        """The last packets, of a video that is so long."""
        yield from self.until(seconds)
        yield from self._stream.encode(None)

    def _next(self) -> NDArray[np.float32] | None:
        try:
            return next(self._blocks, None)
        except NodeError:  # damaged: what was heard so far stays
            return None

    def _frame(self, samples: NDArray[np.float32]) -> AudioFrame:
        from av import AudioFrame

        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=self._layout)
        frame.sample_rate = self._track.rate
        frame.pts = self._written
        self._written += samples.shape[1]
        return frame
