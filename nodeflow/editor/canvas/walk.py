"""From one node to the next without a pointer: along the wires, or to what lies beside it. Pure.

Answers are ids of nodes, or None where there is nothing that way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from nodeflow.editor.canvas.boxes import Box
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.scene import Scene

Way = Literal["left", "right", "up", "down"]

_ACROSS = 2.0
"""How much further a node seems that lies to the side of the way."""


def along_wires(scene: Scene, node: str, way: Way) -> str | None:
    """The node at the other end of a wire: left what feeds `node`, right what it feeds, the levellest wire first. Up
    and down go through the nodes that the same ones feed, else those that feed the same ones."""
    graph, boxes = scene.graph, scene.boxes
    fed_by = {link.source.node for link in graph.links_into(node)} & boxes.keys()
    feeds = {link.target.node for link in graph.links_from(node)} & boxes.keys()
    if way in ("left", "right"):
        height = boxes[node].bounds.center[1]
        there = (fed_by if way == "left" else feeds) - {node}
        return min(there, key=lambda each: (abs(boxes[each].bounds.center[1] - height), each), default=None)
    siblings = {link.target.node for each in fed_by for link in graph.links_from(each)} & boxes.keys()
    if not siblings - {node}:
        siblings = {link.source.node for each in feeds for link in graph.links_into(each)} & boxes.keys()
    order = sorted(siblings | {node}, key=lambda each: (*reversed(boxes[each].bounds.center), each))
    at = order.index(node) + (1 if way == "down" else -1)
    return order[at] if 0 <= at < len(order) else None


def beside(scene: Scene, node: str, way: Way) -> str | None:
    """The nearest node in a direction, wired or not: one wholly beyond the edge before one that only lies further."""
    here = scene.boxes[node].bounds

    def far(box: Box) -> tuple[bool, float, str]:
        on, beyond, aside = _way(here, box.bounds, way)
        return beyond < 0, on + _ACROSS * aside, box.node

    ahead = [box for box in scene.boxes.values() if box.node != node and _way(here, box.bounds, way)[0] > 0]
    return min(ahead, key=far).node if ahead else None


def nearest(scene: Scene, point: Point, among: Iterable[str] | None = None) -> str | None:
    """The node whose middle is nearest to a point."""
    boxes = scene.boxes

    def far(node: str) -> tuple[float, str]:
        x, y = boxes[node].bounds.center
        return (x - point[0]) ** 2 + (y - point[1]) ** 2, node

    return min(boxes if among is None else among, key=far, default=None)


def outermost(scene: Scene, nodes: Iterable[str], way: Way) -> str | None:
    """Of several nodes the one that lies furthest in a direction."""
    side, sign = (0, 1) if way in ("left", "right") else (1, 1)
    sign = -sign if way in ("left", "up") else sign
    return max(nodes, key=lambda node: (sign * scene.boxes[node].bounds.center[side], node), default=None)


def _way(here: Rect, there: Rect, way: Way) -> tuple[float, float, float]:
    """How far `there` is in a direction, from middle to middle and from edge to edge, and how far beside it."""
    (x, y), (to_x, to_y) = here.center, there.center
    if way in ("left", "right"):
        aside = max(0.0, there.top - here.bottom, here.top - there.bottom)
        return (
            (to_x - x, there.left - here.right, aside) if way == "right" else (x - to_x, here.left - there.right, aside)
        )
    aside = max(0.0, there.left - here.right, here.left - there.right)
    return (to_y - y, there.top - here.bottom, aside) if way == "down" else (y - to_y, here.top - there.bottom, aside)
