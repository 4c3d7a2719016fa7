"""Reading a bare network's outputs as classes, boxes and keypoints.

The layouts of boxes, with N places and C classes:

    yolov8               1 x (4 + C) x N   middle and size in pixels, then one score for each class (v8 to v12)
    yolov5               1 x N x (5 + C)   the same, with a score for "something" before the classes' (v5, v7)
    end-to-end           1 x N x 6         corners, score, class: boxes are sorted out already (v10, many exports)
    boxes-scores-labels  N x 4, N, N       corners in pixels; torchvision's detectors
    detr                 1 x N x (C + 1)   logits, of which the last means "nothing", and as another output
                         1 x N x 4         middle and size in shares

Those of keypoints, with K points: heatmaps 1 x K x H x W; "xy" and "yx" K x 2, or K x 3 with something else third, or
flat pairs; "xy-score" and "yx-score" K x 3, or flat; yolo-pose 1 x (5 + 3 K) x N.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.bare.options import Limits, Options
from nodeflow.models.bare.view import View
from nodeflow.models.boxes import suppressed
from nodeflow.models.errors import BadModel
from nodeflow.models.likely import sigmoid, softmax
from nodeflow.models.signature import TensorInfo
from nodeflow.values import Classes, Detections, Poses, Skeleton, transform

Array = NDArray[Any]
Floats = NDArray[np.float32]

MOST = 300
"""Boxes of one picture."""
_MANY = 100
"""A detector looks at more places than this."""
_MOST_KINDS = 20_000
"""Classes: nearly as many as ImageNet has in all. What counts further is no class, and a name for each would take all
the memory."""


class ClassReader:
    """An output as one score for each class."""

    kind = "Classes"

    def __init__(self, options: Options, names: Sequence[str]) -> None:
        self._squash, self._names = options.squash, tuple(names)

    def __call__(self, outputs: Sequence[Array], view: View | None, limits: Limits) -> Classes:  # noqa: ARG002
        numbers = np.asarray(outputs[0], np.float32).reshape(-1)
        if not 0 < numbers.size <= _MOST_KINDS:
            raise BadModel(f"it gives {numbers.size:,} numbers, and 1 to {_MOST_KINDS:,} can be classes; set gives")
        score = _likely(numbers, self._squash)
        names = named(self._names, len(score))
        if 0 < limits.top < len(score):
            best = np.sort(np.argsort(-score, kind="stable")[: limits.top])
            return Classes(score[best], tuple(names[int(i)] for i in best))
        return Classes(score, names)


def _likely(numbers: Floats, squash: str) -> Floats:
    if squash == "auto":
        squash = "none" if numbers.min() >= -0.001 and numbers.max() <= 1.001 else "softmax"
    if squash == "sigmoid":
        return sigmoid(numbers)
    if squash == "softmax":
        numbers = softmax(numbers)
    return np.clip(np.nan_to_num(numbers, nan=0.0), 0, 1)


def named(names: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` names: those that there are, and numbers for the others."""
    return tuple(names[:count]) + tuple(f"class {i}" for i in range(min(len(names), count), count))


def box_layout(infos: Sequence[TensorInfo]) -> tuple[str, tuple[int, ...]] | None:
    """How outputs hold boxes, by their shapes alone, and which of them; None if they do not look like it."""
    shapes = [tuple(each if isinstance(each, int) else 0 for each in info.shape or ()) for info in infos]
    fours = [i for i, shape in enumerate(shapes) if len(shape) in (2, 3) and shape[-1] == 4]
    for boxes in fours:
        others = [i for i, shape in enumerate(shapes) if i != boxes and len(shape) == len(shapes[boxes])]
        logits = [i for i in others if len(shapes[i]) == 3 and shapes[i][1] == shapes[boxes][1] and shapes[i][-1] > 1]
        if logits:
            return "detr", (logits[0], boxes)
        flat = [i for i, shape in enumerate(shapes) if len(shape) == len(shapes[boxes]) - 1]
        labels = [i for i in flat if infos[i].dtype.startswith("int")]
        scores = [i for i in flat if infos[i].dtype.startswith("float")]
        if labels and scores:
            return "boxes-scores-labels", (boxes, scores[0], labels[0])
    for i, shape in enumerate(shapes):
        if len(shape) == 3 and shape[0] in (0, 1) and infos[i].dtype.startswith("float"):
            _, rows, columns = shape
            if columns == 6 and rows <= 1000:
                return "end-to-end", (i,)
            if columns > _MANY and 5 <= rows < columns:
                return "yolov8", (i,)
            # Detectors with anchors give boxes and scores apart, which is another layout.
            if rows > _MANY and 6 <= columns < rows and sum(len(each) == 3 for each in shapes) == 1:
                return "yolov5", (i,)
    return None


