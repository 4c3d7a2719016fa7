"""The gestures that move and resize things. A group takes along what it holds when the drag begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nodeflow.editor.canvas.edits import inserted, put_into
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.gestures import Gesture
from nodeflow.editor.canvas.guides import Guides, Line
from nodeflow.editor.canvas.layout import PREVIEW_HEIGHT_MIN, WIDTH_MIN, on_grid
from nodeflow.editor.canvas.pads import EDGE_REACH, GROUP_LEAST, NOTE_LEAST, PadId, fitted, moved
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Link, View

if TYPE_CHECKING:
    from nodeflow.editor.canvas.interaction import Interaction

_REACH = 5.0
"""How near a line must be for what is dragged to keep to it, in screen pixels."""
_SIZE_MAX = 4000.0
_PAD_MAX = 40_000.0


class DragNodes(Gesture):
    """Nodes, groups and notes that follow the pointer.

    `wire` is the link that a single loose node would be put into, `into` the group that what is grabbed would lie in,
    `guides` are the lines that what is grabbed keeps to, unless it goes by the grid or Alt is held.
    """

    goes_on = True

    def __init__(self, canvas: Interaction, start: Point, grabbed: str | PadId) -> None:
        super().__init__(canvas, start)
        scene = canvas.scene
        self._chosen = canvas.selection
        if grabbed not in (self._chosen.pads if isinstance(grabbed, PadId) else self._chosen.nodes):
            self._chosen = _only(grabbed)
        self._grabbed = grabbed
        nodes, pads = with_contents(canvas, self._chosen)
        self._from = {node: scene.boxes[node].at for node in nodes}
        self._pads_from = {id_: scene.pads.all[id_].bounds for id_ in pads}
        self._by: Point = (0.0, 0.0)
        self.wire: Link | None = None
        self.into: PadId | None = None
        self.guides: tuple[Line, ...] = ()
        around = scene.boxes_in(canvas.viewport.shown(canvas.size)) - self._from.keys()
        self._guides = Guides(scene.boxes[node].bounds for node in around)
        scene.raise_up(self._from)

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(self._from)

    def move(self) -> None:
        scene = self.canvas.scene
        dx, dy = self._way
        if self.snaps:
            x, y = self._bounds.left, self._bounds.top
            dx, dy = on_grid(x + dx) - x, on_grid(y + dy) - y
        self.guides = ()
        if not self.snaps and not self.canvas.held.alt:
            fit = self._guides.fit(self._bounds.moved(dx, dy), _REACH / self.canvas.viewport.zoom)
            dx, dy, self.guides = dx + fit.dx, dy + fit.dy, fit.lines
        self._by = dx, dy
        scene.place(self._to, {id_: rect.moved(dx, dy) for id_, rect in self._pads_from.items()})
        self.wire = self._wire_under()
        self.into = self._group_under()

    def release(self) -> None:
        if self._by == (0.0, 0.0):
            return
        dx, dy = self._by
        graph = moved(
            self.canvas.graph.move(self._to),
            {id_: (rect.left + dx, rect.top + dy) for id_, rect in self._pads_from.items()},
        )
        scene, grabbed, put = self.canvas.scene, self._grabbed, None
        if self.wire is not None and isinstance(grabbed, str):
            put = put_into(graph, scene.catalog, scene.rects, grabbed, scene.boxes[grabbed].bounds, self.wire)
        names = self.canvas.names
        if put is not None and self.wire is not None and isinstance(grabbed, str):
            self.canvas.edit(f"Insert {names.node(grabbed)} into {names.link(self.wire)}", put)
        else:
            self.canvas.edit(names.selected("Move", self._chosen), graph)

    @property
    def _to(self) -> dict[str, Point]:
        dx, dy = self._by
        return {node: (x + dx, y + dy) for node, (x, y) in self._from.items()}

    @property
    def _bounds(self) -> Rect:
        """Where what is grabbed lay."""
        if not isinstance(self._grabbed, str):
            return self._pads_from[self._grabbed]
        face = self.canvas.scene.boxes[self._grabbed].face
        return Rect.of(*self._from[self._grabbed], face.width, face.height)

    def _wire_under(self) -> Link | None:
        """The wire behind the middle of the dragged node, if there is one node and it fits in there."""
        scene, graph = self.canvas.scene, self.canvas.graph
        if len(self._from) != 1 or self._pads_from or not isinstance(self._grabbed, str):
            return None
        if graph.links_into(self._grabbed) or graph.links_from(self._grabbed):
            return None
        box = scene.boxes[self._grabbed].bounds
        wire = scene.wire_near(box.center, box.height / 2)
        fits = wire and inserted(graph, scene.catalog, self._grabbed, wire.link)
        return wire.link if wire and fits else None

    def _group_under(self) -> PadId | None:
        scene = self.canvas.scene
        if not isinstance(self._grabbed, str):
            return None
        group = scene.pads.around(scene.boxes[self._grabbed].bounds.center)
        return group.id if group and group.id not in self._pads_from else None


class Resizing(Gesture):
    """A node whose lower right corner follows the pointer."""

    def __init__(self, canvas: Interaction, start: Point, node: str) -> None:
        super().__init__(canvas, start)
        face = canvas.scene.boxes[node].face
        self._size = face.width, face.height
        self.node = node
        self._graph = canvas.graph

    def move(self) -> None:
        dx, dy = self._way
        width = min(max(self._size[0] + dx, WIDTH_MIN), _SIZE_MAX)
        height = min(max(self._size[1] + dy, PREVIEW_HEIGHT_MIN), _SIZE_MAX)
        if self.snaps:
            x, y = self.canvas.scene.boxes[self.node].at
            width, height = max(on_grid(x + width) - x, WIDTH_MIN), max(on_grid(y + height) - y, PREVIEW_HEIGHT_MIN)
        size = round(width, 1), round(height, 1)
        view = replace(self.canvas.graph.view.get(self.node, View()), size=size)
        self._graph = self.canvas.graph.set_view({self.node: view})
        self.canvas.scene.update(self._graph)

    def release(self) -> None:
        self.canvas.edit(f"Resize {self.canvas.names.node(self.node)}", self._graph)


class ResizingPad(Gesture):
    """A group or note of which an edge or a corner follows the pointer. What a group holds stays where it is."""

    def __init__(self, canvas: Interaction, start: Point, pad: PadId) -> None:
        super().__init__(canvas, start)
        self.pad = pad
        held = canvas.scene.pads.all[pad]
        self._from = held.bounds
        self._edges = held.edges_at(self._start, EDGE_REACH / canvas.viewport.zoom)
        self._graph = canvas.graph

    def move(self) -> None:
        dx, dy = self._way
        left, top, right, bottom = self._from
        least = GROUP_LEAST if self.pad.kind == "group" else NOTE_LEAST
        step = on_grid if self.snaps else float
        if "left" in self._edges:
            left = max(min(step(left + dx), right - least[0]), right - _PAD_MAX)
        elif "right" in self._edges:
            right = min(max(step(right + dx), left + least[0]), left + _PAD_MAX)
        if "top" in self._edges:
            top = max(min(step(top + dy), bottom - least[1]), bottom - _PAD_MAX)
        elif "bottom" in self._edges:
            bottom = min(max(step(bottom + dy), top + least[1]), top + _PAD_MAX)
        self._graph = fitted(self.canvas.graph, self.pad, Rect(left, top, right, bottom))
        self.canvas.scene.update(self._graph)

    def release(self) -> None:
        self.canvas.edit(f"Resize {self.canvas.names.pad(self.pad)}", self._graph)


def with_contents(canvas: Interaction, selection: Selection) -> tuple[frozenset[str], frozenset[PadId]]:
    """The selected nodes and pads, and what the selected groups hold."""
    scene = canvas.scene
    boxes = scene.rects if selection.pads else {}
    held = [scene.pads.contents(pad, boxes) for pad in selection.pads]
    nodes = selection.nodes.union(*(each.nodes for each in held))
    return nodes, selection.pads.union(*(each.pads for each in held))


def _only(grabbed: str | PadId) -> Selection:
    if isinstance(grabbed, PadId):
        return Selection(pads=frozenset({grabbed}))
    return Selection(frozenset({grabbed}))
