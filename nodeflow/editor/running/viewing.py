"""What the viewer of a sheet shows: which value, beside which other, how closely, and what is pinned. Pure.

    viewing.pin(Endpoint("pose", "poses"))       # into the strip, and it is what is shown from now on
    viewing.release()                            # show again what is selected
    viewing.compare(Endpoint("camera", "image"))  # one beside the other, a divider between them

A spot is an output of a node, or with the port "" the first of its values that can be pictured.
"""

from __future__ import annotations

from collections.abc import Container

from nodeflow.editor.running.lens import Lens
from nodeflow.graph import ANY, Catalog, Endpoint, Graph, NodeSchema

MOST_PINS = 8
DRAW = "Draw"
"""The category of nodes that draw what was found into a picture."""


class Viewing:
    """See the module's head. `held` is shown whatever is selected; `other` is what it is compared with."""

    def __init__(self) -> None:
        self.pins: tuple[Endpoint, ...] = ()
        self.held: Endpoint | None = None
        self.other: Endpoint | None = None
        self.divider = 0.5
        """Where the two meet, as a share of the room's width."""
        self.lens = Lens()
        self.counts = False
        """Whether there is a histogram."""
        self.bare = False
        """Whether pictures are shown without what was drawn into them."""
        self._ports: dict[str, str] = {}

    def spot(self, node: str) -> Endpoint:
        """What is shown of a node."""
        if self.held is not None and self.held.node == node:
            return self.held
        return Endpoint(node, self._ports.get(node, ""))

    def choose(self, node: str, port: str) -> None:
        """Show this output of a node from now on."""
        self._ports[node] = port
        if self.held is not None and self.held.node == node:
            self._replace(self.held, Endpoint(node, port))

    def pin(self, spot: Endpoint) -> None:
        """Put a value into the strip and hold it. The oldest pin makes room."""
        if spot not in self.pins:
            self.pins = (*self.pins, spot)[-MOST_PINS:]
        self.held = spot

    def unpin(self, spot: Endpoint) -> None:
        self.pins = tuple(pin for pin in self.pins if pin != spot)
        self.held = None if self.held == spot else self.held
        self.other = None if self.other == spot else self.other

    def hold(self, spot: Endpoint) -> None:
        """Show a pin; if that is shown already, show again what is selected."""
        self.held = None if self.held == spot else spot

    def release(self) -> None:
        self.held = None

    def compare(self, spot: Endpoint | None) -> None:
        """Show this beside what is shown; None for nothing."""
        self.other = spot

    def keep_only(self, nodes: Container[str]) -> None:
        """Forget what is no longer in the graph."""
        gone = {spot for spot in (*self.pins, self.held, self.other) if spot is not None and spot.node not in nodes}
        for spot in gone:
            self.unpin(spot)

    def _replace(self, old: Endpoint, new: Endpoint) -> None:
        self.pins = tuple(dict.fromkeys(new if pin == old else pin for pin in self.pins))
        self.held = new


def ground(shown: Endpoint, graph: Graph, catalog: Catalog) -> Endpoint | None:
    """The picture under everything that was drawn into the one that is shown; None if nothing was drawn into it."""
    at, drawn, seen = shown, False, set[str]()
    while at.node in graph.nodes and at.node not in seen:
        seen.add(at.node)
        schema = catalog.get(graph[at.node].type)
        draws = schema is not None and schema.category == DRAW
        if schema is None or not (draws or schema.sink or schema.passes):
            break
        fed = {link.target.port: link.source for link in graph.links_into(at.node)}
        kinds = ("Image",) if draws else ("Image", ANY)
        under = next((fed[port.name] for port in schema.inputs if port.kind in kinds and port.name in fed), None)
        if under is None:
            break
        at, drawn = under, drawn or draws
    return at if drawn else None


def counterpart(
    viewing: Viewing, shown: Endpoint, graph: Graph, schema: NodeSchema | None, pictured: Container[Endpoint]
) -> Endpoint | None:
    """What is worth comparing with what is shown: the last other pin that is a picture, or else what goes into its
    node. `pictured` are the pins that are pictures."""
    pins = [pin for pin in viewing.pins if pin != shown and pin in pictured]
    if pins:
        return pins[-1]
    sources = {link.target.port: link.source for link in graph.links_into(shown.node)}
    ports = [port.name for port in schema.inputs] if schema else []
    images = [port.name for port in schema.inputs if port.kind in ("Image", "Mask")] if schema else []
    return next((sources[port] for port in (*images, *ports) if port in sources), None)
