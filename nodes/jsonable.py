"""Values as JSON: what the JSON-lines writer writes, and anything else that speaks to other programs can.

    to_json(Number(3.5, "fps"))      # {"kind": "Number", "value": 3.5, "unit": "fps"}

Every object has its `kind`. Coordinates are pixels of the picture in which something was found, counted from its top
left corner; `size` is that picture's [width, height], and `to_source`, where the picture is a crop or another size of
the one that the source gave, the affine [a, b, c, d, e, f] that leads there: x' = a x + b y + c, y' = d x + e y + f.

    Poses       skeleton, joints [name], people [{score, joints [[x, y, score]], xyz? [[x, y, z]] metres, track_id?}]
    Detections  boxes [{label, score, xyxy [left, top, right, bottom], track_id?}]
    Classes     label and score of the likeliest, classes [{label, score}]: the 20 likeliest, in order
    Text        value, language?            Number   value, unit?           Boolean   value
    Color       value "#rrggbb"             Table    columns, rows          Vector    family, values
    Image, Mask    size only                Audio    rate, channels, seconds   Tensor    axes, shape, dtype

What is no number (NaN, infinite) becomes null. Arrays of pixels, samples and weights are described, not written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.values import (
    IDENTITY,
    Audio,
    Boolean,
    Classes,
    Color,
    Detections,
    Frame,
    Image,
    Mask,
    Number,
    Poses,
    Table,
    Tensor,
    Text,
    Vector,
)

_PIXELS = 2  # decimals
_SCORES = 4
_METRES = 4
_LIKELIEST = 20
"""Of a thousand classes the others are zeros, nearly."""

Json = dict[str, Any]


def to_json(value: object) -> Json:
    """A value as plain dicts, lists, numbers and strings. Raises TypeError for what is no value."""
    tell = _TELLERS.get(type(value))
    if tell is None:
        raise TypeError(f"{type(value).__name__} is no kind of value")
    return {"kind": type(value).__name__, **tell(value)}


def _poses(poses: Poses) -> Json:
    people = []
    for index, (xy, score) in enumerate(zip(poses.xy, poses.score, strict=True)):
        joints = [
            [*place, *sure] for place, sure in zip(_plain(xy, _PIXELS), _plain(score[:, None], _SCORES), strict=True)
        ]
        person: Json = {"score": _number(poses.person[index], _SCORES), "joints": joints}
        if poses.xyz is not None:
            person["xyz"] = _plain(poses.xyz[index], _METRES)
        people.append(person | _track(poses, index))
    return {"skeleton": poses.skeleton.name, "joints": list(poses.skeleton.joints), "people": people} | _where(
        poses.frame
    )


def _detections(found: Detections) -> Json:
    boxes = [
        {"label": found.label(i), "score": _number(found.score[i], _SCORES), "xyxy": _plain(found.xyxy[i], _PIXELS)}
        | _track(found, i)
        for i in range(len(found))
    ]
    return {"boxes": boxes} | _where(found.frame)


def _classes(classes: Classes) -> Json:
    best = [{"label": label, "score": _number(score, _SCORES)} for label, score in classes.top(_LIKELIEST)]
    return {**best[0], "classes": best} if best else {"classes": best}


def _text(text: Text) -> Json:
    return {"value": text.value} | ({"language": text.language} if text.language else {})


def _quantity(number: Number) -> Json:
    return {"value": _number(number.value)} | ({"unit": number.unit} if number.unit else {})


def _table(table: Table) -> Json:
    rows = [[_number(cell) if isinstance(cell, float) else cell for cell in row] for row in table.rows]
    return {"columns": list(table.columns), "rows": rows}


def _audio(audio: Audio) -> Json:
    return {"rate": audio.rate, "channels": len(audio.samples), "seconds": audio.seconds}


def _tensor(tensor: Tensor) -> Json:
    return {"axes": list(tensor.axes), "shape": list(tensor.array.shape), "dtype": str(tensor.array.dtype)}


_TELLERS: dict[type, Callable[[Any], Json]] = {
    Poses: _poses,
    Detections: _detections,
    Classes: _classes,
    Text: _text,
    Number: _quantity,
    Boolean: lambda v: {"value": v.value},
    Color: lambda v: {"value": str(v)},
    Table: _table,
    Vector: lambda v: {"family": v.family, "values": _plain(v.values, 6)},
    Image: lambda v: _where(v.frame),
    Mask: lambda v: _where(v.frame),
    Audio: _audio,
    Tensor: _tensor,
}


def _where(frame: Frame) -> Json:
    return {"size": list(frame.size)} | ({} if frame.to_source == IDENTITY else {"to_source": list(frame.to_source)})


def _track(value: Poses | Detections, index: int) -> Json:
    return {} if value.track_id is None else {"track_id": int(value.track_id[index])}


def _plain(array: NDArray[Any], decimals: int) -> list[Any]:
    """An array as nested lists of rounded numbers. Goes by float64, in which 0.1 is written 0.1."""
    rounded = np.round(array.astype(np.float64), decimals)
    finite = np.isfinite(rounded)
    if not finite.all():
        rounded = rounded.astype(object)
        rounded[~finite] = None
    return list(rounded.tolist())


def _number(value: float, decimals: int | None = None) -> float | None:
    plain = float(value)
    if not math.isfinite(plain):
        return None
    return plain if decimals is None else round(plain, decimals)
