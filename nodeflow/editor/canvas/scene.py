"""What lies on the canvas and where: boxes, wires, and fast answers about them.

    scene = Scene(catalog)
    scene.update(graph)              # builds only what differs from the graph before
    scene.hit((x, y), zoom)          # what is under a point
    scene.visible(rect)              # what a painter has to draw, lowest first

A `Box` is a `Face` put somewhere. A node that moved has another box with the same face; a node that changed has
another face: comparing with `is` tells a painter what to do, and `version` whether there is anything to do at all.
All coordinates are world units. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Literal, NamedTuple

from nodeflow.editor.canvas.boxes import Box, Wire, same_looks
from nodeflow.editor.canvas.facing import Facing
from nodeflow.editor.canvas.foresight import Ahead, Foresight
from nodeflow.editor.canvas.geometry import Point, Rect, wire_curve
from nodeflow.editor.canvas.grid import Grid
from nodeflow.editor.canvas.layout import (
    GAP,
    PAD,
    PORT_RADIUS,
    PORTS_ZOOM,
    ROWS_ZOOM,
    Face,
    FacePart,
    Measure,
    Side,
    approximate_width,
)
from nodeflow.editor.canvas.pads import EDGE_REACH, PadId, Pads
from nodeflow.graph import ANY, Catalog, Graph, Link, View, subgraphs
from nodeflow.graph.ways import Ways

HitKind = FacePart | Literal["port", "wire", "pad", "pad grip", "map", "empty"]

_PORT_REACH = 12.0
"""How near a press must be to a port, in screen pixels."""
_WIRE_REACH = 7.0
_NO_VIEW = View()


class Port(NamedTuple):
    """One port on the canvas."""

    node: str
    name: str
    side: Side

    def __str__(self) -> str:
        return f"{self.node}.{self.name}"


Onto = Port | Link
"""What a new node is to be wired to: a port, or a wire that it goes into."""


class Hit(NamedTuple):
    """What is under a point. `node` is set on every part of a node; `port`, `param`, `link` and `pad` where `kind` says
    so."""

    kind: HitKind
    node: str | None = None
    port: Port | None = None
    param: str | None = None
    link: Link | None = None
    pad: PadId | None = None


NOTHING = Hit("empty")


class Scene:
    """The boxes and wires of one graph. See the module's head."""

    def __init__(self, catalog: Catalog, measure: Measure = approximate_width) -> None:
        self._types = catalog
        self.catalog = catalog
        """The node types, with the subgraphs of the graph."""
        self.graph = Graph()
        self.version = 0
        self.pads = Pads()
        self.measure = lru_cache(maxsize=4096)(measure)
        self._facing = Facing(self.graph, catalog, Ways(self.graph, catalog), self.measure, {})
        self._boxes: dict[str, Box] = {}
        self._wires: dict[Link, Wire] = {}
        self._box_grid: Grid[str] = Grid()
        self._wire_grid: Grid[Link] = Grid()
        self._displaced: set[str] = set()
        self._renewed: set[str] = set()
        """Types that look otherwise than in the graph before."""
        self._exposed: set[str] = set()
        """Nodes of which uses of the subgraph set other parameters than before."""
        self._pads_displaced = False
        self._top = 0
        self._known: Ahead | None = None
        """What lies where in a graph that may come, or come again."""
        self._bounds: tuple[int, Rect | None] = (-1, None)
        """The version that they are of, and the bounds."""

    @property
    def boxes(self) -> Mapping[str, Box]:
        return MappingProxyType(self._boxes)

    @property
    def wires(self) -> Mapping[Link, Wire]:
        return MappingProxyType(self._wires)

    @property
    def rects(self) -> dict[str, Rect]:
        """What each node fills."""
        return {node: box.bounds for node, box in self._boxes.items()}

    @property
    def bounds(self) -> Rect | None:
        """What holds everything, or None where there is nothing."""
        if self._bounds[0] != self.version:
            pads = [pad.bounds for pad in self.pads.all.values()]
            self._bounds = self.version, Rect.around([*pads, *(box.bounds for box in self._boxes.values())])
        return self._bounds[1]

    # ---- what is there -------------------------------------------------------------------------------------------

    def update(self, graph: Graph) -> None:
        """Show `graph`. Nodes and views that are the same objects as before are left alone."""
        old, self.graph = self.graph, graph
        if old is graph and not self._displaced and not self._pads_displaced:
            return
        if old.groups is not graph.groups or old.notes is not graph.notes or self._pads_displaced:
            self.pads.update(graph)
            self._pads_displaced = False
        changed_links = set(old.links).symmetric_difference(graph.links) if old.links is not graph.links else set()
        displaced, self._displaced = self._displaced, set()
        touched = displaced | {end.node for link in changed_links for end in link}
        if old.nodes is not graph.nodes or old.view is not graph.view:
            touched |= _changed(old.nodes, graph.nodes) | _changed(old.view, graph.view)
        self._exposed = {end.node for _, end in old.exposed.items() ^ graph.exposed.items()}
        touched |= self._exposed
        known, alike = subgraphs(graph, self._types), self._facing.known
        if known.catalog is not self.catalog:
            before, self.catalog, alike = self.catalog, known.catalog, {}
            used = {node.type for node in graph.nodes.values()}
            self._renewed = {kind for kind in used if before.get(kind) != self.catalog.get(kind)}
            touched |= {name for name, node in graph.nodes.items() if node.type in self._renewed}
        self._facing = Facing(graph, self.catalog, known.ways(graph), self.measure, alike)
        if old.nodes is graph.nodes and not changed_links and not self._renewed and not self._exposed:
            touched -= self._foreseen(graph, None if displaced else old) or self._shift(touched, old)
        touched |= self._facing.handed_on(touched & graph.nodes.keys())
        for node in touched - graph.nodes.keys():
            self._boxes.pop(node, None)
            self._box_grid.drop(node)
        for node in [node for node in graph.nodes if node in touched]:  # in this order they lie over one another
            self._build(node, old)
        self._string(changed_links.union(self._links_of(touched)))
        self._renewed, self._exposed = set(), set()
        self.version += 1

    def foresight(self) -> Foresight:
        """What lies where now, for a thread that works out where it will lie."""
        return Foresight(self.graph, dict(self._boxes), dict(self._wires))

    def expect(self, ahead: Ahead) -> None:
        """Take what was worked out when that graph comes, if all looks the same until then."""
        self._known = ahead

    def place(self, places: Mapping[str, Point], pads: Mapping[PadId, Rect] | None = None) -> None:
        """Show these elsewhere for now. The graph does not change; the next `update` puts them where it says."""
        for node, at in places.items():
            self._put(node, at, self._boxes[node].face, self._boxes[node].z)
        self._displaced.update(places)
        self._draw_along(places)
        if pads:
            self.pads.place(pads)
            self._pads_displaced = True
        self.version += 1

    def raise_up(self, nodes: Iterable[str]) -> None:
        """Lay these nodes over all others, in the order they have among themselves."""
        for box in sorted((self._boxes[node] for node in nodes), key=_height):
            self._top += 1
            self._boxes[box.node] = replace(box, z=self._top)
        self.version += 1

    # ---- what is where -------------------------------------------------------------------------------------------

    def hit(self, point: Point, zoom: float = 1.0) -> Hit:
        """What a press at `point` means: a port before a box, a box before a wire, a wire before a pad.

        Of two boxes it is the upper one.
        """
        if zoom >= PORTS_ZOOM:
            port = self.port_near(point, min(max(_PORT_REACH / zoom, 8.0), 16.0))
            if port is not None:
                return Hit("port", port.node, port)
        box = self.box_at(point)
        if box is not None:
            part, param = box.face.part_at((point[0] - box.at[0], point[1] - box.at[1]), zoom)
            return Hit(part, box.node, param=param)
        wire = self.wire_near(point, _WIRE_REACH / zoom)
        if wire is not None:
            return Hit("wire", link=wire.link)
        pad = self.pads.at(point, zoom)
        if pad is None:
            return NOTHING
        edges = zoom >= ROWS_ZOOM and pad.edges_at(point, EDGE_REACH / zoom)
        return Hit("pad grip" if edges else "pad", pad=pad.id)

    def box_at(self, point: Point) -> Box | None:
        """The topmost box that holds `point`."""
        there = [box for box in self._boxes_near(Rect(*point, *point)) if box.bounds.contains(point)]
        return max(there, key=_height, default=None)

    def port_near(self, point: Point, reach: float, among: Container[Port] | None = None) -> Port | None:
        """The nearest port within `reach`, of those `among`, that the box under the point does not hide."""
        over = self.box_at(point)
        nearest: tuple[float, int, Port] | None = None
        for box in self._boxes_near(Rect(*point, *point).grown(reach)):
            if over is not None and box.z < over.z:
                continue
            for face in box.face.ports:
                dx, dy = box.at[0] + face.at[0] - point[0], box.at[1] + face.at[1] - point[1]
                found = (dx * dx + dy * dy, -box.z, Port(box.node, face.name, face.side))
                near = min(reach, PAD) if face.socket and among is None else reach  # the row itself begins there
                if found[0] > near * near or (nearest is not None and found >= nearest):
                    continue
                if among is None or found[2] in among:
                    nearest = found
        return nearest[2] if nearest else None

    def port_at(self, port: Port) -> Point | None:
        """Where the centre of a port is, or None if there is no such port."""
        box = self._boxes.get(port.node)
        return box.port_at(port.side, port.name) if box else None

    def kind_of(self, port: Port) -> str:
        """The kind of a port; Any where it is not known."""
        box = self._boxes.get(port.node)
        face = box and box.face.port(port.side, port.name)
        return face.kind if face else ANY

    def is_socket(self, port: Port) -> bool:
        """Whether it is a parameter that a wire may decide."""
        box = self._boxes.get(port.node)
        face = box.face.port(port.side, port.name) if box else None
        return face is not None and face.socket

    def feedback_of(self, node: str) -> str:
        """The input of a node that takes the value of the frame before, or ""."""
        schema = self.catalog.get(self.graph.nodes[node].type)
        return schema.feedback if schema else ""

    def ports(self) -> Iterable[Port]:
        """Every port on the canvas."""
        return (Port(box.node, port.name, port.side) for box in self._boxes.values() for port in box.face.ports)

    def wire_near(self, point: Point, reach: float) -> Wire | None:
        """The nearest wire within `reach`, of equal ones the first by name."""
        around = Rect(*point, *point).grown(reach)
        near = [
            (distance, wire.link, wire)
            for wire in self._wires_near(around)
            if wire.bounds.meets(around) and (distance := wire.curve.distance(point)) <= reach
        ]
        return min(near)[2] if near else None

    def boxes_in(self, rect: Rect) -> set[str]:
        """The nodes whose boxes meet `rect`."""
        return {box.node for box in self._boxes_near(rect) if box.bounds.meets(rect)}

    def wires_under(self, stroke: Sequence[Point]) -> set[Link]:
        """The links whose wires a stroke crosses."""
        if not stroke:
            return set()
        around = Rect.around(Rect(*point, *point) for point in stroke)
        return {wire.link for wire in self._wires_near(around) if wire.curve.crosses(stroke)} if around else set()

    def visible(self, rect: Rect) -> tuple[list[Box], list[Wire]]:
        """The boxes, lowest first, and the wires that may show in `rect`."""
        grown = rect.grown(PORT_RADIUS + GAP)
        boxes = [box for box in self._boxes_near(grown) if box.bounds.meets(grown)]
        return sorted(boxes, key=_height), [wire for wire in self._wires_near(grown) if wire.bounds.meets(grown)]

    # ---- inside --------------------------------------------------------------------------------------------------

    def _boxes_near(self, rect: Rect) -> Iterable[Box]:
        return map(self._boxes.__getitem__, self._box_grid.near(rect))

    def _wires_near(self, rect: Rect) -> Iterable[Wire]:
        return map(self._wires.__getitem__, self._wire_grid.near(rect))

    def _build(self, node: str, old_graph: Graph) -> None:
        graph, old = self.graph, self._boxes.get(node)
        view = graph.view.get(node, _NO_VIEW)
        into, out = graph.links_into(node), graph.links_from(node)
        if old is None:
            self._top += 1
        same = (
            old is not None
            and old_graph.nodes.get(node) is graph.nodes[node]
            and same_looks(old_graph.view.get(node, _NO_VIEW), view)
            and old_graph.links_into(node) == into
            and old_graph.links_from(node) == out
            and not old.face.dot
            and graph.nodes[node].type not in self._renewed
            and node not in self._exposed
        )
        face = old.face if same and old else self._facing.face(node, view, into, out)
        self._put(node, view.at, face, old.z if old else self._top)

    def _foreseen(self, graph: Graph, old: Graph | None) -> frozenset[str]:
        """Take over what is known of `graph`, and know from then on what lies where in `old`, if it does; which nodes
        moved with that."""
        known = self._known
        if known is None or known.graph is not graph or not known.fit(self._boxes):
            return frozenset()
        there = self._boxes, self._wires, self._box_grid, self._wire_grid
        self._known = Ahead(old, known.moved, *there) if old is not None else None
        self._boxes, self._wires = known.boxes, known.wires
        self._box_grid, self._wire_grid = known.box_grid, known.wire_grid
        return known.moved

    def _shift(self, nodes: Iterable[str], old: Graph) -> set[str]:
        """Take those of `nodes` that look as they did to where they lie now, and their wires along; which they are."""
        shifted = set()
        for node in nodes:
            box, view = self._boxes.get(node), self.graph.view.get(node, _NO_VIEW)
            if box is not None and same_looks(old.view.get(node, _NO_VIEW), view):
                self._put(node, view.at, box.face, box.z)
                shifted.add(node)
        self._draw_along(shifted)
        return shifted

    def _put(self, node: str, at: Point, face: Face, z: int) -> None:
        box = self._boxes[node] = Box.of(node, at, face, z)
        self._box_grid.put(node, box.bounds)

    def _links_of(self, nodes: Iterable[str]) -> set[Link]:
        graph = self.graph
        return {link for node in nodes for link in (*graph.links_into(node), *graph.links_from(node))}

    def _string(self, links: Iterable[Link]) -> None:
        """Draw the wires of `links` anew; take away those that the graph no longer has."""
        for link in links:
            wire = self._wire(link)
            if wire is None:
                self._wires.pop(link, None)
                self._wire_grid.drop(link)
            else:
                self._wires[link] = wire
                self._wire_grid.put(link, wire.bounds)

    def _draw_along(self, nodes: Iterable[str]) -> None:
        """Have the wires of these nodes, which only moved, end where they are now."""
        for link in self._links_of(nodes):
            wire = self._wires.get(link)
            if wire is not None and (strung := wire.strung(self._boxes)) is not wire:
                self._wires[link] = strung
                self._wire_grid.put(link, strung.bounds)

    def _wire(self, link: Link) -> Wire | None:
        """The wire of a link between two boxes, or None if the graph has no such link or no such boxes."""
        source, target = self._boxes.get(link.source.node), self._boxes.get(link.target.node)
        output = source and source.face.port("out", link.source.port)
        input_ = target and target.face.port("in", link.target.port)
        if not (source and target and output and input_ and link in self.graph.links_from(link.source.node)):
            return None
        start = source.at[0] + output.at[0], source.at[1] + output.at[1]
        end = target.at[0] + input_.at[0], target.at[1] + input_.at[1]
        fits = output.known and input_.known and self.catalog.connects(output.kind, input_.kind)
        converts = fits and output.kind != input_.kind and ANY not in (output.kind, input_.kind)
        unsure = not (source.face.known and target.face.known)
        curve = wire_curve(start, end)
        quiet = self._facing.ways.origin(link.source).why == "muted"
        return Wire(link, curve, curve.bounds, output.kind, converts, fits or unsure, quiet)


_height = attrgetter("z")
"""How far up a box lies."""


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    """The keys whose value is another object, or that are in only one of the two."""
    if old is new:
        return set()
    return {key for key, value in new.items() if old.get(key) is not value} | (old.keys() - new.keys())
