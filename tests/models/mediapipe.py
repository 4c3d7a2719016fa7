"""What MediaPipe does before and behind its networks, once more and as plainly as can be: one calculator, one function.

Written from the calculators of github.com/google-ai-edge/mediapipe that are named below, in double precision. Boxes
are (centre x, centre y, width, height) and points (x, y), all in pixels and from pixel centres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Point = tuple[float, float]


class Rect(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    rotation: float


class Detection(NamedTuple):
    """`box` is left, top, right, bottom."""

    score: float
    box: tuple[float, float, float, float]
    points: list[Point]


def ssd_anchors(size: int, strides: Sequence[int], extra: bool) -> list[Point]:
    """SsdAnchorsCalculator, with fixed sizes and one aspect ratio: layers of one stride share their cells, and each
    gives one anchor, or with an interpolated scale (`extra`) one more."""
    made = []
    layer = 0
    while layer < len(strides):
        same = layer
        while same < len(strides) and strides[same] == strides[layer]:
            same += 1
        cells = math.ceil(size / strides[layer])
        for y in range(cells):
            for x in range(cells):
                made += [((x + 0.5) / cells * size, (y + 0.5) / cells * size)] * (same - layer) * (2 if extra else 1)
        layer = same
    return made


def detections(raw: np.ndarray, logits: np.ndarray, anchors: list[Point], least: float) -> list[Detection]:
    """TensorsToDetectionsCalculator, with reversed order, sigmoid and clipping at 100; `raw` is anchors x coordinates,
    in pixels of the input."""
    found = []
    for row, logit, (x, y) in zip(raw.astype(float), logits.astype(float), anchors, strict=True):
        score = 1 / (1 + math.exp(-min(max(logit, -100), 100)))
        if score < least:
            continue
        across, down, wide, high = row[0] + x, row[1] + y, row[2], row[3]
        box = across - wide / 2, down - high / 2, across + wide / 2, down + high / 2
        points = [(row[i] + x, row[i + 1] + y) for i in range(4, len(row), 2)]
        found.append(Detection(score, box, points))
    return found


def weighted_suppression(found: list[Detection], overlap: float) -> list[Detection]:
    """NonMaxSuppressionCalculator, weighted, by intersection over union."""
    left = sorted(found, key=lambda each: -each.score)
    kept = []
    while left:
        first = left[0]
        same = [each for each in left if _shared(each.box, first.box) > overlap]
        left = [each for each in left if not any(each is other for other in same)]
        total = sum(each.score for each in same)

        def mean(numbers: list[float], same: list[Detection] = same, total: float = total) -> float:
            return sum(number * each.score for number, each in zip(numbers, same, strict=True)) / total

        left_, top, right, bottom = (mean([each.box[i] for each in same]) for i in range(4))
        points = [
            (mean([each.points[i][0] for each in same]), mean([each.points[i][1] for each in same]))
            for i in range(len(first.points))
        ]
        kept.append(Detection(first.score, (left_, top, right, bottom), points))
    return kept


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / (sum(areas) - wide * high)


def rotation(start: Point, end: Point, target_degrees: float) -> float:
    """DetectionsToRectsCalculator's rotation, from one point to another."""
    turned = math.radians(target_degrees) - math.atan2(-(end[1] - start[1]), end[0] - start[0])
    return turned - 2 * math.pi * math.floor((turned + math.pi) / (2 * math.pi))


def rect_of_points(points: np.ndarray, turned: float) -> Rect:
    """LandmarksToDetectionCalculator and DetectionsToRectsCalculator: the box of the points as they lie."""
    low, high = points.min(axis=0), points.max(axis=0)
    (x, y), (width, height) = ((low + high) / 2).tolist(), (high - low).tolist()
    return Rect(x, y, width, height, turned)


def rect_of_hand(points: np.ndarray) -> Rect:
    """HandLandmarksToRectCalculator, on the twelve points of palm and knuckles."""
    some = points[[0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]].astype(float)
    wrist, index, middle, ring = some[0], some[4], some[6], some[8]
    towards = ((index + ring) / 2 + middle) / 2
    turned = rotation(tuple(wrist), tuple(towards), 90)
    back = -turned
    centre = (some.min(axis=0) + some.max(axis=0)) / 2
    seen = np.array(
        [
            (
                x * math.cos(back) - y * math.sin(back),
                x * math.sin(back) + y * math.cos(back),
            )
            for x, y in some - centre
        ]
    )
    x, y = (seen.min(axis=0) + seen.max(axis=0)) / 2
    width, height = seen.max(axis=0) - seen.min(axis=0)
    return Rect(
        x * math.cos(turned) - y * math.sin(turned) + centre[0],
        x * math.sin(turned) + y * math.cos(turned) + centre[1],
        width,
        height,
        turned,
    )


def transformed(rect: Rect, scale: float, shift_y: float = 0.0) -> Rect:
    """RectTransformationCalculator, with a long square."""
    x = rect.x - rect.height * shift_y * math.sin(rect.rotation)
    y = rect.y + rect.height * shift_y * math.cos(rect.rotation)
    side = max(rect.width, rect.height) * scale
    return Rect(x, y, side, side, rect.rotation)


def to_tensor(picture: np.ndarray, rect: Rect, size: int, *, replicate: bool, low: float, high: float) -> np.ndarray:
    """ImageToTensorCalculator: a turned square by bilinear sampling, levels `low` to `high`; black beyond the picture,
    or its edge."""
    across = (np.arange(size) / size - 0.5) * rect.width
    c, s = math.cos(rect.rotation), math.sin(rect.rotation)
    u, v = np.meshgrid(across, across)
    x, y = rect.x + u * c - v * s, rect.y + u * s + v * c
    rows, columns = picture.shape[:2]
    made = np.zeros((size, size, 3))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for down in (0, 1):
        for right in (0, 1):
            weight = (1 - abs(y - top - down)) * (1 - abs(x - left - right))
            row, column = top + down, left + right
            there = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            levels = picture[row.clip(0, rows - 1), column.clip(0, columns - 1)].astype(float)
            made += levels * (weight * (there | replicate))[..., None]
    return made / 255 * (high - low) + low


def letterbox(picture: np.ndarray) -> Rect:
    """The square around a whole picture, as `keep_aspect_ratio` pads it."""
    height, width = picture.shape[:2]
    return Rect(width / 2, height / 2, max(width, height), max(width, height), 0.0)


def projected(points: np.ndarray, rect: Rect, size: int, *, flipped: bool = False) -> np.ndarray:
    """LandmarkProjectionCalculator: from pixels of the square to pixels of the picture; `flipped` as
    TensorsToLandmarksCalculator has it."""
    parts = points.astype(float) / size
    if flipped:
        parts[:, 0] = 1 - parts[:, 0]
    x, y = parts[:, 0] - 0.5, parts[:, 1] - 0.5
    c, s = math.cos(rect.rotation), math.sin(rect.rotation)
    return np.stack((rect.x + (x * c - y * s) * rect.width, rect.y + (x * s + y * c) * rect.width), axis=1)
