"""PP-OCR: lines are found, cut out upright, and read letter by letter.

The reading network gives for each column of a line how likely each letter stands there; columns that repeat a letter
are one, and a blank tells two apart (connectionist temporal classification, Graves et al., 2006). The letters it knows
stand in its own file. Use one instance per thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.pictures import PpOcr as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.words import Line
from nodeflow.models.words.detector import TextDetector
from nodeflow.values import Image

Floats = NDArray[np.float32]

_HEIGHT, _LEAST_WIDTH, _MOST_WIDTH = 48, 320, 4800
_TALL = 1.5
"""How many times higher than wide a line must be to be read from above to below."""


def open_reader(parts: Parts) -> PpOcr:
    return PpOcr(parts.networks["detector"], parts.networks["reader"], parts.settings)


class PpOcr:
    """A `ReadModel`."""

    def __init__(self, detector: OnnxModel, reader: OnnxModel, settings: Settings) -> None:
        self.provider = reader.provider
        self.device = reader.device
        self._find = TextDetector(detector, settings.shortest, settings.longest)
        self._reader = reader
        self._name = next(iter(reader.inputs))
        self._letters = letters(reader.metadata.get("character", ""))
        if len(self._letters) < 3:
            raise BadModel(f"{reader.path.name} does not say which letters it knows; fetch it again")

    def __call__(self, image: Image, *, score: float) -> list[Line]:
        """Lines of which the model is at least `score` sure, from top to bottom. Raises BadModel."""
        lines = [Line(*self._read(upright(image, corners)), corners) for corners in self._find(image)]
        return in_reading_order([line for line in lines if line.text and line.score >= score])

    def _read(self, line: NDArray[np.uint8]) -> tuple[str, float]:
        shown = np.zeros((1, 3, _HEIGHT, max(_LEAST_WIDTH, line.shape[1])), np.float32)
        shown[0, :, :, : line.shape[1]] = (line[..., ::-1].astype(np.float32) / np.float32(127.5) - 1).transpose(
            2, 0, 1
        )
        (likely,) = self._reader.run({self._name: shown})
        return spelled(np.asarray(likely, np.float32)[0], self._letters)

    def close(self) -> None:
        """Let the sessions go."""
        del self._find, self._reader


def letters(lines: str) -> tuple[str, ...]:
    """What each number of the reading network stands for: nothing first, a space last."""
    return ("", *lines.splitlines(), " ")


def spelled(likely: Floats, known: tuple[str, ...]) -> tuple[str, float]:
    """The text of a line and how sure it is, from likelihoods, columns x letters. Raises BadModel."""
    if likely.shape[1] != len(known):
        raise BadModel(f"the network tells {likely.shape[1]} letters apart and names {len(known)}; fetch it again")
    best = likely.argmax(axis=1)
    counts = best != 0
    counts[1:] &= best[1:] != best[:-1]
    if not counts.any():
        return "", 0.0
    sure = float(likely[counts, best[counts]].mean())
    return "".join(known[letter] for letter in best[counts]), sure


def upright(image: Image, corners: Floats) -> NDArray[np.uint8]:
    """A line cut out of a picture and turned level, RGB, as high as the network reads."""
    import cv2

    along, down = float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[3] - corners[0]))
    if down >= _TALL * along:
        corners, along, down = np.roll(corners, -1, axis=0), down, along  # read from above to below
    width = min(_MOST_WIDTH, max(8, round(_HEIGHT * along / max(down, 1e-3))))
    target = np.array(((0, 0), (width, 0), (width, _HEIGHT)), np.float32) - np.float32(0.5)
    matrix = cv2.getAffineTransform(corners[:3] - np.float32(0.5), target)
    flags, border = cv2.INTER_CUBIC, cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(image.array, matrix, (width, _HEIGHT), flags=flags, borderMode=border), np.uint8)


def in_reading_order(lines: list[Line]) -> list[Line]:
    """From top to bottom; what stands side by side, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: float(line.corners[:, 1].mean())):
        middle = float(line.corners[:, 1].mean())
        if rows and abs(middle - float(rows[-1][0].corners[:, 1].mean())) < 0.5 * _height(rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: float(line.corners[:, 0].min()))]


def _height(line: Line) -> float:
    return float(np.linalg.norm(line.corners[3] - line.corners[0]))
