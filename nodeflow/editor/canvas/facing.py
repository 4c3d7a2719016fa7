"""How the nodes of one graph look in it: a face says which kinds come through a dot, and what a bypassed node joins.

    facing = Facing(graph, catalog, ways, measure)
    facing.face("pose", view, links_into, links_from)
    facing.handed_on({"pose"})       # whose looks follow from those of these

What a node is, its own face says (see layout.py); what its wires make of it is added here. Nodes that look alike share
a face, so that an edit of a thousand of them lays out a few. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from nodeflow.editor.canvas.layout import Face, Measure, make_face
from nodeflow.graph import ANY, INPUT, OUTPUT, Catalog, Endpoint, Graph, Link, NodeSchema, View
from nodeflow.graph.ways import Ways

Known = dict[tuple[object, ...], Face]
"""Faces by all that they show; those of one catalog."""
_MOST: Final = 4096
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Facing:
    """See the module's head."""

    graph: Graph
    catalog: Catalog
    ways: Ways
    measure: Measure
    known: Known

    def face(self, node: str, view: View, into: Iterable[Link], out: Iterable[Link]) -> Face:
        """The looks of a node with these links into and out of it."""
        inputs, outputs = frozenset(link.target.port for link in into), frozenset(link.source.port for link in out)
        key = self._key(node, view, inputs, outputs)
        face = self.known.get(key) if key else None
        if face is None:
            face = self._made(node, view, inputs, outputs)
            if key:
                if len(self.known) >= _MOST:
                    self.known.clear()
                self.known[key] = face
        return face

    def _key(self, node: str, view: View, inputs: frozenset[str], outputs: frozenset[str]) -> tuple[object, ...] | None:
        """All that the looks of a node follow from; None where they follow from other nodes, too."""
        made = self.graph.nodes[node]
        schema = self.catalog.get(made.type)
        if (schema is not None and schema.passes) or made.type in (INPUT, OUTPUT):
            return None
        if not all(type(value) in _PLAIN for value in made.params.values()):
            return None
        values = tuple([(name, repr(value)) for name, value in made.params.items()])  # 1, 1.0 and True read differently
        return (
            *(made.type, made.mode, values, inputs, outputs, self._exposed(node)),
            *(view.size, view.preview, view.collapsed, view.label),
        )

    def _made(self, node: str, view: View, inputs: frozenset[str], outputs: frozenset[str]) -> Face:
        made = self.graph.nodes[node]
        schema = self.catalog.get(made.type)
        face = make_face(made, schema, view, inputs, outputs, self.measure, self._exposed(node))
        if face.dot and schema:
            kind = self._kind_through(node, schema)
            return replace(face, ports=tuple(port._replace(kind=kind) for port in face.ports))
        if made.type in (INPUT, OUTPUT):
            end = Endpoint(node, "value")
            kind = self.ways.kind(end) if made.type == INPUT else self.ways.kind_into(end)
            title = f"{schema.title if schema else made.type}: {view.label or node}"
            face = replace(face, title=title, ports=tuple(port._replace(kind=kind) for port in face.ports))
        if made.mode == "on":
            return face
        joined = [(schema and self.catalog.handed_on(schema, port.name, inputs), port) for port in face.ports]
        through = [(way, port.name) for way, port in joined if way and port.side == "out" and made.mode == "bypassed"]
        return replace(face, mode=made.mode, through=tuple(through))

    def _exposed(self, node: str) -> frozenset[str]:
        """Its parameters that each use of the subgraph sets."""
        return frozenset([end.port for end in self.graph.exposed.values() if end.node == node])

    def handed_on(self, nodes: set[str]) -> set[str]:
        """The dots before and behind `nodes`, and the nodes on their other side: what they carry may be another kind,
        or nothing."""
        graph, found, waiting = self.graph, set[str](), list(nodes)
        while waiting:
            node = waiting.pop()
            ends = {link.target.node for link in graph.links_from(node)}
            ends |= {link.source.node for link in graph.links_into(node)}
            for end in ends - found - nodes:
                schema = self.ways.schema(end)
                if schema is not None and (schema.passes or self.ways.mode(end) == "bypassed"):
                    found.add(end)
                    waiting.append(end)
        return found

    def _kind_through(self, node: str, schema: NodeSchema) -> str:
        """What a dot carries: what comes into it, or while nothing does, what those behind it wait for."""
        kind = self.ways.kind(Endpoint(node, schema.outputs[0].name))
        if kind != ANY:
            return kind
        takers = self.ways.takers(link.target for link in self.graph.links_from(node))
        wanted = ((taker and taker.input(end.port)) for end in takers for taker in [self.ways.schema(end.node)])
        return next((port.kind for port in wanted if port and port.kind != ANY), ANY)
