"""Microphones and loudspeakers, by the package sounddevice, which is an extra: `pip install "nodeflow[sound]"`.

    soundcard()                                     # the package; raises NodeError where it is not there
    ear = Ear("", rate=16000, channels=1, chunk=0.5)        # raises RetryLater while there is no microphone
    for audio in ear.pieces(stopping): ...          # as they come; raises RetryLater when it is gone
    ear.close()

    mouth = Mouth("", rate=24000, channels=1)
    mouth.say(samples)                              # queued; `mouth.waiting` is what has not been heard yet, in seconds

The driver calls from a thread of its own; everything else is used by one thread.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import NodeError, RetryLater
from nodeflow.values import Audio

Samples = NDArray[np.float32]

_PATIENCE = 3.0  # seconds after which a piece that is overdue tells that the microphone is gone
_LOOK = 0.1  # how often to see whether the run stops, in seconds
_KEPT = 64  # pieces; only one that reads nothing at all for long loses some, the oldest first


class SoundcardMissing(RetryLater):
    """There is no such device, or no way to reach any."""


def soundcard() -> Any:
    """The package sounddevice. Raises NodeError with what to do where it cannot be had."""
    try:
        import sounddevice
    except ImportError as fault:
        raise NodeError(
            "Microphones and loudspeakers need the package sounddevice, which is not installed.",
            'Run: python -m pip install "nodeflow[sound]". Or use a Sound file and a Sound writer.',
        ) from fault
    except OSError as fault:  # the package is there, the library below it is not
        raise NodeError(
            "Microphones and loudspeakers need the library PortAudio, which is not installed.",
            "On Debian and Ubuntu: sudo apt install libportaudio2.",
        ) from fault
    return sounddevice


class Ear:
    """An open microphone. `rate`, `channels` and `name` are what it settled on; `lost` counts pieces nobody took."""

    def __init__(self, device: str, rate: int, channels: int, chunk: float) -> None:
        """`device` by its name or a part of it, "" for the system's; `rate` 0 leaves it to the device. Pieces of
        `chunk` seconds. Raises NodeError, SoundcardMissing."""
        sounds = soundcard()
        try:
            found = sounds.query_devices(device or None, "input")
            self.rate = rate or int(found["default_samplerate"])
            self.channels, self.lost = channels, 0
            self.name = str(found["name"])
            self._chunk = chunk
            self._pieces: queue.Queue[Samples] = queue.Queue(_KEPT)
            self._stream = sounds.InputStream(
                samplerate=self.rate,
                blocksize=max(1, round(chunk * self.rate)),
                device=device or None,
                channels=channels,
                dtype="float32",
                callback=self._hear,
            )
            self._stream.start()
        except (sounds.PortAudioError, ValueError) as fault:
            raise _missing(sounds, "input", device, fault) from fault

    def pieces(self, stopping: Callable[[], bool]) -> Iterator[Audio]:
        """What it hears, until `stopping` says so. Raises RetryLater when it hears no more."""
        waited = 0.0
        while not stopping():
            try:
                piece = self._pieces.get(timeout=_LOOK)
            except queue.Empty:
                waited += _LOOK
                if waited > self._chunk + _PATIENCE:
                    raise RetryLater(f"{self.name} stopped giving sound.", "Is it still plugged in?") from None
                continue
            waited = 0.0
            yield Audio(piece, self.rate)

    def close(self) -> None:
        self._stream.close()

    def _hear(self, samples: Samples, *_: object) -> None:
        if self._pieces.full():
            self._pieces.get_nowait()
            self.lost += 1
        self._pieces.put_nowait(np.ascontiguousarray(samples.T))


class Mouth:
    """An open loudspeaker, which plays what it is given, one piece behind the other, and silence between."""

    def __init__(self, device: str, rate: int, channels: int) -> None:
        """Raises NodeError, SoundcardMissing."""
        sounds = soundcard()
        self.rate, self.channels = rate, channels
        self._lock = threading.Lock()
        self._pieces: deque[Samples] = deque()
        self._samples = 0
        try:
            self._stream = sounds.OutputStream(
                samplerate=rate, device=device or None, channels=channels, dtype="float32", callback=self._play
            )
            self._stream.start()
        except (sounds.PortAudioError, ValueError) as fault:
            raise _missing(sounds, "output", device, fault) from fault

    @property
    def waiting(self) -> float:
        """Seconds that are queued and have not been played."""
        return self._samples / self.rate

    def say(self, samples: Samples) -> None:
        """Queue samples, channels x samples."""
        with self._lock:
            self._pieces.append(samples.T)
            self._samples += samples.shape[1]

    def close(self) -> None:
        self._stream.close()

    def _play(self, out: Samples, wanted: int, *_: object) -> None:
        out.fill(0)
        with self._lock:
            at = 0
            while at < wanted and self._pieces:
                first = self._pieces.popleft()
                part = first[: wanted - at]
                out[at : at + len(part)] = np.clip(part, -1, 1)
                at += len(part)
                if len(part) < len(first):
                    self._pieces.appendleft(first[len(part) :])
            self._samples -= at


def _missing(sounds: Any, way: str, device: str, fault: Exception) -> SoundcardMissing:
    """Why a device cannot be used, and what else there is to choose."""
    what, instead = {
        "input": ("microphone", "Or choose a sound as its stand in."),
        "output": ("loudspeaker", "A Sound writer works without one."),
    }[way]
    try:
        found = [str(each["name"]) for each in sounds.query_devices() if each[f"max_{way}_channels"] > 0]
    except sounds.PortAudioError:
        found = []
    if not found:
        return SoundcardMissing(f"There is no {what}.", f"Plug one in. {instead}")
    which = f"{what.capitalize()} {device!r}" if device else f"The {what}"
    reason = (str(fault).strip() or type(fault).__name__).splitlines()[0][:200]
    return SoundcardMissing(f"{which} cannot be used: {reason}.", f"Choose one of: {', '.join(found[:6])}.")
