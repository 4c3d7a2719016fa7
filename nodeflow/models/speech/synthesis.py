"""From a network's spectra to a voice.

For each frame of 12.5 ms the network gives how loud the voiced part is and how its phase is turned, how loud the noise
is, a third part with its own phase, and the voice's pitch. The voiced part is a train of pulses at that pitch,
filtered; the three are added, and one inverse Fourier transform makes sound of them, as hibari-tts does it:

    S = exp(voiced) e^(i pi tanh(turn)) STFT(pulses) + exp(noise) Z + exp(free) e^(i phase)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Spectrum = NDArray[np.complex64]

RATE = 24_000
WINDOW, HOP = 1200, 300
BINS = WINDOW // 2 + 1
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
_LOWEST = 40.0  # Hz; below, a frame has no voice
_HIGHEST = 11_000.0  # Hz of the highest harmonic
_LOUDEST = 7.0  # of the logarithms


class Frames(NamedTuple):
    """What the network gives, each float32 601 x frames; `pitch` in Hz for each frame."""

    voiced: Floats
    turn: Floats
    noise: Floats
    free: Floats
    phase: Floats
    pitch: Floats


def synthesize(frames: Frames, random: np.random.Generator) -> Floats:
    """Sound at `RATE`, float32. The noise is drawn from `random`."""
    count = frames.voiced.shape[1]
    spectrum = _stft(pulses(frames.pitch), count)
    spectrum *= _polar(frames.voiced, np.float32(np.pi) * np.tanh(frames.turn))
    white: Spectrum = random.standard_normal((BINS, 2 * count), dtype=np.float32).view(np.complex64)
    spectrum += white * _grown(frames.noise)
    spectrum += _polar(frames.free, frames.phase)
    return _inverse(spectrum)


def pulses(pitch: Floats) -> Floats:
    """A pulse for each period of the voice: all harmonics below 11 kHz, equally loud; 0 where there is no voice.

    The sum of the cosines of h t for h = 1 .. n is sin((n + 1/2) t) / (2 sin(t / 2)) - 1/2.
    """
    hertz = _between_frames(pitch)
    voiced = hertz > _LOWEST
    hertz = np.maximum(hertz, np.float32(_LOWEST))
    turns = np.cumsum(hertz, dtype=np.float64) / RATE
    angle = (2 * np.pi * (turns % 1.0)).astype(np.float32)
    most = np.floor(_HIGHEST / hertz) + np.float32(0.5)
    below = 2 * np.sin(angle * np.float32(0.5))
    near = np.abs(below) <= 2e-3  # the limit, where both go to zero
    train = np.where(near, most, np.sin(most * angle) / np.where(near, 1, below)) - np.float32(0.5)
    train[~voiced] = 0
    return np.asarray(train, np.float32)


def _between_frames(pitch: Floats) -> Floats:
    """One value for each sample; a frame's own value stands in its middle, and between two middles lies a line."""
    middles = (np.arange(len(pitch)) + 0.5) * HOP
    samples = np.arange(len(pitch) * HOP) + 0.5
    return np.asarray(np.interp(samples, middles, pitch), np.float32)


def _stft(signal: Floats, count: int) -> Spectrum:
    """The first `count` frames, bins x frames, so scaled that a cosine has its loudness for a peak."""
    padded = np.pad(signal, WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count] * (_HANN / (WINDOW / 4))
    return np.ascontiguousarray(np.fft.rfft(windows, axis=1).T.astype(np.complex64))


def _inverse(spectrum: Spectrum) -> Floats:
    """Frames overlapped and added, the windows' own weight taken out."""
    count, overlap = spectrum.shape[1], WINDOW // HOP
    frames = np.fft.irfft(spectrum.T, WINDOW, axis=1).astype(np.float32) * _HANN
    sound = np.zeros((count + overlap - 1, HOP), np.float32)
    weight = np.zeros_like(sound)
    for part in range(overlap):
        cut = slice(part * HOP, (part + 1) * HOP)
        sound[part : part + count] += frames[:, cut]
        weight[part : part + count] += _HANN[cut] ** 2
    whole = (sound / np.maximum(weight, 1e-11)).reshape(-1)
    return np.asarray(whole[WINDOW // 2 : WINDOW // 2 + count * HOP], np.float32)


def _polar(loudness: Floats, angle: Floats) -> Spectrum:
    """Complex numbers; by parts, which is three times as fast as numpy's exponential of one."""
    size, turned = _grown(loudness), np.empty(angle.shape, np.complex64)
    np.multiply(size, np.cos(angle), out=turned.real)
    np.multiply(size, np.sin(angle), out=turned.imag)
    return turned


def _grown(logarithm: Floats) -> Floats:
    return np.exp(np.minimum(logarithm, np.float32(_LOUDEST)))
