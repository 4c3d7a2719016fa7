"""Bring boxes into line, or spread them evenly: from where they are to where they should be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from nodeflow.editor.canvas.geometry import Point, Rect

Edge = Literal["left", "right", "top", "bottom", "middle", "center"]
"""What is brought into line: an edge, the middles (one below the other) or the centres (one beside the other)."""
Axis = Literal["across", "down"]


def aligned(boxes: Mapping[str, Rect], edge: Edge) -> dict[str, Point]:
    """The top left corners of `boxes` when they share an `edge`: the outermost one, or the middle of all."""
    around = Rect.around(boxes.values())
    if around is None:
        return {}
    x, y = around.center
    places: dict[Edge, dict[str, Point]] = {
        "left": {name: (around.left, box.top) for name, box in boxes.items()},
        "right": {name: (around.right - box.width, box.top) for name, box in boxes.items()},
        "top": {name: (box.left, around.top) for name, box in boxes.items()},
        "bottom": {name: (box.left, around.bottom - box.height) for name, box in boxes.items()},
        "middle": {name: (x - box.width / 2, box.top) for name, box in boxes.items()},
        "center": {name: (box.left, y - box.height / 2) for name, box in boxes.items()},
    }
    return places[edge]


def distributed(boxes: Mapping[str, Rect], axis: Axis) -> dict[str, Point]:
    """The top left corners of `boxes` with the same room between each and the next; the outermost two stay."""
    side = 0 if axis == "across" else 1
    order = sorted(boxes, key=lambda name: (boxes[name].center[side], boxes[name][side], name))
    if not order:
        return {}
    lengths = {name: boxes[name][side + 2] - boxes[name][side] for name in order}
    start, end = boxes[order[0]][side], boxes[order[-1]][side + 2]
    room = (end - start - sum(lengths.values())) / max(len(order) - 1, 1)
    places: dict[str, Point] = {}
    for name in order:
        box = boxes[name]
        places[name] = (start, box.top) if axis == "across" else (box.left, start)
        start += lengths[name] + room
    return places
