"""The gestures that make and unmake wires.

A wire drawn from a port lights up the ports it may go to, snaps to the nearest of them, and is made on release. Let go
right on a port where it cannot go, it says why. On a node it takes the first of that node's ports that fits. On empty
canvas it asks for a node to add. A wire drawn off an input that has one is that same wire, held by its end: dropped on
empty canvas it is gone. With Ctrl, all wires of an output are drawn off it together, to another output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.editor.canvas.boxes import Box
from nodeflow.editor.canvas.edits import link_between
from nodeflow.editor.canvas.geometry import Curve, Point, wire_curve
from nodeflow.editor.canvas.gestures import Gesture
from nodeflow.editor.canvas.layout import Side
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.graph import LIST, Endpoint, Graph, Link, try_connect, without_feedback

if TYPE_CHECKING:
    from nodeflow.editor.canvas.interaction import Interaction

_SNAP = 24.0
"""How near the pointer must come to a fitting port for the wire to snap to it, in screen pixels."""
_AIM = 6.0
"""How near it must be to any port to mean that one and no other."""


class Wiring(Gesture):
    """A new wire, from `port` to the pointer.

    `lit` are the ports that it may end at, `target` the one it would end at now, `end` where its loose end is, `curves`
    how it lies. `detached` are the links that were there before and are in hand.
    """

    goes_on = True
    detached: tuple[Link, ...] = ()

    def __init__(self, canvas: Interaction, port: Port, graph: Graph | None = None) -> None:
        super().__init__(canvas)
        self._graph = graph or canvas.graph
        self.port = port
        self.kind = canvas.scene.kind_of(port)
        self.lit = self._fitting()
        self.target: Port | None = None
        self.end = canvas.world

    @property
    def curves(self) -> tuple[Curve, ...]:
        start = self.canvas.scene.port_at(self.port) or self.end
        return (wire_curve(start, self.end) if self.port.side == "out" else wire_curve(self.end, start),)

    @property
    def ends_at(self) -> Side:
        """On which side of a node it may end."""
        return "in" if self.port.side == "out" else "out"

    def move(self) -> None:
        world = self.canvas.world
        self.target = self._target_at(world)
        self.end = (self.target and self.canvas.scene.port_at(self.target)) or world

    def release(self) -> None:
        aimed = self._aimed_at(self.canvas.world)
        box = self.canvas.scene.boxes[aimed.node] if aimed else self.canvas.scene.box_at(self.canvas.world)
        if self.target is not None:
            self._connect(self.target)
        elif box is None:
            self._drop()
        elif box.node != self.port.node:
            self._explain(box)

    def _connect(self, target: Port) -> None:
        link = link_between(self.port, target)
        problem = try_connect(self._graph, self.canvas.scene.catalog, link)
        if problem is not None:
            self.canvas.actions.refuse(f"{problem.message} {problem.hint}".strip(), self.canvas.world)
        elif link not in self.canvas.graph.links:
            names = self.canvas.names
            self.canvas.edit(f"Connect {names.end(link.source)} to {names.end(link.target)}", self._graph.connect(link))

    def _drop(self) -> None:
        """The wire was let go over empty canvas."""
        self.canvas.actions.open_search(self.canvas.world, self.port)

    def _explain(self, box: Box) -> None:
        """Say why the wire goes to none of the node's ports."""
        hit = self.canvas.hit().port
        others = [Port(box.node, port.name, port.side) for port in box.face.ports if port.side == self.ends_at]
        if hit is not None and hit.side != self.ends_at:
            self.canvas.actions.refuse(self._wrong_side, self.canvas.world)
        elif others:
            self._connect(hit or others[0])

    @property
    def _wrong_side(self) -> str:
        """Why it cannot end on the other side of a node."""
        ends = "inputs" if self.ends_at == "out" else "outputs"
        return f"Both are {ends}: a wire goes from an output to an input."

    def _fitting(self) -> frozenset[Port]:
        return fitting_ports(self.canvas.scene, self._graph, self.port)

    def _aimed_at(self, world: Point) -> Port | None:
        """The port of another node, on the side where it may end, that the pointer is right on."""
        near = self.canvas.scene.port_near(world, _AIM / self.canvas.viewport.zoom)
        return near if near and near.node != self.port.node and near.side == self.ends_at else None

    def _target_at(self, world: Point) -> Port | None:
        scene = self.canvas.scene
        aimed = self._aimed_at(world)
        if aimed is not None and aimed not in self.lit:
            return None
        hit = scene.hit(world, self.canvas.viewport.zoom)
        if hit.node and hit.param and (row := Port(hit.node, hit.param, "in")) in self.lit:
            return row
        box = scene.box_at(world)
        near = scene.port_near(world, _SNAP / self.canvas.viewport.zoom, self.lit)
        if near is not None or box is None:
            return near
        fitting = [port for face in box.face.ports if (port := Port(box.node, face.name, face.side)) in self.lit]
        return min(fitting, key=self._rank, default=None)

    def _rank(self, port: Port) -> tuple[bool, bool, bool]:
        """Ports before parameters, free inputs before others, then those of the very same kind."""
        scene = self.canvas.scene
        taken = any(link.target.port == port.name for link in self._graph.links_into(port.node))
        return scene.is_socket(port), port.side == "in" and taken, scene.kind_of(port) != self.kind


