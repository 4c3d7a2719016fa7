"""What belongs to a model beyond its networks, written as plainly as numpy and OpenCV allow: the bare side of a
comparison.

Whoever runs a network by hand prepares its input as its authors do: `face_input` is MediaPipe's converter of pictures
(image_to_tensor_converter_opencv.cc), `expression_input` what the Human library does with a face (emotion.ts).

hibari's network gives spectra, and only their transform back is a voice: whoever runs the bare network has to make it,
too. The formula is that of `nodeflow.models.speech.synthesis`, which `tests/benchmarks` holds to this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

RATE, WINDOW, HOP = 24_000, 1200, 300
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def voice(made: Sequence[NDArray[np.float32]]) -> Floats:
    """The sound of what the network gives for one text: five spectra, 1 x 601 x frames each, and the pitch."""
    voiced, turn, noise, free, phase, pitch = (each[0] for each in made)
    count = len(pitch)
    source = np.fft.rfft(_pieces(_pulses(pitch), count) * HANN / (WINDOW / 4)).T
    spectrum = np.exp(np.minimum(voiced, 7) + 1j * np.pi * np.tanh(turn)) * source
    spectrum += np.exp(np.minimum(noise, 7)) * white(count)
    spectrum += np.exp(np.minimum(free, 7) + 1j * phase)
    return _overlapped(np.fft.irfft(spectrum.T) * HANN)


@cache
def white(count: int) -> NDArray[np.complex128]:
    """White noise of so many frames. Kept: a plain program would draw it anew for each text."""
    draw = np.random.default_rng(0).standard_normal
    return draw((WINDOW // 2 + 1, count)) + 1j * draw((WINDOW // 2 + 1, count))


def _pulses(pitch: Floats) -> Floats:
    """All harmonics of the voice below 11 kHz, equally loud; 0 where the pitch is 40 Hz or less."""
    middles = np.arange(len(pitch)) * HOP + (HOP - 1) / 2
    hertz = np.interp(np.arange(len(pitch) * HOP), middles, pitch)
    audible = np.maximum(hertz, 40)
    angle = 2 * np.pi * (np.cumsum(audible) / RATE % 1)
    most = np.floor(11_000 / audible) + 0.5
    below = 2 * np.sin(angle / 2)
    near = np.abs(below) <= 2e-3
    wave: Floats = np.where(near, most, np.sin(most * angle) / np.where(near, 1, below))
    return wave * (hertz > 40) - 0.5 * (hertz > 40)


def _pieces(signal: Floats, count: int) -> Floats:
    padded = np.pad(signal, WINDOW // 2, mode="reflect")
    return np.stack([padded[at * HOP : at * HOP + WINDOW] for at in range(count)])


def _overlapped(pieces: Floats) -> Floats:
    sound, weight = (np.zeros((len(pieces) - 1) * HOP + WINDOW) for _ in range(2))
    for place, piece in enumerate(pieces):
        sound[place * HOP : place * HOP + WINDOW] += piece
        weight[place * HOP : place * HOP + WINDOW] += HANN**2
    return (sound / np.maximum(weight, 1e-11))[WINDOW // 2 : WINDOW // 2 + len(pieces) * HOP]


def face_input(picture: Pixels, size: int = 128) -> NDArray[np.float32]:
    """A whole picture as BlazeFace wants it: the square around it, black beside it, levels -1 to 1, float32 1 x size x
    size x 3."""
    height, width = picture.shape[:2]
    half = max(width, height) / 2
    corners = [(width / 2 + x * half, height / 2 + y * half) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    into = np.array([(0, 0), (size, 0), (size, size), (0, size)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), into)
    shown = cv2.warpPerspective(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return (shown.astype(np.float32) / np.float32(127.5) - np.float32(1))[None]


def expression_input(face: Pixels, size: int = 64) -> NDArray[np.float32]:
    """A square face as the network of expressions wants it: grey, levels -1 to 1, float32 1 x size x size x 1."""
    shown = cv2.resize(face, (size, size), interpolation=cv2.INTER_LINEAR)
    grey = np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), np.float32)
    return ((grey / np.float32(255) - np.float32(0.5)) * np.float32(2))[None, ..., None]
