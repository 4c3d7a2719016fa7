"""A node in place of another whose ports differ, with the links that still have somewhere to go.

graph = refitted(graph, catalog, "detector", Node("models.onnx(image: Image -> boxes: Detections)"))
"""

from __future__ import annotations

from .model import Graph
from .names import Endpoint, Link
from .parts import Node
from .schema import ANY, Catalog
from .subgraphs import subgraphs


def refitted(graph: Graph, catalog: Catalog, name: str, node: Node) -> Graph:
    """`graph` with `node` in place of the one called `name`.

    A link stays where the port is still there and fits. One whose port is gone goes to the first port that nothing is
    wired to and that fits; where there is none, it is taken away. Links of a type that nobody knows stay.
    """
    known = subgraphs(graph, catalog)
    before, schema = graph.nodes[name], known.catalog.get(node.type)
    graph = graph.with_nodes({name: node})
    if before.type == node.type or schema is None:
        return graph
    ways = known.ways(graph)
    into, out = graph.links_into(name), graph.links_from(name)
    moved: dict[Link, Link] = {}
    free = [port for port in schema.inputs if not any(link.target.port == port.name for link in into)]
    for link in into:
        given = ways.kind(link.source)
        fits = [
            port.name for port in (schema.input(link.target.port), *free) if port and catalog.connects(given, port.kind)
        ]
        if fits:
            moved[link] = Link(link.source, Endpoint(name, fits[0]))
            free = [port for port in free if port.name != fits[0]]
    for link in out:
        taker = ways.schema(link.target.node)
        wanted = taker.input(link.target.port) if taker else None
        kind = wanted.kind if wanted else ANY
        ports = (schema.output(link.source.port), *schema.outputs)
        fits = [port.name for port in ports if port and catalog.connects(port.kind, kind)]
        if fits:
            moved[link] = Link(Endpoint(name, fits[0]), link.target)
    gone = [link for link in (*into, *out) if moved.get(link) != link]
    return graph.disconnect(*gone).connect(*(moved[link] for link in gone if link in moved)) if gone else graph
