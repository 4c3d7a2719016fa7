"""Values as rows of a table: what the CSV writer writes.

    columns, rows = to_rows(classes)      # ("label", "score"), [("espresso", 0.83)]

What holds several things gives a row for each: every box, every person. Nothing found gives no row. Coordinates are
pixels of the picture in which something was found, scores lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nodeflow.values import Boolean, Classes, Color, Detections, Items, Number, Poses, Table, Text

Cell = str | float | int | bool | None
Rows = tuple[tuple[str, ...], list[tuple[Cell, ...]]]

_TOP = 1


def to_rows(value: object) -> Rows:
    """The columns of a value's kind, and its rows. Raises TypeError for what does not fit into a table."""
    tell = _TELLERS.get(type(value))
    if tell is None:
        raise TypeError(f"{type(value).__name__} does not fit into a table")
    return tell(value)


def _classes(classes: Classes) -> Rows:
    return ("label", "score"), [(label, round(score, 4)) for label, score in classes.top(_TOP)]


def _detections(found: Detections) -> Rows:
    columns = ("label", "score", "left", "top", "right", "bottom", "track_id")
    rows: list[tuple[Cell, ...]] = []
    for index, box in enumerate(found.xyxy):
        track = None if found.track_id is None else int(found.track_id[index])
        rows.append((found.label(index), _score(found.score[index]), *(round(float(side), 2) for side in box), track))
    return columns, rows


def _poses(poses: Poses) -> Rows:
    joints = poses.skeleton.joints
    columns = ("score", "track_id", *(f"{joint}_{axis}" for joint in joints for axis in ("x", "y", "score")))
    rows: list[tuple[Cell, ...]] = []
    for index, person in enumerate(poses.person):
        track = None if poses.track_id is None else int(poses.track_id[index])
        cells: list[Cell] = []
        for (x, y), sure in zip(poses.xy[index], poses.score[index], strict=True):
            cells += (round(float(x), 2), round(float(y), 2), _score(sure))
        rows.append((_score(person), track, *cells))
    return columns, rows


def _items(items: Items) -> Rows:
    """A list of one kind: its rows one after the other, numbered."""
    columns: tuple[str, ...] = ("item",)
    rows: list[tuple[Cell, ...]] = []
    for number, item in enumerate(items):
        if type(item) in _TELLERS:
            names, told = to_rows(item)
            columns = ("item", *names)
            rows += [(number, *row) for row in told]
    return columns, rows


def _score(score: Any) -> float:
    return round(float(score), 4)


_TELLERS: dict[type, Callable[[Any], Rows]] = {
    Classes: _classes,
    Detections: _detections,
    Poses: _poses,
    Items: _items,
    Text: lambda v: (("text",), [(v.value,)]),
    Number: lambda v: (("value",), [(v.value,)]),
    Boolean: lambda v: (("value",), [(v.value,)]),
    Color: lambda v: (("color",), [(str(v),)]),
    Table: lambda v: (v.columns, list(v.rows)),
}