class BoxReader:
    """Outputs as boxes with names."""

    kind = "Detections"

    def __init__(self, options: Options, layout: str, names: Sequence[str]) -> None:
        self._read = {
            "yolov8": _yolov8,
            "yolov5": _yolov5,
            "end-to-end": _end_to_end,
            "boxes-scores-labels": _apart,
            "detr": _detr,
        }[layout]
        self._names, self._unit = tuple(names), options.unit
        self._shares = options.unit == "shares" or (options.unit == "auto" and layout == "detr")
        self._sorted = layout in ("end-to-end", "detr")
        self._most = 0

    def __call__(self, outputs: Sequence[Array], view: View, limits: Limits) -> Detections:
        xyxy, score, kinds, known = self._read(outputs, limits.score)
        if known > _MOST_KINDS:
            raise BadModel(f"its boxes have {known:,} classes, and {_MOST_KINDS:,} are the most; set boxes")
        good = np.isfinite(xyxy).all(axis=1) & (kinds >= 0) & (kinds < _MOST_KINDS)
        xyxy, score, kinds = xyxy[good], score[good], kinds[good]
        if self._shares:
            xyxy = xyxy * np.array((view.width, view.height) * 2, np.float32)
        order = np.argsort(-score, kind="stable")[: 10 * MOST]
        xyxy, score, kinds = xyxy[order], score[order], kinds[order]
        if not self._sorted:
            kept = suppressed(xyxy, score, kinds, limits.overlap)
            xyxy, score, kinds = xyxy[kept], score[kept], kinds[kept]
        placed = transform(view.to_picture, xyxy.reshape(-1, 2, 2)).reshape(-1, 4)
        edges = np.array(view.frame.size * 2, np.float32)
        self._most = max(self._most, known, int(kinds.max(initial=-1)) + 1)
        return Detections(
            np.clip(placed, 0, edges)[:MOST],
            np.clip(score, 0, 1)[:MOST],
            kinds[:MOST],
            named(self._names, max(self._most, len(self._names))),
            view.frame,
        )


_Found = tuple[Floats, Floats, NDArray[np.int64], int]
"""Corners, scores and classes of what is sure enough, and how many classes there are if that is known."""


def _rows(output: Array) -> Floats:
    """An output as a table, without its batch."""
    array = np.asarray(output, np.float32)
    if array.ndim == 3 and array.shape[0] == 1:
        array = array[0]
    if array.ndim != 2:
        raise BadModel(
            f"an output of shape {'x'.join(map(str, output.shape))} holds no boxes of this layout; set boxes"
        )
    return array


def _best(middle: Floats, scores: Floats, least: float) -> _Found:
    """Boxes by middle and size, each with its surest class."""
    if scores.shape[1] < 1 or middle.shape[1] != 4:
        raise BadModel("an output is too narrow to hold boxes and classes of this layout; set boxes")
    kinds = scores.argmax(axis=1)
    best = scores[np.arange(len(scores)), kinds]
    sure = best >= least
    return _corners(middle[sure]), best[sure], kinds[sure].astype(np.int64), scores.shape[1]


def _corners(middle: Floats) -> Floats:
    return np.concatenate((middle[:, :2] - middle[:, 2:] / 2, middle[:, :2] + middle[:, 2:] / 2), axis=1)


def _yolov8(outputs: Sequence[Array], least: float) -> _Found:
    rows = _rows(outputs[0]).T
    return _best(rows[:, :4], rows[:, 4:], least)


def _yolov5(outputs: Sequence[Array], least: float) -> _Found:
    rows = _rows(outputs[0])
    return _best(rows[:, :4], rows[:, 5:] * rows[:, 4:5], least)


def _end_to_end(outputs: Sequence[Array], least: float) -> _Found:
    rows = _rows(outputs[0])
    if rows.shape[1] < 6:
        raise BadModel(f"its boxes have {rows.shape[1]} numbers, and this layout needs 6; set boxes")
    rows = rows[rows[:, 4] >= least]
    kinds = np.clip(np.nan_to_num(rows[:, 5], nan=-1), -1, _MOST_KINDS).astype(np.int64)
    return rows[:, :4], rows[:, 4], kinds, 0


def _apart(outputs: Sequence[Array], least: float) -> _Found:
    boxes = np.asarray(outputs[0], np.float32).reshape(-1, 4)
    score, labels = np.asarray(outputs[1], np.float32).reshape(-1), np.asarray(outputs[2]).reshape(-1)
    if not len(boxes) == len(score) == len(labels):
        raise BadModel(f"there are {len(boxes)} boxes, {len(score)} scores and {len(labels)} labels; set boxes")
    sure = score >= least
    return boxes[sure], score[sure], labels[sure].astype(np.int64), 0


def _detr(outputs: Sequence[Array], least: float) -> _Found:
    logits, boxes = _rows(outputs[0]), _rows(outputs[1])
    return _best(boxes, softmax(logits)[:, :-1], least)


def point_layout(infos: Sequence[TensorInfo]) -> tuple[str, int] | None:
    """How an output holds keypoints, by its shape alone, and which one; None if none looks like it."""
    for i, info in enumerate(infos):
        shape = tuple(each if isinstance(each, int) else 0 for each in info.shape or ())
        if len(shape) == 4 and shape[1] > 3 and shape[2] >= 8 and shape[3] >= 8:
            return "heatmaps", i
        if len(shape) in (3, 4) and shape[-1] in (2, 3) and 1 < shape[-2] <= 1000:
            return ("yx" if len(shape) == 4 else "xy") + "-score" * (shape[-1] == 3), i
        if len(shape) == 3 and shape[2] > _MANY and shape[1] > 5 and (shape[1] - 5) % 3 == 0:
            return "yolo-pose", i
    return None