class Rewiring(Wiring):
    """A wire that is there already, taken off its input."""

    def __init__(self, canvas: Interaction, detached: Link) -> None:
        source = Port(detached.source.node, detached.source.port, "out")
        super().__init__(canvas, source, canvas.graph.disconnect(detached))
        self.detached = (detached,)

    def _drop(self) -> None:
        (link,) = self.detached
        names = self.canvas.names
        self.canvas.edit(f"Disconnect {names.end(link.source)} from {names.end(link.target)}", self._graph)


class Rehanging(Wiring):
    """All wires of an output, taken off it to be hung on another output, which has to fit all of them. Dropped on empty
    canvas they are gone."""

    def __init__(self, canvas: Interaction, port: Port, detached: tuple[Link, ...]) -> None:
        self.detached = detached
        super().__init__(canvas, port, canvas.graph.disconnect(*detached))

    @property
    def curves(self) -> tuple[Curve, ...]:
        inputs = (self.canvas.scene.port_at(Port(link.target.node, link.target.port, "in")) for link in self.detached)
        return tuple(wire_curve(self.end, at) for at in inputs if at is not None)

    @property
    def ends_at(self) -> Side:
        return "out"

    def _fitting(self) -> frozenset[Port]:
        inputs = (Port(link.target.node, link.target.port, "in") for link in self.detached)
        fitting = (fitting_ports(self.canvas.scene, self._graph, port) for port in inputs)
        return frozenset.intersection(*fitting) - {self.port}

    def _connect(self, target: Port) -> None:
        graph, source = self._graph, Endpoint(target.node, target.name)
        for link in self.detached:
            moved = Link(source, link.target)
            problem = try_connect(graph, self.canvas.scene.catalog, moved)
            if problem is not None:
                self.canvas.actions.refuse(f"{self.canvas.names.link(moved)}: {problem.message}", self.canvas.world)
                return
            graph = graph.connect(moved)
        self.canvas.edit(f"{self._words('Move')} to {self.canvas.names.end(source)}", graph)

    def _drop(self) -> None:
        self.canvas.edit(self._words("Disconnect"), self._graph)

    @property
    def _wrong_side(self) -> str:
        return "These wires are held where they begin: they go to another output."

    def _words(self, verb: str) -> str:
        count = len(self.detached)
        return f"{verb} {count} wire{'s' * (count != 1)} of {self.canvas.names.end(self.port)}"


def wiring_from(canvas: Interaction, port: Port, all_: bool = False) -> Wiring:
    """The gesture of a drag that begins on `port`; with `all_`, of one that takes all wires along."""
    links = wires_at(canvas.graph, port)
    if port.side == "in" and links and links[-1] in canvas.scene.wires:
        return Rewiring(canvas, links[-1])
    if port.side == "out" and links and all_:
        return Rehanging(canvas, port, links)
    return Wiring(canvas, port)


def wires_at(graph: Graph, port: Port) -> tuple[Link, ...]:
    """The links at a port."""
    if port.side == "in":
        return tuple(link for link in graph.links_into(port.node) if link.target.port == port.name)
    return tuple(link for link in graph.links_from(port.node) if link.source.port == port.name)


def fitting_ports(scene: Scene, graph: Graph, port: Port) -> frozenset[Port]:
    """The ports to which a wire from `port` may go: of the other side, of a kind that meets, and closing no loop but
    over the value of the frame before."""
    own = scene.boxes[port.node].face
    port_face = own.port(port.side, port.name)
    if port_face is None or not (port_face.known and own.known):
        return frozenset()
    ahead = without_feedback(graph, scene.catalog)
    if port.side == "out":
        behind = ahead.upstream([port.node])
    else:
        behind = set() if port.name == scene.feedback_of(port.node) else ahead.downstream([port.node])
    connects, kind = scene.catalog.connects, port_face.kind
    one = not kind.endswith(LIST)  # a parameter takes no list
    return frozenset(
        Port(box.node, other.name, other.side)
        for box in scene.boxes.values()
        if box.face.known
        for other in box.face.ports
        if other.known
        and other.side != port.side
        and (one or not other.socket)
        and not (port_face.socket and other.kind.endswith(LIST))
        and (connects(kind, other.kind) if port.side == "out" else connects(other.kind, kind))
        and (box.node not in behind or (other.side == "in" and other.name == scene.feedback_of(box.node)))
    )
