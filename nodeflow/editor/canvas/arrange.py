"""Lay nodes out from left to right along their wires.

    places = arranged(boxes, strands)

Layers and their order come from layers.py; here every node gets a place such that wires run as level as they can, and
none behind a node that it passes (clearance.py).
What is wired together is laid out together, one such part below the other in the order in which they lie now; what is
not wired at all comes last, in rows. The order in which nodes lie is kept where another crosses no fewer wires, so
laying out what is laid out already changes nothing. Pure; it takes a second for 2,000 nodes, and tells how far it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate

from nodeflow.editor.canvas.clearance import make_way
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layers import Bend, Layers, Piece, Spot, Strand, forward
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.steps import Step, told_nobody
from nodeflow.graph.parts import CANVAS

_ACROSS, _DOWN, _APART = 80.0, 40.0, 80.0
"""Room between layers, between the nodes of one, and between parts that no wire joins. Of `_DOWN`, one step of the grid
may be lost when places are rounded."""
_BESIDE_WIRE = 24.0
_ROW_LEAST = 1200.0
_SWEEPS = 12
_STRAIGHT = {0: 1.0, 1: 2.0, 2: 8.0}
"""How much a piece of wire insists on running level, by how many of its ends are bends."""


def arranged(boxes: Mapping[str, Rect], strands: Sequence[Strand], step: Step = told_nobody) -> dict[str, Point]:
    """Where each node's top left corner goes. The whole keeps its top left corner, rounded to the grid. `step` is told
    of the nodes as their parts are laid out."""
    if not boxes:
        return {}
    parts, loose = _parts(boxes, strands)
    # Rounded, because where a box lies must not show in what its size is taken for.
    sizes = {node: (math.ceil(round(box.width, 3) / GRID) * GRID, round(box.height, 3)) for node, box in boxes.items()}
    places: dict[str, Point] = {}
    top, widest = 0.0, _ROW_LEAST
    for part, inside in parts:
        rows = sorted(part, key=lambda node: (boxes[node].center[1], boxes[node].left, node))
        part_places = _laid_out(rows, forward(sorted(part), inside), sizes, step)
        places |= {node: (x, y + top) for node, (x, y) in part_places.items()}
        step(len(part))
        top = max(places[node][1] + sizes[node][1] for node in part)
        top = math.ceil((top + _APART) / GRID) * GRID
        widest = max(widest, *(places[node][0] + sizes[node][0] for node in part))
    places |= _in_rows(sorted(loose, key=lambda node: (boxes[node].top, boxes[node].left, node)), sizes, top, widest)
    return _anchored(places, sizes, boxes)


def _parts(
    boxes: Mapping[str, Rect], strands: Sequence[Strand]
) -> tuple[list[tuple[set[str], list[Strand]]], list[str]]:
    """The nodes that wires join, part by part from the top down, each with its wires; and those that are loose."""
    beside: dict[str, list[Strand]] = {node: [] for node in boxes}
    for strand in strands:
        beside[strand.source].append(strand)
        beside[strand.target].append(strand)
    parts: list[set[str]] = []
    seen: set[str] = set()
    for node in boxes:
        if node in seen or not beside[node]:
            continue
        part, waiting = {node}, [node]
        while waiting:
            for strand in beside[waiting.pop()]:
                new = {strand.source, strand.target} - part
                part |= new
                waiting += new
        seen |= part
        parts.append(part)
    parts.sort(key=lambda part: min((boxes[node].top, boxes[node].left, node) for node in part))
    wired = [
        (part, [strand for node in sorted(part) for strand in beside[node] if strand.source == node]) for part in parts
    ]
    return wired, [node for node in boxes if not beside[node]]


def _laid_out(rows: list[str], strands: Sequence[Strand], sizes: Mapping[str, Point], step: Step) -> dict[str, Point]:
    """One part, its top left corner at the origin. `rows` are its nodes from the top down as they lie now."""
    layers = Layers(rows, strands)
    order = layers.untangled(layers.order, step)
    full = layers.with_bends(order)
    heights = _heights(full, layers.pieces, sizes, step)
    widths = [max(sizes[node][0] for node in layer) + _ACROSS for layer in order]
    lefts = list(accumulate(widths[:-1], initial=0.0))
    make_way(heights, full, strands, lefts, sizes, _DOWN, step)
    places = {
        node: (x, round(heights[node] / GRID) * GRID) for x, layer in zip(lefts, order, strict=True) for node in layer
    }
    top = min(y for _, y in places.values())
    return {node: (x, y - top) for node, (x, y) in places.items()}


def _heights(
    full: list[list[Spot]], pieces: list[list[Piece]], sizes: Mapping[str, Point], step: Step
) -> dict[Spot, float]:
    """How far down the top of each spot is: passes there and back, in which each layer comes as near as it can to
    where its wires would run level."""
    behind: dict[Spot, list[tuple[Spot, float, float]]] = {spot: [] for layer in full for spot in layer}
    ahead: dict[Spot, list[tuple[Spot, float, float]]] = {spot: [] for layer in full for spot in layer}
    for piece in (piece for layer in pieces for piece in layer):
        weight = _STRAIGHT[isinstance(piece.source, Bend) + isinstance(piece.target, Bend)]
        behind[piece.target].append((piece.source, piece.leaves - piece.enters, weight))
        ahead[piece.source].append((piece.target, piece.enters - piece.leaves, weight))
    tops: dict[Spot, float] = {}
    steps = [_steps(layer, sizes) for layer in full]
    for layer, offsets in zip(full, steps, strict=True):
        tops |= {spot: offset - offsets[-1] / 2 for spot, offset in zip(layer, offsets, strict=True)}
    for sweep in range(_SWEEPS):
        step(0)
        last = sweep == _SWEEPS - 1
        for at in range(len(full)) if sweep % 2 == 0 else range(len(full) - 1, -1, -1):
            layer, offsets = full[at], steps[at]
            wishes = []
            for spot in layer:
                beside = [*behind[spot], *ahead[spot]] if last else behind[spot] if sweep % 2 == 0 else ahead[spot]
                weight = sum(each[2] for each in beside)
                wishes.append(
                    sum((tops[other] + way) * share for other, way, share in beside) / weight if weight else tops[spot]
                )
            tops |= dict(zip(layer, _spread(wishes, offsets), strict=True))
    return tops


def _steps(layer: list[Spot], sizes: Mapping[str, Point]) -> list[float]:
    """How far below the first spot of a layer each of them is when they lie as close as they may."""
    offsets, down = [], 0.0
    for spot, after in zip(layer, [*layer[1:], None], strict=True):
        offsets.append(down)
        both = isinstance(spot, str) and isinstance(after, str)
        down += (sizes[spot][1] if isinstance(spot, str) else 0.0) + (_DOWN if both else _BESIDE_WIRE)
    return offsets


def _spread(wishes: list[float], offsets: list[float]) -> list[float]:
    """The places nearest to `wishes`, by least squares, that keep the order and the room (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]


def _in_rows(loose: list[str], sizes: Mapping[str, Point], top: float, widest: float) -> dict[str, Point]:
    """Nodes side by side, as many to a row as fit."""
    places: dict[str, Point] = {}
    x, tallest = 0.0, 0.0
    for node in loose:
        width, height = sizes[node]
        if x and x + width > widest:
            x, top, tallest = 0.0, math.ceil((top + tallest + _DOWN) / GRID) * GRID, 0.0
        places[node] = (x, top)
        x += width + _DOWN
        tallest = max(tallest, height)
    return places


def _anchored(places: Mapping[str, Point], sizes: Mapping[str, Point], boxes: Mapping[str, Rect]) -> dict[str, Point]:
    """`places` with their corner where that of `boxes` is, so far as the canvas reaches."""

    def start(side: int) -> float:
        now = min(box[side] for box in boxes.values())
        far = max(place[side] + sizes[node][side] for node, place in places.items())
        return math.floor(max(-CANVAS, min(now, CANVAS - far)) / GRID + 0.5) * GRID

    left, top = start(0), start(1)
    return {node: (x + left, y + top) for node, (x, y) in places.items()}
