"""Where the ports of a new subgraph stand, so that their wires stay in sight.

    graph.move(port_places(scene))      # the scene shows a subgraph whose ports may lie anywhere

Inputs stand in a column left of everything, outputs in one right of everything, in the order in which their wires end,
and as level with these as they can without a wire that runs behind a node. A port for which there is no such place
stands inside, close to its node, or where the fewest of its wires do. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from nodeflow.editor.canvas.geometry import Curve, Point, Rect, wire_curve
from nodeflow.editor.canvas.layout import GRID, on_grid
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.graph import INPUT, OUTPUT

_ACROSS: Final = 120.0
"""Room between a column and all else ..."""
_NEAR: Final = 40.0
"""... and at least between a port that stands inside and its node."""
_APART: Final = 20.0
_CLEAR: Final = 8.0
"""Room between a wire and a node that it passes."""
_STEPS: Final = 30
"""How far up and down a place is looked for, in steps of the grid."""
_WAYS: Final = sorted(product(range(12), range(-_STEPS, _STEPS + 1)), key=lambda way: (way[0] + abs(way[1]), way))
"""Steps away from a node that a port stands close to, and down, the nearest first."""
_WORK: Final = 50_000
"""About how often, in all, a wire is held against a node: in a large graph ports stand where there is room."""


def port_places(scene: Scene) -> dict[str, Point]:
    """The top left corner of each port. The scene shows them there afterwards."""
    kinds = {node: made.type for node, made in scene.graph.nodes.items() if made.type in (INPUT, OUTPUT)}
    things = [box.bounds for node, box in scene.boxes.items() if node not in kinds]
    around = Rect.around([*things, *(pad.bounds for pad in scene.pads.all.values())]) or Rect.of(0.0, 0.0, 0.0, 0.0)
    waiting = set(kinds)
    wires = sum(bool(kinds.keys() & {link.source.node, link.target.node}) for link in scene.wires)
    tries = _WORK // (1 + len(scene.boxes) * wires)
    for kind in (INPUT, OUTPUT):
        side = _Side(scene, kind == INPUT, around, tries, waiting)
        side.stand([port for port, its in kinds.items() if its == kind])
    return {port: scene.boxes[port].at for port in kinds}


@dataclass(slots=True)
class _Side:
    """One of the two columns. `around` is what holds everything but the ports, `waiting` are ports without a place."""

    scene: Scene
    left: bool
    around: Rect
    tries: int
    waiting: set[str]

    def stand(self, ports: Collection[str]) -> None:
        """Give these their places, from the top down."""
        widest = max((self.scene.boxes[port].face.width for port in ports), default=0.0)
        x = on_grid(self.around.left - _ACROSS - widest if self.left else self.around.right + _ACROSS)
        lowest = -float("inf")
        for port in sorted(ports, key=lambda port: (self._end(port)[1], port)):
            level = self._level(port)
            heights = [max(level, lowest), *(level + GRID * step for step in range(-_STEPS, _STEPS + 1))]
            # Below the one before, so that their wires do not cross, unless one would not be seen else.
            heights.sort(key=lambda y: (y < lowest, abs(y - level)))
            at = self._best(port, [(x, y) for y in heights[: self.tries]] + self._inside(port))
            at = at or (x, max(level, lowest))
            self.scene.place({port: at})
            self.waiting.discard(port)
            if at[0] == x:
                lowest = max(lowest, on_grid(self.scene.boxes[port].bounds.bottom + GRID / 2 + _APART))

    def _inside(self, port: str) -> list[Point]:
        """Places beside the node that it is wired to, the nearest first."""
        end, level, width = self._end(port)[0], self._level(port), self.scene.boxes[port].face.width
        x = end - _NEAR - width if self.left else end + _NEAR
        away = -GRID if self.left else GRID
        return [(on_grid(x) + away * across, level + GRID * down) for across, down in _WAYS[: self.tries]]

    def _best(self, port: str, places: Iterable[Point]) -> Point | None:
        """The first place that is free and from which all its wires are seen, or else the most of them."""
        least, best = len(self._ends(port)) + 1, None
        for at in places:
            if self._free(port, at) and (hidden := self._hidden(port, at)) < least:
                least, best = hidden, at
                if not hidden:
                    break
        return best

    def _free(self, port: str, at: Point) -> bool:
        """Whether nothing else is there, and no wire."""
        scene, face = self.scene, self.scene.boxes[port].face
        room = Rect.of(*at, face.width, face.height).grown(_APART / 2)
        boxes, wires = scene.visible(room)
        if any(box.node not in self.waiting for box in boxes):
            return False
        if any(pad.bounds.meets(room) for pad in scene.pads.all.values()):
            return False
        settled = (wire for wire in wires if not self.waiting & {wire.link.source.node, wire.link.target.node})
        return not any(_passes(wire.curve, [room]) for wire in settled)

    def _hidden(self, port: str, at: Point) -> int:
        """How many of its wires would run behind a node."""
        knob = self.scene.boxes[port].face.ports[0].at
        here, hidden = (at[0] + knob[0], at[1] + knob[1]), 0
        for node, end in self._ends(port):
            curve = wire_curve(here, end) if self.left else wire_curve(end, here)
            passed = self.scene.boxes_in(curve.bounds.grown(_CLEAR)) - self.waiting - {port, node}
            rooms = [self.scene.boxes[each].bounds.grown(_CLEAR) for each in passed]
            hidden += bool(rooms) and _passes(curve, rooms)
        return hidden

    def _end(self, port: str) -> Point:
        """Where the shortest of its wires ends."""
        ends = [end for _, end in self._ends(port)]
        return (min if self.left else max)(ends, default=(self.around.left, self.around.top))

    def _ends(self, port: str) -> list[tuple[str, Point]]:
        """The nodes that it is wired to, and where those wires end."""
        graph = self.scene.graph
        if self.left:
            others = [Port(link.target.node, link.target.port, "in") for link in graph.links_from(port)]
        else:
            others = [Port(link.source.node, link.source.port, "out") for link in graph.links_into(port)]
        return [(other.node, end) for other in others if (end := self.scene.port_at(other)) is not None]

    def _level(self, port: str) -> float:
        """Where its top is when its wire runs level."""
        return on_grid(self._end(port)[1] - self.scene.boxes[port].face.ports[0].at[1])


def _passes(curve: Curve, rooms: Sequence[Rect]) -> bool:
    pieces = [Rect.between(*ends) for ends in pairwise(curve.points(32))]
    return any(room.meets(piece) for room in rooms for piece in pieces)
