"""What becomes of a scene when thousands of nodes move at once: it takes longer than a frame, so a thread works it out.

foresight = scene.foresight()           # on the scene's thread: what lies where now
ahead = foresight.ahead(graph)          # any thread: what will lie where in `graph`, in which nodes only moved
scene.expect(ahead)                     # when that very graph comes, it is taken over, if all looks as it did

What it takes the place of is kept for when the graph before comes again: to undo and redo costs no more than the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nodeflow.editor.canvas.boxes import Box, Wire, same_looks
from nodeflow.editor.canvas.grid import Grid
from nodeflow.graph import Graph, Link, View

_NO_VIEW = View()


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a scene comes to with `graph`, in which these nodes only `moved`."""

    graph: Graph
    moved: frozenset[str]
    boxes: dict[str, Box]
    wires: dict[Link, Wire]
    box_grid: Grid[str]
    wire_grid: Grid[Link]

    def fit(self, now: Mapping[str, Box]) -> bool:
        """Whether all these nodes look as they do now; then they lie over one another as they do now, too."""
        if any(box.face is not now[node].face for node, box in self.boxes.items()):
            return False
        for node, box in now.items():
            if self.boxes[node].z != box.z:
                self.boxes[node] = replace(self.boxes[node], z=box.z)
        return True


@dataclass(frozen=True, slots=True)
class Foresight:
    """A scene as it was, to work out beside the window what becomes of it: thousands of nodes that move at once take
    longer than a frame. Any thread."""

    graph: Graph
    boxes: Mapping[str, Box]
    wires: Mapping[Link, Wire]

    def ahead(self, graph: Graph) -> Ahead:
        """Where everything lies in `graph`, for `Scene.expect`."""
        boxes, wires = dict(self.boxes), dict(self.wires)
        box_grid: Grid[str] = Grid()
        wire_grid: Grid[Link] = Grid()
        moved = set()
        for node, box in self.boxes.items():
            old, new = self.graph.view.get(node, _NO_VIEW), graph.view.get(node, _NO_VIEW)
            if old is not new and same_looks(old, new):
                boxes[node] = Box.of(node, new.at, box.face, box.z)
                moved.add(node)
            box_grid.put(node, boxes[node].bounds)
        for link, wire in self.wires.items():
            wires[link] = wire.strung(boxes)
            wire_grid.put(link, wires[link].bounds)
        return Ahead(graph, frozenset(moved), boxes, wires, box_grid, wire_grid)
