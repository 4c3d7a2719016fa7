"""From a network's spectra to a voice.

For each frame of 12.5 ms the network gives how loud the voiced part is and how its phase is turned, how loud the noise
is, a third part with its own phase, and the voice's pitch. The voiced part is a train of pulses at that pitch,
filtered; the three are added, and one inverse Fourier transform makes sound of them, as hibari-tts does it:

    S = exp(voiced) e^(i pi tanh(turn)) STFT(pulses) + exp(noise) Z + exp(free) e^(i phase)
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from nodeflow.models.sound.fourier import Spectra, hann, sounds, spectra, windows

Floats = NDArray[np.float32]

RATE = 24_000
WINDOW, HOP = 1200, 300
BINS = WINDOW // 2 + 1
_HANN = hann(WINDOW)
_LOWEST = 40.0  # Hz; below, a frame has no voice
_HIGHEST = 11_000.0  # Hz of the highest harmonic
_LOUDEST = 7.0  # of the logarithms
_NOISE = 512  # frames, 6 s, after which it begins again


class Frames(NamedTuple):
    """What the network gives, each float32 601 x frames; `pitch` in Hz for each frame."""

    voiced: Floats
    turn: Floats
    noise: Floats
    free: Floats
    phase: Floats
    pitch: Floats


def synthesize(frames: Frames, white: Spectra | None = None) -> Floats:
    """Sound at `RATE`, float32. `white` is the noise, bins x frames; the same each time unless another is given."""
    count = frames.voiced.shape[1]
    if white is None:
        white = _noise() if count > _NOISE else _noise()[:, :count]
    if white.shape[1] != count:
        white = white[:, np.arange(count) % white.shape[1]]
    spectrum = _polar(frames.voiced, _half_turns(frames.turn))
    spectrum *= _turned(spectra(_cut(pulses(frames.pitch), count)))
    spectrum += white * _grown(frames.noise)
    spectrum += _polar(frames.free, frames.phase)
    return _joined(sounds(_turned(spectrum)))


def noise(random: np.random.Generator, count: int) -> Spectra:
    """White noise of so many frames, bins x frames."""
    drawn: Spectra = random.standard_normal((BINS, 2 * count), dtype=np.float32).view(np.complex64)
    return drawn


@cache
def _noise() -> Spectra:
    """Kept, since drawing it takes as long as the rest of the synthesis."""
    return noise(np.random.default_rng(0), _NOISE)


def pulses(pitch: Floats) -> Floats:
    """A pulse for each period of the voice: all harmonics below 11 kHz, equally loud; 0 where there is no voice.

    The sum of the cosines of h t for h = 1 .. n is sin((n + 1/2) t) / (2 sin(t / 2)) - 1/2.
    """
    hertz = _between_frames(pitch)
    voiced = hertz > _LOWEST
    np.maximum(hertz, np.float32(_LOWEST), out=hertz)
    turns = np.cumsum(hertz, dtype=np.float64)
    turns /= RATE
    turns -= np.floor(turns)
    angle = (2 * np.pi * turns).astype(np.float32)
    most = np.floor(np.float32(_HIGHEST) / hertz)
    most += np.float32(0.5)
    below = np.sin(angle * np.float32(0.5))
    below *= 2
    near = np.flatnonzero(np.abs(below) <= 2e-3)  # there both go to zero
    below[near] = 1
    train = np.sin(most * angle)
    train /= below
    train[near] = most[near]  # the limit
    train -= np.float32(0.5)
    train *= voiced
    return np.asarray(train, np.float32)


def _between_frames(pitch: Floats) -> Floats:
    """One value for each sample; a frame's own value stands in its middle, and between two middles lies a line."""
    way = (np.arange(HOP) + 0.5) / HOP
    first = pitch.astype(np.float64)[:, None]
    lines = first[:-1] * (1 - way) + first[1:] * way
    ends = first[:1].repeat(HOP // 2), first[-1:].repeat(HOP // 2)
    return np.concatenate((ends[0], lines.reshape(-1), ends[1])).astype(np.float32)


def _cut(signal: Floats, count: int) -> Floats:
    """The first `count` frames, so scaled that in their spectra a cosine has its loudness for a peak."""
    return windows(np.pad(signal, WINDOW // 2, mode="reflect"), _HANN / (WINDOW / 4), HOP)[:count]


def _joined(frames: Floats) -> Floats:
    """Frames overlapped and added, the windows' own weight taken out."""
    count, overlap = len(frames), WINDOW // HOP
    frames *= _HANN
    sound = np.zeros((count + overlap - 1, HOP), np.float32)
    covered = np.zeros((len(sound), overlap), np.float32)
    for part in range(overlap):
        sound[part : part + count] += frames[:, part * HOP : (part + 1) * HOP]
        covered[part : part + count, part] = 1
    sound /= np.maximum(covered @ (_HANN**2).reshape(overlap, HOP), np.float32(1e-11))
    return sound.reshape(-1)[WINDOW // 2 : WINDOW // 2 + count * HOP]


def _turned(spectrum: Spectra) -> Spectra:
    """Rows as columns, in memory too."""
    rows, columns = spectrum.shape
    turned = cv2.transpose(spectrum.view(np.float32).reshape(rows, columns, 2))
    return np.asarray(turned, np.float32).view(np.complex64)[..., 0]


def _polar(loudness: Floats, angle: Floats) -> Spectra:
    """Complex numbers, of the logarithms of their sizes."""
    return np.asarray(cv2.merge(cv2.polarToCart(_grown(loudness), angle)), np.float32).view(np.complex64)[..., 0]


def _half_turns(turn: Floats) -> Floats:
    """pi tanh(turn), by the exponential: three times as fast as numpy's."""
    angle = np.asarray(cv2.exp(turn * np.float32(2)), np.float32)
    angle += 1
    np.divide(np.float32(-2 * np.pi), angle, out=angle)
    angle += np.float32(np.pi)
    return angle


def _grown(logarithm: Floats) -> Floats:
    return np.asarray(cv2.exp(np.minimum(logarithm, np.float32(_LOUDEST))), np.float32)
