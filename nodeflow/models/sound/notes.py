"""Basic Pitch: which notes sound when, from a network that tells of 88 keys, 86 times a second, whether one sounds and
whether it begins.

The network hears two seconds at a time; windows overlap, and of each the middle is kept. A note begins at a peak of the
beginnings, or where a key grows quickly louder, and lasts while the key sounds. What still sounds and has no beginning
becomes notes, too, from the loudest spot outwards, as in Melodia. After Bittner et al., "A Lightweight
Instrument-Agnostic Model for Polyphonic Note Transcription and Multipitch Estimation", ICASSP 2022, and held to its
package's results. Use one instance per thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.sound import Note
from nodeflow.models.sound.resample import mono
from nodeflow.values import Audio

Floats = NDArray[np.float32]

RATE = 22_050
_HOP = 256
_WINDOW = 2 * RATE - _HOP
_FRAMES = 172  # of a window
_RATE_OF_FRAMES = 86
_OVERLAP = 30  # frames
_LOWEST = 21  # the MIDI number of the lowest key
_KEYS = 88
_PATIENCE = 11  # frames that a key may be silent within a note
_DRIFT = _HOP / RATE * (_FRAMES - _WINDOW / _HOP) + 0.0018
"""Seconds by which each window's frames run ahead of the sound; the last part is the authors' own correction."""
_OUTPUTS = ("StatefulPartitionedCall:1", "StatefulPartitionedCall:2")


def open_notes(parts: Parts) -> BasicPitch:
    return BasicPitch(parts.networks["notes"])


class BasicPitch:
    """A `NoteModel`."""

    def __init__(self, network: OnnxModel) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._name = next(iter(network.inputs))

    def __call__(
        self, audio: Audio, *, onset: float = 0.5, sounding: float = 0.3, shortest: float = 0.1277
    ) -> list[Note]:
        """The notes of a sound, by their beginnings. Raises BadModel."""
        keys, beginnings = self._heard(mono(audio, RATE))
        least = round(shortest * RATE / _HOP)
        return sorted(
            Note(seconds(start), seconds(end), key + _LOWEST, loud)
            for start, end, key, loud in found(keys, beginnings, onset, sounding, least)
        )

    def _heard(self, samples: Floats) -> tuple[Floats, Floats]:
        """For each frame and key, 0..1: whether it sounds, and whether it begins."""
        step = _WINDOW - _OVERLAP * _HOP
        padded = np.concatenate([np.zeros(_OVERLAP // 2 * _HOP, np.float32), samples])
        keys, beginnings = [], []
        for at in range(0, len(padded), step):
            window = np.zeros((1, _WINDOW, 1), np.float32)
            part = padded[at : at + _WINDOW]
            window[0, : len(part), 0] = part
            sounding, onset = self._network.run({self._name: window}, _OUTPUTS)
            keys.append(sounding[0, _OVERLAP // 2 : -_OVERLAP // 2])
            beginnings.append(onset[0, _OVERLAP // 2 : -_OVERLAP // 2])
        count = int(len(samples) * _RATE_OF_FRAMES / RATE)
        return np.concatenate(keys)[:count], np.concatenate(beginnings)[:count]

    def close(self) -> None:
        """Let the session go."""
        del self._network


def seconds(frame: int) -> float:
    """When a frame is."""
    return frame * _HOP / RATE - _DRIFT * (frame // _FRAMES)


def found(
    keys: Floats, beginnings: Floats, onset: float, sounding: float, shortest: int
) -> list[tuple[int, int, int, float]]:
    """Start, end, key and loudness of notes that are longer than `shortest` frames, from frames x keys."""
    left = np.array(keys, np.float32)
    notes: list[tuple[int, int, int, float]] = []
    last = len(keys) - 1
    starts, which = np.nonzero(peaks(grown(keys, beginnings)) >= onset)
    for start, key in zip(starts[::-1].tolist(), which[::-1].tolist(), strict=True):
        if start >= last:
            continue
        end = _until_silent(left[:, key], start + 1, last, sounding)
        if end - start > shortest:
            left[start:end, max(0, key - 1) : key + 2] = 0
            notes.append((start, end, key, float(keys[start:end, key].mean())))
    # The loudest spot first: spots only ever fall silent, so that one sort tells the order of all.
    loud = np.argsort(-left, axis=None, kind="stable")[: int(np.count_nonzero(left > sounding))]
    for spot in loud.tolist():
        middle, key = divmod(spot, _KEYS)
        if left[middle, key] <= sounding:
            continue
        left[middle, key] = 0
        near = slice(max(0, key - 1), key + 2)
        end, silence = _walk(left, key, near, range(middle + 1, last), sounding)
        end = end - 1 - silence
        start, silence = _walk(left, key, near, range(middle - 1, 0, -1), sounding)
        start = start + 1 + silence
        if end - start > shortest:
            notes.append((start, end, key, float(keys[start:end, key].mean())))
    return notes


def grown(keys: Floats, beginnings: Floats) -> Floats:
    """Beginnings, and where a key grew louder over two frames, as strong as the strongest beginning at most."""
    if len(keys) < 3:
        return beginnings
    growth = np.zeros_like(keys)
    growth[2:] = np.minimum(keys[2:] - keys[1:-1], keys[2:] - keys[:-2]).clip(min=0)
    most = float(growth.max())
    return np.maximum(beginnings, growth * (beginnings.max() / most)) if most else beginnings


def peaks(rows: Floats) -> Floats:
    """What is larger than both its neighbours in time; 0 elsewhere."""
    kept = np.zeros_like(rows)
    middle = rows[1:-1]
    kept[1:-1] = np.where((middle > rows[:-2]) & (middle > rows[2:]), middle, 0)
    return kept


def _until_silent(key: Floats, start: int, last: int, sounding: float) -> int:
    """The frame after the last one in which a key sounds."""
    silent, frame = 0, start
    while frame < last and silent < _PATIENCE:
        silent = silent + 1 if key[frame] < sounding else 0
        frame += 1
    return frame - silent


def _walk(left: Floats, key: int, near: slice, way: range, sounding: float) -> tuple[int, int]:
    """Take what a key and its neighbours have along a way, until it is silent for long: where that ended, and for how
    many frames it was silent."""
    silent, frame = 0, way.start
    for frame in way:
        if silent >= _PATIENCE:
            return frame, silent
        silent = silent + 1 if left[frame, key] < sounding else 0
        left[frame, near] = 0
    return (frame + way.step if len(way) else way.start), silent