class PointReader:
    """An output as points with names: one figure, or with yolo-pose several."""

    kind = "Poses"

    def __init__(self, options: Options, layout: str, names: Sequence[str]) -> None:
        self._layout, self._names, self._unit = layout, tuple(names), options.unit
        self._skeletons: dict[int, Skeleton] = {}

    def __call__(self, outputs: Sequence[Array], view: View, limits: Limits) -> Poses:
        if self._layout == "yolo-pose":
            xy, score, person = _figures(outputs[0], limits)
        else:
            xy, score = _peaks(outputs[0], view) if self._layout == "heatmaps" else self._listed(outputs[0], view)
            person = np.asarray([score.mean()], np.float32)
            xy, score = xy[None], score[None]
        xy = np.nan_to_num(xy, nan=0.0, posinf=0.0, neginf=0.0)
        score, person = np.nan_to_num(score, nan=0.0), np.nan_to_num(person, nan=0.0)
        placed = transform(view.to_picture, xy.astype(np.float32))
        return Poses(placed, np.clip(score, 0, 1), self._skeleton(score.shape[1]), view.frame, np.clip(person, 0, 1))

    def _listed(self, output: Array, view: View) -> tuple[Floats, Floats]:
        array, scored = np.asarray(output, np.float32), self._layout.endswith("-score")
        width = array.shape[-1] if array.ndim > 1 and array.shape[-1] in (2, 3) else 2 + scored
        if array.size % width or (scored and width == 2) or not array.size:
            raise BadModel(f"an output of {array.size} numbers holds no points of this layout; set keypoints")
        array = array.reshape(-1, width)
        xy = array[:, 1::-1] if self._layout.startswith("yx") else array[:, :2]
        score = array[:, 2] if scored else np.ones(len(array), np.float32)
        shares = self._unit == "shares" or (self._unit == "auto" and float(np.abs(xy).max(initial=0.0)) <= 2)
        return (xy * np.array((view.width, view.height), np.float32) if shares else xy), score

    def _skeleton(self, count: int) -> Skeleton:
        if count not in self._skeletons:
            from nodeflow.models.pose.skeletons import BLAZEPOSE, COCO

            known = {len(COCO.joints): COCO, len(BLAZEPOSE.joints): BLAZEPOSE}
            names = tuple(self._names[:count]) + tuple(f"point {i}" for i in range(len(self._names), count))
            told = Skeleton(f"points-{count}", names, ())
            self._skeletons[count] = told if self._names or count not in known else known[count]
        return self._skeletons[count]


def _peaks(output: Array, view: View) -> tuple[Floats, Floats]:
    """The highest cell of each map, a quarter of a cell towards its higher neighbours, as is usual."""
    maps = np.asarray(output, np.float32)
    maps = maps[0] if maps.ndim == 4 else maps
    if maps.ndim != 3 or 0 in maps.shape:
        raise BadModel(f"an output of shape {'x'.join(map(str, output.shape))} holds no heatmaps; set keypoints")
    count, high, wide = maps.shape
    flat = maps.reshape(count, -1)
    at = flat.argmax(axis=1)
    y, x = at // wide, at % wide
    rows = np.arange(count)
    right, left = (maps[rows, y, np.clip(x + step, 0, wide - 1)] for step in (1, -1))
    below, above = (maps[rows, np.clip(y + step, 0, high - 1), x] for step in (1, -1))
    inside = (x > 0) & (x < wide - 1), (y > 0) & (y < high - 1)
    across, down = inside[0] * np.sign(right - left), inside[1] * np.sign(below - above)
    xy = np.nan_to_num(np.stack((x + 0.5 + 0.25 * across, y + 0.5 + 0.25 * down), axis=1))
    return (xy * (view.width / wide, view.height / high)).astype(np.float32), flat[rows, at]


def _figures(output: Array, limits: Limits) -> tuple[Floats, Floats, Floats]:
    rows = _rows(output).T
    if rows.shape[1] < 8 or (rows.shape[1] - 5) % 3:
        raise BadModel(
            f"its figures have {rows.shape[1]} numbers, and this layout needs 5 and 3 for each point; set keypoints"
        )
    rows = rows[(rows[:, 4] >= limits.score) & np.isfinite(rows[:, :4]).all(axis=1)]
    rows = rows[np.argsort(-rows[:, 4], kind="stable")[: 10 * MOST]]
    kept = suppressed(_corners(rows[:, :4]), rows[:, 4], np.zeros(len(rows), np.int64), limits.overlap)
    rows = rows[kept[:MOST]]
    points = rows[:, 5:].reshape(len(rows), -1, 3)
    return points[..., :2], points[..., 2], rows[:, 4]
