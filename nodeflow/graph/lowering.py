"""The graph that runs, made from the graph that a person drew.

What a person draws holds more than what runs: subgraphs, dots in wires, muted and bypassed nodes. `lowered` takes all
of it out, so that the engine knows nothing of it:

- A use of a subgraph becomes the nodes of its definition, by flat ids: "blur" inside "soft_face" is "soft_face/blur".
  Parameters set on the use take the place of those inside that they are exposed for, and so do wires to them.
- Dots and bypassed nodes are gone; wires lead from where the value is made to where it is used.
- Muted nodes are gone with their wires: a node that could not do without them is left with an unwired input.

A graph with none of these is returned as it is, after a look at each node. Uses of a definition that uses itself, and
uses that would make the graph larger than any may be, are taken out as if muted; `check` says so. Iterative: nothing
here depends on how deep uses stand inside one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .definitions import SUBGRAPH
from .model import Graph
from .names import INSIDE, Endpoint, Link
from .parts import Node
from .schema import PORT_NODES, Catalog, Json, NodeSchema
from .subgraphs import Subgraphs, own_size, subgraphs


def lowered(graph: Graph, catalog: Catalog) -> Graph:
    """`graph` with nothing in it but nodes that run; without views, groups and notes if anything had to be lowered."""
    if is_plain(graph, catalog):
        return graph
    lowering = _Lowering(subgraphs(graph, catalog), graph)
    return Graph.unchecked(lowering.running, lowering.links())


def is_plain(graph: Graph, catalog: Catalog) -> bool:
    """Whether `graph` runs as it is drawn."""
    for node_type in graph.by_type:
        if node_type.startswith(SUBGRAPH) or node_type in PORT_NODES:
            return False
        schema = catalog.get(node_type)
        if schema is not None and schema.passes:
            return False
    return {node.mode for node in graph.nodes.values()} <= {"on"}


def fitting_uses(graph: Graph, known: Subgraphs) -> set[str]:
    """The uses in `graph` itself that can be taken apart without its growing beyond bounds, in order of their ids."""
    fitting: set[str] = set()
    size = own_size(graph)
    for name in sorted(graph.nodes):
        node = graph.nodes[name]
        inside = known.sizes.get(node.type.removeprefix(SUBGRAPH)) if node.type.startswith(SUBGRAPH) else None
        if inside is not None and node.mode == "on" and (size + inside).bounded:
            size += inside
            fitting.add(name)
    return fitting


class _Level(NamedTuple):
    """A graph to take apart: what its flat ids begin with, and the parameters that are set from outside."""

    prefix: str
    graph: Graph
    params: Mapping[str, Mapping[str, Json]]


class _Lowering:
    """Everything by flat ids: the nodes that run, what is wired to each input, and the ways through the others."""

    def __init__(self, known: Subgraphs, graph: Graph) -> None:
        self.running: dict[str, Node] = {}
        self._catalog = known.catalog
        self._definitions = graph.definitions
        self._feeding: dict[Endpoint, list[Endpoint]] = {}
        self._passing: dict[str, NodeSchema] = {}
        self._uses: set[str] = set()
        self._ports: dict[str, Endpoint] = {}
        """The nodes that are ports, each with the port of the use that it is inside."""
        self._made: dict[Endpoint, Endpoint | None] = {}
        self._bypasses: dict[tuple[str, str], str | None] = {}
        fitting = fitting_uses(graph, known)
        waiting = [_Level("", graph, {})]
        while waiting:
            level = waiting.pop()
            for source, target in level.graph.links:
                to = Endpoint(level.prefix + target.node, target.port)
                self._feeding.setdefault(to, []).append(Endpoint(level.prefix + source.node, source.port))
            for name, node in level.graph.nodes.items():
                if name in level.params:
                    node = replace(node, params={**node.params, **level.params[name]})
                if not node.type.startswith(SUBGRAPH) or node.mode != "on":
                    self._take(level, name, node)
                elif name in fitting if level.graph is graph else node.type.removeprefix(SUBGRAPH) in known.sizes:
                    waiting.append(self._inside(level.prefix + name, node))

    def links(self) -> list[Link]:
        """The wires between the nodes that run."""
        made = ((self.maker(source), to) for to, sources in self._feeding.items() for source in sources)
        return [Link(source, to) for source, to in made if source is not None and to.node in self.running]

    def _take(self, level: _Level, name: str, node: Node) -> None:
        """Take a node that is not taken apart."""
        flat = level.prefix + name
        schema = self._catalog.get(node.type)
        if node.mode == "muted":
            return
        if node.type in PORT_NODES:
            if node.mode == "on":
                self._ports[flat] = Endpoint(level.prefix.removesuffix(INSIDE), name)
        elif schema is not None and (schema.passes or node.mode == "bypassed"):
            self._passing[flat] = schema
        elif node.mode == "on":
            self.running[flat] = node

    def _inside(self, flat: str, use: Node) -> _Level:
        """What is inside a use of a subgraph, by the parameters that are set on it."""
        self._uses.add(flat)
        definition = self._definitions[use.type.removeprefix(SUBGRAPH)]
        schema = self._catalog.get(use.type)
        sockets = {name for name in definition.exposed if schema and schema.socket(name)}
        params: dict[str, dict[str, Json]] = {}
        for name, (node, param) in definition.exposed.items():
            if name in use.params:
                params.setdefault(node, {})[param] = use.params[name]
            wired = self._feeding.get(Endpoint(flat, name))
            if wired and name in sockets:
                self._feeding[Endpoint(f"{flat}{INSIDE}{node}", param)] = wired
        return _Level(flat + INSIDE, definition, params)

    def maker(self, output: Endpoint) -> Endpoint | None:
        """Where the value of an output is made, by a node that runs; None if it gives nothing."""
        way: list[Endpoint] = []
        at: Endpoint | None = output
        while at is not None and at.node not in self.running:
            if at in self._made:
                at = self._made[at]
                break
            self._made[at] = None  # what comes here again went in a circle
            way.append(at)
            at = self._before(at)
        for passed in way:
            self._made[passed] = at
        return at

    def _before(self, output: Endpoint) -> Endpoint | None:
        """The output that is wired to what this one hands on."""
        if output.node in self._uses:
            port = f"{output.node}{INSIDE}{output.port}"
            return self._fed(Endpoint(port, "value")) if port in self._ports else None
        if output.node in self._ports:
            return self._fed(self._ports[output.node])
        if output.node not in self._passing:
            return None
        way = self._handed_on(output, self._passing[output.node])
        return self._fed(Endpoint(output.node, way)) if way else None

    def _handed_on(self, output: Endpoint, schema: NodeSchema) -> str | None:
        """The input that a dot or a bypassed node hands on to one of its outputs: the same to all of one kind."""
        port = schema.output(output.port)
        if schema.passes or port is None:
            return schema.inputs[0].name if schema.passes else None
        key = output.node, port.kind
        if key not in self._bypasses:
            wired = {port.name for port in schema.inputs if Endpoint(output.node, port.name) in self._feeding}
            self._bypasses[key] = self._catalog.handed_on(schema, output.port, wired)
        return self._bypasses[key]

    def _fed(self, input_: Endpoint) -> Endpoint | None:
        return next(iter(self._feeding.get(input_, ())), None)


def makers(graph: Graph, catalog: Catalog, outputs: Iterable[Endpoint]) -> dict[Endpoint, Endpoint]:
    """Which outputs of the lowered graph give what `outputs` give, all by flat ids; those that give nothing are left
    out."""
    lowering = _Lowering(subgraphs(graph, catalog), graph)
    found = {output: lowering.maker(output) for output in outputs}
    return {output: maker for output, maker in found.items() if maker is not None}
