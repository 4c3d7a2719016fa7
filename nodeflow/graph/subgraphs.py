"""What the definitions of a graph come to: node types, to be checked, wired and shown as any other.

    known = subgraphs(graph, catalog)
    known.catalog.get("subgraph.soft_face")    # ports from its graph.input and graph.output nodes, parameters exposed

Ports stand in the order in which their nodes lie, from top to bottom. A port's kind is that of what it is wired to
inside, and an input is optional if nothing inside needs it. A definition that uses itself has no schema. What is made
is kept with the graph for as long as its definitions stay the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .definitions import SUBGRAPH, in_order
from .document import MAX_LINKS, MAX_NODES
from .model import Graph
from .names import Endpoint
from .parts import View
from .schema import INPUT, OUTPUT, Catalog, NodeSchema, ParamSchema, PortSchema
from .ways import Straight, Ways

CATEGORY = "Subgraphs"
MAX_DEPTH = 64
"""How deep uses may stand inside one another."""

_NO_VIEW = View()


@dataclass(frozen=True, slots=True)
class Size:
    """What one use of a definition comes to, taken apart: how many nodes, links (and parameters set), and how deep."""

    nodes: int = 0
    links: int = 0
    depth: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.nodes + other.nodes, self.links + other.links, max(self.depth, other.depth))

    @property
    def bounded(self) -> bool:
        return self.nodes <= MAX_NODES and self.links <= MAX_LINKS and self.depth <= MAX_DEPTH


@dataclass(frozen=True, slots=True)
class Subgraphs:
    """`catalog` knows the types of the uses too. `sizes` are those of the definitions that do not use themselves."""

    catalog: Catalog
    straight: Straight = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)

    def ways(self, graph: Graph) -> Ways:
        return Ways(graph, self.catalog, self.straight)


def subgraphs(graph: Graph, catalog: Catalog) -> Subgraphs:
    """What the definitions of `graph` come to, beside the types of `catalog`."""
    if not graph.definitions:
        return Subgraphs(catalog)
    kept = graph.derived.get("subgraphs")
    if kept is None or kept[0] is not catalog:
        kept = graph.derived["subgraphs"] = catalog, _made(graph.definitions, catalog)
    made: Subgraphs = kept[1]
    return made


def own_size(graph: Graph) -> Size:
    """What a graph comes to where none of its uses is taken apart."""
    uses = [node for node in graph.nodes.values() if node.type.startswith(SUBGRAPH)]
    return Size(len(graph.nodes), len(graph.links) + sum(len(use.params) for use in uses))


def _size(definition: Graph, sizes: Mapping[str, Size]) -> Size:
    size = own_size(definition)
    for node in definition.nodes.values():
        if node.type.startswith(SUBGRAPH) and (name := node.type.removeprefix(SUBGRAPH)) in sizes and size.bounded:
            size += sizes[name]
    return replace(size, depth=size.depth + 1)


def _made(definitions: Mapping[str, Graph], catalog: Catalog) -> Subgraphs:
    nodes, straight, sizes = dict(catalog.nodes), dict[str, Mapping[str, str]](), dict[str, Size]()
    known = Subgraphs(Catalog(nodes, catalog.conversions), straight, sizes)  # grows from definition to definition
    for name in in_order(definitions):
        definition, node_type = definitions[name], SUBGRAPH + name
        ways = known.ways(definition)
        nodes[node_type] = _schema(node_type, definition, ways)
        straight[node_type] = _straight(definition, ways)
        sizes[name] = _size(definition, sizes)
    return known


def _schema(node_type: str, definition: Graph, ways: Ways) -> NodeSchema:
    needed = _needed(definition, ways)
    return NodeSchema(
        type=node_type,
        title=definition.title or node_type.removeprefix(SUBGRAPH),
        category=CATEGORY,
        inputs=tuple(
            PortSchema(name, ways.port_kinds[name], name not in needed, title=_label(definition, name))
            for name in _ports(definition, INPUT)
        ),
        outputs=tuple(
            PortSchema(name, ways.kind_into(Endpoint(name, "value")), title=_label(definition, name))
            for name in _ports(definition, OUTPUT)
        ),
        params=tuple(_params(definition, ways)),
    )


def _ports(definition: Graph, node_type: str) -> list[str]:
    """The nodes that are ports of this side, as they lie: from top to bottom, then from left to right."""

    def place(name: str) -> tuple[float, float, str]:
        x, y = definition.view.get(name, _NO_VIEW).at
        return y, x, name

    return sorted((name for name, node in definition.nodes.items() if node.type == node_type), key=place)


def _label(definition: Graph, name: str) -> str:
    return definition.view.get(name, _NO_VIEW).label or ""


def _needed(definition: Graph, ways: Ways) -> set[str]:
    """The inputs that something inside cannot do without."""
    needed: set[str] = set()
    for name, node in definition.nodes.items():
        schema = ways.schema(name)
        if schema is None or node.mode != "on" or schema.passes:
            continue
        needs = {port.name for port in schema.inputs if not port.optional}
        for link in definition.links_into(name):
            if link.target.port in needs:
                end, why = ways.origin(link.source)
                if not why and _is(definition, end.node, INPUT):
                    needed.add(end.node)
    return needed


def _straight(definition: Graph, ways: Ways) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in _ports(definition, OUTPUT):
        before = ways.feeding(Endpoint(name, "value")) if definition.nodes[name].mode == "on" else None
        end, why = ways.origin(before) if before else (Endpoint(name, "value"), "unwired")
        if not why and _is(definition, end.node, INPUT):
            found[name] = end.node
    return found


def _is(definition: Graph, node: str, node_type: str) -> bool:
    return node in definition.nodes and definition.nodes[node].type == node_type


def _params(definition: Graph, ways: Ways) -> list[ParamSchema]:
    """The exposed parameters, each with what is set inside for a default. What sets nothing is left out: what is not
    there, and what a wire inside decides."""
    params = []
    for name, (node, inner) in sorted(definition.exposed.items()):  # as a file has them
        schema = ways.schema(node)
        param = schema.param(inner) if schema else None
        if param is not None and ways.feeding(Endpoint(node, inner)) is None:
            default = definition.nodes[node].params.get(inner, param.default)
            params.append(replace(param, name=name, default=default, essential=True))
    return params
